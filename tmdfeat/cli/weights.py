"""The command `tmdfeat weights`: list, download and import files of weights."""

from pathlib import Path
from typing import Annotated

import typer

from tmdfeat.cli.errors import errors_in_words

app = typer.Typer(
    no_args_is_help=True, help="List, download and import weights of pretrained networks."
)

NAMES = "e.g. resnet18, resnet50/IMAGENET1K_V1, resnet50/micronet, or an https address"


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also what can be downloaded.")] = False,
) -> None:
    """Show the files of weights on this machine, and whether they are whole."""
    with errors_in_words(flags={}):
        import pandas as pd

        from tmdfeat.deep.weights_folder import torch_folder, weights_folder
        from tmdfeat.deep.weights_table import list_weights

        typer.echo(f"weights folder: {weights_folder()}\ntorch's folder: {torch_folder()}")
        rows = list_weights(every=every)
        empty = "no weights here yet: see `tmdfeat weights download --help`"
        typer.echo(pd.DataFrame(rows).to_string(index=False) if rows else empty)


@app.command()
def download(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help=f"Which, {NAMES}.")],
) -> None:
    """Download weights into the weights folder; what broke off is gone on with."""
    with errors_in_words(flags={}):
        from tmdfeat.deep.weights import fetch
        from tmdfeat.deep.weights_sources import source_by_name

        for source in [source_by_name(name) for name in names]:
            typer.echo(f"{fetch(source)} is here, {_words(source.sha256 is not None)}")


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(help="A file, or a folder with files.")],
    name: Annotated[str | None, typer.Option(help=f"What the file is, {NAMES}.")] = None,
) -> None:
    """Copy files that came by hand into the weights folder, for machines without internet."""
    with errors_in_words(flags={}):
        from tmdfeat.deep.weights_import import import_folder, import_weights

        if path.is_dir() and name is not None:
            raise ValueError("--name says what one file is: import the folder without it.")
        imported = import_folder(path) if path.is_dir() else [import_weights(path, name)]
        for copied in imported:
            use = "" if copied.verified else f"; use it with weights={copied.path.name!r}"
            typer.echo(f"{copied.path} is here, {_words(copied.verified)}{use}")


def _words(verified: bool) -> str:
    if verified:
        return "verified by its hash"
    return "not verified: no hash of it was known (from now on what came is)"
