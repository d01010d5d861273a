"""The commands `tmdfeat cache info` and `tmdfeat cache clear`."""

import ast
import time
from pathlib import Path
from typing import Annotated

import typer

from tmdfeat.cli.errors import errors_in_words

DAY = 86400.0  # seconds
WIDTH = 100  # characters of a recipe
Folder = Annotated[Path, typer.Argument(help="Folder that was given as cache=...")]

app = typer.Typer(no_args_is_help=True, help="Look into a folder of kept features; clear it.")


@app.command()
def info(folder: Folder) -> None:
    """Say how much a cache folder holds, of what, and when it was used last."""
    from tmdfeat.cache.folder import LIMIT

    with errors_in_words():
        recipes = _open(folder).recipes()
        entries, size = sum(r.entries for r in recipes), sum(r.bytes for r in recipes)
        typer.echo(f"{folder}: {entries} results, {_bytes(size)}")
        typer.echo(f"limit: {_bytes(LIMIT)}, unless FolderCache(folder, limit=...) sets another")
        if not recipes:
            return
        oldest, last = min(r.first_used for r in recipes), max(r.last_used for r in recipes)
        typer.echo(f"used last: {_moment(last)}; unused for longest: {_moment(oldest)}\n")
        typer.echo("recipe  results        size  used last         what")
        for r in recipes:
            start = f"{r.number:6d} {r.entries:8d} {_bytes(r.bytes):>11}  {_moment(r.last_used)}"
            typer.echo(f"{start}  {_short(r.recipe)}")


@app.command()
def clear(
    folder: Folder,
    recipe: Annotated[int | None, typer.Option(help="Only this number of `cache info`.")] = None,
    older_than: Annotated[
        float | None, typer.Option(min=0, help="Only what was not used for so many days.")
    ] = None,
) -> None:
    """Forget kept features, all or some; they can be computed again."""
    with errors_in_words():
        store = _open(folder)
        numbers = [r.number for r in store.recipes()]
        if recipe is not None and recipe not in numbers:
            raise ValueError(f"there is no recipe {recipe} in {folder}; there are {numbers}.")
        dropped = store.clear(recipe, None if older_than is None else older_than * DAY)
        entries, size = store.size()
        typer.echo(f"{folder}: dropped {dropped} results, {entries} are left ({_bytes(size)})")


def _open(folder: Path):
    from tmdfeat.cache import FolderCache
    from tmdfeat.cache.database import FILE

    if not (folder / FILE).is_file():
        raise ValueError(f"{folder} holds no kept features: there is no {FILE} in it.")
    return FolderCache(folder)


def _bytes(number: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if number < 1024:
            return f"{number:.0f} B" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.1f} GiB"


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _short(recipe: str) -> str:
    """One line of a recipe: lists by their ends, hashes by their beginnings."""
    try:
        text = " ".join(_words(ast.literal_eval(recipe)))
    except ValueError:  # a number that Python writes as a name: inf, nan
        text = recipe
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def _words(recipe: tuple) -> list[str]:
    words = []
    for part in recipe:
        if isinstance(part, tuple) and len(part) > 6:
            words.append(f"{part[0]}...{part[-1]} ({len(part)})")
        elif isinstance(part, tuple):
            words += [f"({', '.join(_words(part))})"]
        elif isinstance(part, bytes):
            words.append(part.hex()[:8])
        else:
            text = str(part)
            words.append(text[:8] if len(text) >= 32 and text.isalnum() else text)
    return words
