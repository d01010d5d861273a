"""Sections of text, tables and figures -> one HTML file that needs nothing beside it."""

import base64
import io
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from jinja2 import Environment, PackageLoader
from matplotlib.figure import Figure


@dataclass(frozen=True)
class Section:
    """One part of a page.

    Parameters
    ----------
    title : str
    text : str, optional
        A paragraph in plain words; markup in it is shown, not obeyed.
    tables : sequence of DataFrame, optional
    figures : sequence of matplotlib Figure, optional
    """

    title: str
    text: str = ""
    tables: tuple[pd.DataFrame, ...] = ()
    figures: tuple[Figure, ...] = field(default=())


def write_page(path, title: str, sections, *, footer: str = "") -> Path:
    """Write one HTML page with its figures inside.

    Parameters
    ----------
    path : path
        File to write; an existing one is replaced.
    title : str
    sections : sequence of Section
    footer : str, optional
        Small print at the end, e.g. versions and settings.

    Returns
    -------
    Path

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> page = write_page(folder / "page.html", "Scores", [Section("Result", "0.8 < 0.9")])
    >>> "0.8 &lt; 0.9" in page.read_text(encoding="utf-8")
    True
    """
    environment = Environment(loader=PackageLoader("tmdfeat.report"), autoescape=True)
    environment.filters.update(table=_table, png=_png)
    template = environment.get_template("page.html.jinja")
    path = Path(path)
    path.write_text(
        template.render(title=title, sections=sections, footer=footer), encoding="utf-8"
    )
    return path


def _table(frame: pd.DataFrame) -> str:
    # to_html escapes the cells; border=0 leaves the looks to the page's style sheet.
    return frame.to_html(float_format="{:.3f}".format, border=0)


def _png(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
