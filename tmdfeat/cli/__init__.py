"""The `tmdfeat` command: reads arguments, calls the rooms, writes files."""

from typing import Annotated

import typer

from tmdfeat import __version__
from tmdfeat.cli import cache, weights
from tmdfeat.cli.backbones import backbones
from tmdfeat.cli.experiments import demo, evaluate

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Classify microscopy scans with latent and physical features, and see which drives it.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"tmdfeat {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Classify microscopy scans with latent and physical features, and see which drives it."""


app.command()(demo)
app.command()(evaluate)
app.command()(backbones)
app.add_typer(weights.app, name="weights")
app.add_typer(cache.app, name="cache")
