"""What was published on 1,026 scans of five materials comes out again, and a goal is tried on them.

Needs the folder of published features: ``python benchmarks/bench_published.py --data FOLDER``.
Takes about half an hour on one core; ``--repeats 1 --outer 1 --folds 1 --seeds 1`` a few minutes.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
import record
from published_baselines import baselines, low_data_curve
from published_goal import goal
from published_tables import (
    ORDER,
    audit,
    confusion,
    embeddings,
    held_out,
    modality,
    scores_of_counts,
    vectors,
)
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning

DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "tmd_features"


def reproduced(data: Path, table: dict) -> dict:
    """Split, embedding, confusion and modality: what is exact."""
    train, test = held_out(table["material"], table["sample_id"])
    scans = {m: int(np.sum(table["material"][test] == m)) for m in ORDER}
    points, _ = embeddings(data)["5"]
    found = PCA(3, svd_solver="full").fit_transform(table["finetuned"])
    r = [abs(np.corrcoef(found[:, i], points[:, i])[0, 1]) for i in range(3)]
    counts = confusion(data)
    return {
        "held_out_scans": scans,
        "training_scans": len(train),
        "correlation_of_components": [round(float(value), 6) for value in r],
        "confusion": {name: scores_of_counts(t, scans) for name, t in counts.items()},
        "confusion_row_sums": {
            name: t.sum(axis=1).round(3).to_dict() for name, t in counts.items()
        },
        "modality_rows": len(modality(data)),
    }


def main(data: Path, *, repeats=10, outer=2, folds=10, seeds=5, folder=record.RESULTS) -> Path:
    # Networks of a few dozen rounds are stopped early on purpose.
    warnings.simplefilter("ignore", ConvergenceWarning)
    table = vectors(data)
    results = {
        "data": "1,026 published ResNet18 vectors of scans, 626 samples, 5 materials",
        "audit": audit(table),
        "reproduced": reproduced(data, table),
        "goal": goal(table, repeats=repeats, outer=outer, folds=folds),
        "baselines": baselines(table, seeds),
        "low_data": low_data_curve(table, 4 * seeds),
    }
    path = record.write("published", results, folder)
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT)
    parser.add_argument("--repeats", type=int, default=10, help="to choose the recipe by")
    parser.add_argument("--outer", type=int, default=2, help="repeats of the nested folds")
    parser.add_argument("--folds", type=int, default=10, help="repeats over all scans")
    parser.add_argument("--seeds", type=int, default=5, help="of baselines that are random")
    arguments = vars(parser.parse_args())
    main(arguments.pop("data"), **arguments)
