"""One self-contained HTML page from results."""

from tmdfeat.report.page import Section, write_page

__all__ = ["Section", "write_page"]
