"""Transfer studies on simulated scans with the paper's imbalance: 2, 3, 4 and 5 materials.

``--design reduced`` (the default) runs on two cores in under half an hour, with surfacenet at 64
pixels; ``--design imagenet --weights FOLDER`` with MobileNetV2 and its ImageNet weights at 64
pixels; ``--design full`` is the published one (ResNet18 at 224 pixels, 59 epochs, 1,026 scans)
and wants a GPU and ImageNet weights. Runs are kept in ``--store``: a study that was stopped goes
on. Scans are simulated: scores say nothing about real films.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import record
from matplotlib import pyplot as plt
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from tmdfeat import CNNFeatures, FineTunedCNN
from tmdfeat.datasets import make_tmd_afm
from tmdfeat.deep import Rendering
from tmdfeat.plot import plot_low_data, plot_modalities
from tmdfeat.study import (
    PAPER_VOLUMES,
    Sequential,
    compare_transfer,
    modality_tables,
    summarize_transfer,
    transfer_strategies,
    transfer_study,
)

STAGES = [["MoS2", "WS2"], ["WSe2"], ["MoSe2"], ["Mo-WSe2"]]
SHARED = Path(__file__).parents[2] / "shared"
CACHE = Path(__file__).parent / "cache"


@dataclass(frozen=True)
class Design:
    """How large a study is."""

    scans: int
    pixels: int  # of the simulated scans
    network: FineTunedCNN
    strategies: Callable
    volumes: tuple = PAPER_VOLUMES
    targets: tuple = ("multiclass", "atoms")
    folds: int = 5
    reference: str = "pretrained"


def own(network: FineTunedCNN) -> dict:
    """Scratch, frozen, fine-tuned and sequential, of one network with weights of its own."""
    frozen = CNNFeatures(network.backbone, weights=network.weights, rendering=network.rendering)
    return {
        "scratch": clone(network).set_params(weights=None),
        "frozen": make_pipeline(frozen, StandardScaler(), SVC(C=10, class_weight="balanced")),
        "pretrained": network,
        "sequential": Sequential(network),
    }


def without_scratch(network: FineTunedCNN) -> dict:
    """Strategies that begin with what another network knows."""
    return {name: strategy for name, strategy in own(network).items() if name != "scratch"}


def design(name: str, weights: Path) -> Design:
    """The designs by name."""
    if name == "full":
        return Design(
            1026, 256, FineTunedCNN("resnet18"), transfer_strategies, reference="imagenet"
        )
    if name == "imagenet":
        network = FineTunedCNN(
            "mobilenet_v2",
            weights=str(weights / "mobilenet_v2.pth"),
            rendering=Rendering(size=64),
            lr=3e-4,
            max_epochs=15,
            batch_norm="frozen",  # these weights come with their batch norms folded away
        )
        return Design(400, 128, network, without_scratch, (None, (13, 3)), ("multiclass",))
    network = FineTunedCNN("surfacenet", rendering=Rendering(size=64), lr=3e-4, max_epochs=15)
    if name == "quick":
        network.set_params(max_epochs=1, rendering=Rendering(size=32))
        return Design(80, 32, network, own, (None,), ("multiclass",), 2)
    return Design(400, 128, network, own)


def scans(wanted: Design):
    """Levelled scans; growths are the groups, three to eight scans each where there are few."""
    return make_tmd_afm(
        wanted.scans, size=wanted.pixels, balance="paper", levelling="standard", random_state=0
    )


def tables(scores, reference: str) -> dict:
    """Means and paired differences as plain rows."""
    means = summarize_transfer(scores)
    differences = compare_transfer(scores, reference)
    plain = [table.astype(object).where(table.notna(), None) for table in (means, differences)]
    return {
        "means": plain[0].round(4).to_dict("records"),
        f"differences_to_{reference}": plain[1].round(4).to_dict("records"),
    }


def described(network: FineTunedCNN) -> str:
    """In one line, and without the place of a file."""
    weights = network.weights and Path(network.weights).name
    return " ".join(repr(clone(network).set_params(weights=weights)).split())


def draw(scores, folder: Path, name: str) -> None:
    """Bars as published, and curves over the volume."""
    multiclass = scores[scores["target"] == "multiclass"]
    bars = plot_modalities(modality_tables(multiclass))
    bars[0].figure.savefig(folder / f"{name}_bars.png", dpi=100)
    curves = plot_low_data(summarize_transfer(multiclass))
    curves[0].figure.savefig(folder / f"{name}_curves.png", dpi=100)
    plt.close("all")


def main(arguments=None) -> Path:
    parser = argparse.ArgumentParser(description=__doc__)
    designs = ("reduced", "imagenet", "full", "quick")
    parser.add_argument("--design", choices=designs, default="reduced")
    parser.add_argument("--weights", type=Path, default=SHARED / "weights")
    parser.add_argument("--store", type=Path, default=None)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=record.RESULTS)
    given = parser.parse_args(arguments)
    wanted = design(given.design, given.weights)
    data = scans(wanted)
    scores = transfer_study(
        data.images,
        data.target,
        data.groups,
        stages=STAGES,
        strategies=wanted.strategies(wanted.network),
        targets=wanted.targets,
        n_new=wanted.volumes,
        n_splits=wanted.folds,
        store=given.store or CACHE / f"transfer_{given.design}",
        n_jobs=given.jobs,
    )
    name = f"transfer_study_{given.design}"
    scores.to_csv(given.folder / f"{name}.csv", index=False, float_format="%.5g")
    draw(scores, given.folder, name)
    found = {
        "data": f"{wanted.scans} simulated scans of {len(set(data.groups))} growths, imbalance "
        "as published",
        "network": described(wanted.network),
        "runs": len(scores),
        "minutes_of_fits": round(float(scores["seconds"].sum()) / 60, 1),
        "at_once": given.jobs,
        **tables(scores, wanted.reference),
    }
    path = record.write(name, found, given.folder)
    print(summarize_transfer(scores).to_string(), flush=True)
    return path


if __name__ == "__main__":
    main()
