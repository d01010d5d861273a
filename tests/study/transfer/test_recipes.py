import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tmdfeat import HeightMap
from tmdfeat.gate import check_images
from tmdfeat.study.transfer.recipes import describe, row_digests

PIPE = """
from sklearn.pipeline import make_pipeline
from sklearn.neighbors import KNeighborsClassifier
from tmdfeat import CNNFeatures
from tmdfeat.deep import Rendering
from tmdfeat.study.transfer.recipes import describe
pipe = make_pipeline(CNNFeatures(rendering=Rendering(size=64)), KNeighborsClassifier())
"""


def test_words_are_the_same_in_every_process():
    namespace: dict = {}
    exec(PIPE, namespace)
    command = [sys.executable, "-c", PIPE + "print(describe(pipe))"]
    other = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert other == namespace["describe"](namespace["pipe"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KNeighborsClassifier(2), KNeighborsClassifier(3)),
        (make_pipeline(PCA(2)), make_pipeline(PCA(3))),
        (make_pipeline(PCA(2)), make_pipeline(StandardScaler(), PCA(2))),
        ((1, 2), (1, 2.0)),
        ({"a": 1}, {"a": 2}),
        (lambda x: x + 1, lambda x: x + 2),
        (lambda x: len(x), lambda x: sum(x)),
        (lambda x, k=2: x * k, lambda x, k=3: x * k),
        (lambda x, *, k=2: x * k, lambda x, *, k=3: x * k),
        (lambda x: max(x, key=lambda i: i % 3), lambda x: max(x, key=lambda i: i % 2)),
        (KNeighborsClassifier(2).predict, KNeighborsClassifier(3).predict),
        (partial(int, base=2), partial(int, base=3)),
        (PCA(1), PCA(1).fit(np.eye(3))),
        (np.arange(3), np.arange(4)),
    ],
)
def test_different_things_are_described_differently(one, other):
    assert describe(one) != describe(other)
    assert describe(one) == describe(one)


def test_where_results_are_kept_does_not_matter():
    from tmdfeat import CNNFeatures

    assert describe(CNNFeatures(cache=None)) == describe(CNNFeatures(cache="memory"))
    assert describe(KNeighborsClassifier(n_jobs=1)) == describe(KNeighborsClassifier(n_jobs=2))


def test_files_to_start_from_count_by_their_content(tmp_path):
    from study.transfer.fakes import FakeNetwork

    words = []
    for name, text in (("a", "one"), ("b", "one"), ("a", "two")):
        (tmp_path / name).write_text(text)
        words.append(describe(FakeNetwork(init_from=tmp_path / name)))
    assert words[0] == words[1] != words[2]


@pytest.mark.parametrize("kind", ["images", "table", "frame", "paths"])
def test_rows_are_told_apart_by_content(kind):
    import pandas as pd

    if kind == "images":
        z = np.eye(4)
        maps = [HeightMap(z), HeightMap(z.copy()), HeightMap(z, pixel_size=2.0), HeightMap(2 * z)]
        X, alike = check_images(maps), (0, 1)
    else:
        rows = np.array([[1.0, 2], [1, 2], [2, 1], [1, 3]])
        X = {"table": rows, "frame": pd.DataFrame(rows), "paths": ["a", "a", "b", "c"]}[kind]
        alike = (0, 1)
    digests = row_digests(X)
    if kind != "frame":
        assert digests[alike[0]] == digests[alike[1]]
    assert len({digest.tobytes() for digest in digests[1:]}) == 3


def test_a_function_that_calls_itself_is_described():
    def outer():
        def factorial(n):
            return n * factorial(n - 1) if n else 1

        return factorial

    assert describe(outer()) == describe(outer())


def test_sets_in_functions_are_the_same_in_every_process():
    code = (
        "from tmdfeat.study.transfer.recipes import describe\n"
        "print(describe(lambda x: x in {'MoS2', 'WS2', 'WSe2', 'MoSe2', 'Mo-WSe2'}))"
    )
    words = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert words[0] == words[1]


@pytest.mark.parametrize("kind", [str, Path])
def test_files_that_others_read_count_by_their_content(tmp_path, kind):
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text("1")
    before = row_digests([kind(path) for path in paths])
    paths[1].write_text("2")
    after = row_digests([kind(path) for path in paths])
    assert before[0] == after[0]
    assert before[1] != after[1]
