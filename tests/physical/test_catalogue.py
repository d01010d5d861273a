import re
import subprocess
import sys
from pathlib import Path

import pytest

from tmdfeat.physical.catalogue import DESCRIPTORS, FAMILIES, describe, markdown

PAGE = Path(__file__).parents[2] / "docs/descriptors.md"
PUBLISHED = {
    "paper_rms_roughness",
    "paper_step_edges",
    "paper_defect_density",
    "paper_anisotropy",
    "paper_local_variation",
    "paper_dog_blobs",
    "paper_contrast",
    "paper_dissimilarity",
    "paper_homogeneity",
    "paper_energy",
    "paper_correlation",
    "paper_asm",
    "paper_grain_size",
    "paper_grain_density",
}


@pytest.mark.parametrize("scale", ["nm", "px"])
def test_columns_are_unique_and_valid_everywhere(scale):
    columns = [d.column(scale) for d in DESCRIPTORS.values()]
    assert len(set(columns)) == len(columns)
    assert all(re.fullmatch(r"\w+", column, re.ASCII) for column in columns)


def test_names_are_unique():
    from tmdfeat.physical import catalogue

    listed = [d.name for file in catalogue._FILES for d in file.DESCRIPTORS]
    assert sorted(listed) == sorted(DESCRIPTORS)


def test_lengths_differ_between_the_scales():
    for descriptor in DESCRIPTORS.values():
        same = descriptor.column("nm") == descriptor.column("px")
        assert same == (not descriptor.needs), descriptor.name


def test_the_fourteen_published_quantities_are_there():
    assert {d.name for d in DESCRIPTORS.values() if d.family == "paper"} == PUBLISHED


def test_every_descriptor_says_what_it_is_and_where_it_comes_from():
    for descriptor in DESCRIPTORS.values():
        assert descriptor.summary.endswith("."), descriptor.name
        assert descriptor.source, descriptor.name


def test_the_catalogue_cannot_be_written_to():
    with pytest.raises(TypeError):
        DESCRIPTORS["mine"] = None


def test_describe_lists_every_descriptor_once():
    table = describe()
    assert list(table.index) == list(DESCRIPTORS)
    assert table.loc["Sq", "column"] == "Sq_nm"
    assert table.loc["Sq", "column_px"] == "Sq_rel"
    assert table.loc["paper_grain_density", "column"] == "paper_grain_density_per_px"
    assert list(table["family"].unique()) == list(FAMILIES)


def test_the_page_in_docs_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "run: python -m tmdfeat.physical.catalogue > docs/descriptors.md"
    )


def test_the_module_prints_the_page():
    command = [sys.executable, "-W", "error", "-m", "tmdfeat.physical.catalogue"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout == markdown()
