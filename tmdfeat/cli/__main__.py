"""``python -m tmdfeat.cli``."""

from tmdfeat.cli import app

app()
