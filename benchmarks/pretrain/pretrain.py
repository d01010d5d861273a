"""Train surfacenet from nothing: draw surfaces, train, keep log and curves, write the weights.

    python benchmarks/pretrain/pretrain.py --ship

is how the weights in the package were made: under two hours on two cores. The same command uses
a GPU where torch sees one; give it more ``--surfaces`` and ``--views`` there. A run that was
stopped goes on where it was. ``--compare`` trains small networks with each choice of signals and
measures what they know about families of surfaces that they never saw.
"""

import argparse
import hashlib
import sys
from dataclasses import asdict, replace
from pathlib import Path

import torch

BENCHMARKS = Path(__file__).parents[1]
sys.path.append(str(BENCHMARKS))

import record  # noqa: E402
from curves import draw_curves  # noqa: E402
from export import export  # noqa: E402
from recipe import Recipe  # noqa: E402
from signals import SIGNALS  # noqa: E402
from store import make_store, open_store  # noqa: E402
from train import train  # noqa: E402
from transfer import transfer  # noqa: E402

from tmdfeat.deep.surfacenet import SurfaceNet  # noqa: E402

PACKAGED = BENCHMARKS.parent / "tmdfeat" / "deep" / "data" / "surfacenet.safetensors"
PICTURE = BENCHMARKS.parent / "docs" / "images" / "surfacenet_training.png"
# One family of each kind that trainings are compared by
HELD_OUT = (
    *("scaly", "foam", "bimodal_particles", "pyramids", "worms", "boundary_network"),
    *("islands", "cracks", "branches"),
)
COMPARED = (
    ("kinds",),
    ("physics",),
    ("agreement",),
    ("kinds", "physics"),
    ("kinds", "agreement"),
)


def main(arguments: list[str] | None = None) -> None:
    options = parsed(arguments)
    recipe = Recipe(
        signals=tuple(options.signals.split(",")),
        surfaces=options.surfaces,
        views=options.views,
        seed=options.seed,
    )
    processes = 1 if torch.cuda.is_available() else options.processes
    make_store(options.folder / "surfaces", recipe.surfaces, recipe.seed, n_jobs=options.processes)
    if options.compare:
        compare(
            options.folder,
            replace(recipe, held_out=HELD_OUT),
            processes,
            options.results or record.RESULTS,
        )
    else:
        make(options.folder, recipe, processes, options)


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=BENCHMARKS / "cache" / "pretrain")
    parser.add_argument("--surfaces", type=int, default=Recipe.surfaces)
    parser.add_argument("--views", type=int, default=Recipe.views)
    parser.add_argument("--signals", default=",".join(Recipe.signals), help=", ".join(SIGNALS))
    parser.add_argument("--processes", type=int, default=2, help="one for each core")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--compare", action="store_true", help="compare signals instead")
    parser.add_argument("--ship", action="store_true", help="write the weights into the package")
    parser.add_argument("--results", type=Path, help="folder of log and settings")
    return parser.parse_args(arguments)


def make(folder: Path, recipe: Recipe, processes: int, options: argparse.Namespace) -> None:
    """Train one network, and write its weights, its log and its curves."""
    output = folder / f"seed_{recipe.seed}"
    trained = train(folder / "surfaces", recipe, output, processes)
    weights = PACKAGED if options.ship else output / "surfacenet.safetensors"
    export(trained, weights)
    results = options.results or (record.RESULTS if options.ship else output)
    log = (output / "log.csv").read_text(encoding="utf-8")
    (results / "surfacenet_training.csv").write_text(log, encoding="utf-8")
    draw_curves(output / "log.csv", PICTURE if options.ship else output / "curves.png")
    about = {
        "recipe": asdict(recipe),
        "processes": processes,
        "device": "cuda" if torch.cuda.is_available() else "cpu",
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    record.write("surfacenet_training", about, results)


def compare(folder: Path, recipe: Recipe, processes: int, results: Path) -> None:
    """Train with each choice of signals, equally many views, and measure the transfer."""
    store, rows = open_store(folder / "surfaces"), []
    for signals in COMPARED:
        output = folder / "compared" / "_".join(signals)
        one = replace(recipe, signals=signals)
        trained = train(folder / "surfaces", one, output, processes)
        network = SurfaceNet()
        network.load_state_dict(torch.load(trained, weights_only=True))
        rows.append({"signals": signals, **transfer(network, store, recipe.held_out)})
        print(rows[-1])
    torch.manual_seed(recipe.seed)
    untrained = transfer(SurfaceNet(), store, recipe.held_out)
    about = {"recipe": asdict(recipe), "untrained": untrained, "trained": rows}
    record.write("surfacenet_signals", about, results)


if __name__ == "__main__":
    main()
