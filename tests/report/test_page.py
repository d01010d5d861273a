import base64
import re

import pandas as pd
from matplotlib.figure import Figure

from tmdfeat.report import Section, write_page


def figure():
    figure = Figure()
    figure.subplots().plot([0, 1])
    return figure


def page(tmp_path, *sections):
    return write_page(tmp_path / "page.html", "A <title>", sections).read_text(encoding="utf-8")


def test_text_and_cells_are_escaped(tmp_path):
    table = pd.DataFrame({"file": ["<script>alert(1)</script>"]})
    text = page(tmp_path, Section("<b>", "a < b", tables=(table,)))
    assert "<script>" not in text
    assert "<b>" not in text
    assert "a &lt; b" in text
    assert "A &lt;title&gt;" in text


def test_figures_are_pngs_inside_the_page(tmp_path):
    text = page(tmp_path, Section("Figures", figures=(figure(), figure())))
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', text)
    assert len(pictures) == 2
    assert base64.b64decode(pictures[0]).startswith(b"\x89PNG")


def test_the_page_asks_nothing_of_the_network(tmp_path):
    text = page(tmp_path, Section("Figures", figures=(figure(),)))
    assert not re.findall(r'(?:src|href)="(?!data:)', text)


def test_numbers_have_three_decimals(tmp_path):
    assert "0.333" in page(tmp_path, Section("T", tables=(pd.DataFrame({"x": [1 / 3]}),)))
