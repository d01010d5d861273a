"""Send collections through networks and judge the features, keeping both in a folder."""

from hashlib import sha256
from pathlib import Path

import joblib
import numpy as np
import paired
import probe
from contests import Collection, Contest

from tmdfeat import CNNFeatures
from tmdfeat.cache import FolderCache

RULES = ("chosen", "fixed")  # how C came about; the order of `probe.judge`
LIMIT = 8 * 2**30


class Judge:
    """Judges ways in contests; a way is a list of networks that differ by seed alone."""

    def __init__(self, folder: Path, n_jobs: int):
        self._features = FolderCache(folder / "features", limit=LIMIT)
        self._answers = folder / "answers"
        self._tables: dict[tuple[CNNFeatures, Collection], np.ndarray] = {}
        self._n_jobs = n_jobs

    def right(self, way: list[CNNFeatures], contest: Contest) -> tuple[list, np.ndarray]:
        """Return all values of C, and what is right: the mean over the way's networks."""
        found = [self._one(network, contest) for network in way]
        strengths = [C for chosen, _ in found for C in chosen]
        return strengths, np.mean([right for _, right in found], axis=0)

    def _one(self, network: CNNFeatures, contest: Contest) -> tuple[list, np.ndarray]:
        train, test = (self._part(network, side) for side in (contest.train, contest.test))
        name = joblib.hash((*train, *test, contest.folds, _code()))
        path = self._answers / f"{name}.joblib"
        if not path.is_file():
            self._answers.mkdir(parents=True, exist_ok=True)
            joblib.dump(probe.judge(train, test, contest.folds, self._n_jobs), path)
        return joblib.load(path)

    def _part(self, network: CNNFeatures, collection: Collection) -> probe.Part:
        key = network, collection
        if key not in self._tables:
            network.set_params(cache=self._features, n_jobs=self._n_jobs)
            self._tables[key] = network.fit_transform(collection.images)
        return probe.Part(self._tables[key], collection.labels, collection.groups)


def compare(contest: Contest, ways: dict[str, list], reference: str, judge: Judge) -> dict:
    """Score each way, and its difference from the reference in the same folds."""
    found = {name: judge.right(way, contest) for name, way in ways.items()}
    rows: dict[str, dict] = {}
    for name, (strengths, right) in found.items():
        rows[name] = {"median_C": float(np.median(strengths))}
        for rule, ours, theirs in zip(RULES, right, found[reference][1], strict=True):
            gap = _interval(ours - theirs, contest)
            rows[name][rule] = {**_interval(ours, contest), "minus_reference": gap}
    return {
        "metric": "balanced accuracy" if contest.balanced else "accuracy",
        "classes": len(np.unique(contest.test.labels)),
        "images_to_train_on": round(float(np.mean([len(fit) for _, fit, _ in contest.folds]))),
        "images_tested": len({int(i) for _, _, held in contest.folds for i in held}),
        "ways": rows,
    }


def _interval(right: np.ndarray, contest: Contest) -> dict:
    test = contest.test
    return paired.interval(right, test.labels, test.groups, balanced=contest.balanced)


def _code() -> str:
    # Another probe, other answers.
    return sha256(Path(probe.__file__).read_bytes()).hexdigest()
