"""Imports go one way: each room may use the rooms before it, and none beside or behind it."""

import ast
from pathlib import Path

import pytest

import tmdfeat

PACKAGE = Path(tmdfeat.__file__).parent
ORDER = [
    {"parameters"},
    {"heightmap", "cache", "workers"},
    {"io"},
    {"gate"},
    {"base", "targets"},
    {"preprocess"},
    {"physical", "deep", "datasets"},
    {"pipelines", "evaluate", "explain"},
    {"plot", "study"},
    {"report"},
    {"cli"},
]
HOMES = {name: home.split(".")[1] for name, home in tmdfeat._HOMES.items()}  # lazy public names
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imported(source, path):
    """Every module a file imports, anywhere in it, by its full name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = list(path.relative_to(PACKAGE.parent).parts)
            base = parts[: len(parts) - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def against_the_arrows(source, path):
    """The rooms that a file in `path` imports although it must not."""
    room = room_of(path)
    names = (name.split(".") for name in imported(source, path) if name.startswith("tmdfeat."))
    used = {HOMES.get(parts[1], parts[1]) for parts in names} & set(RANK) - {room}
    return sorted(other for other in used if RANK[other] >= RANK[room])


def test_every_room_has_its_place():
    assert {room_of(path) for path in FILES} <= set(RANK), "put the new room into ORDER"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path):
    assert against_the_arrows(path.read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_deep_room_imports_torch(path):
    tops = {name.split(".")[0] for name in imported(path.read_text(encoding="utf-8"), path)}
    assert room_of(path) == "deep" or not tops & {"torch", "torchvision"}


@pytest.mark.parametrize(
    ("source", "where", "caught"),
    [
        ("from tmdfeat.cli import app", "gate.py", ["cli"]),
        ("def f():\n    import tmdfeat.explain.shares", "evaluate/folds.py", ["explain"]),
        ("def f():\n    from tmdfeat import evaluate", "physical/height.py", ["evaluate"]),
        ("from ..plot import maps", "deep/cache.py", ["plot"]),
        ("from . import cli", "gate.py", ["cli"]),
        ("from tmdfeat import CNNFeatures", "preprocess/level.py", ["deep"]),
        ("from tmdfeat.physical.height import Sq", "deep/cache.py", ["physical"]),
        ("from tmdfeat import HeightMap\nfrom tmdfeat.gate import Images", "deep/cache.py", []),
        ("from .cache import get\nimport tmdfeat.deep.weights", "deep/network.py", []),
    ],
)
def test_the_check_catches(source, where, caught):
    assert against_the_arrows(source, PACKAGE / where) == caught
