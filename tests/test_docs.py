"""What the pages say runs, in the order in which a reader meets it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def name(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", [p for p in PAGES if CODE.search(p.read_text("utf-8"))], ids=name)
def test_code_blocks_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    namespace: dict = {}
    for block in CODE.finditer(text):
        line = text[: block.start()].count("\n") + 1
        code = "\n" * line + block[1]  # so that a traceback points into the page
        exec(compile(code, str(page), "exec"), namespace)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{name(page)} links to {target}"


def test_the_readme_has_code():
    assert CODE.search((ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_results_page_says_what_was_measured(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import results_page

    assert results_page.PAGE.read_text(encoding="utf-8") == results_page.page()


def test_every_family_has_its_picture(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs" / "images")
    import draw_families

    from tmdfeat.physical.catalogue import FAMILIES

    assert set(draw_families.SHOWN) == set(FAMILIES)
    assert (ROOT / "docs" / "families.md").read_text(encoding="utf-8") == draw_families.page()
