"""The commands `tmdfeat demo` and `tmdfeat evaluate`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tmdfeat.cli.errors import errors_in_words

Preset = StrEnum("Preset", ["none", "plane", "standard", "paper"])
Scale = StrEnum("Scale", ["nm", "px"])


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("demo-results"),
    scans: Annotated[int, typer.Option(min=45, help="How many synthetic scans.")] = 120,
    size: Annotated[int, typer.Option(min=64, help="Pixels along each side.")] = 128,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
) -> None:
    """Run the whole chain on synthetic scans, with the network that comes along."""
    from tmdfeat.datasets import make_tmd_afm

    with errors_in_words():
        data = make_tmd_afm(scans, size=size, scans_per_growth=2, random_state=seed)
        out.mkdir(parents=True, exist_ok=True)
        data.truth.to_csv(out / "truth.csv", index=False)
        settings = Settings(seed=seed)
        _report(data, settings, out, "tmdfeat demo: five synthetic TMDs", SYNTHETIC)


def evaluate(
    folder: Annotated[Path, typer.Argument(help="Folder with scans, one sub-folder per class.")],
    labels: Annotated[
        Path | None, typer.Option(help="CSV with columns file, label and, if known, group.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("tmdfeat-results"),
    backbone: Annotated[str, typer.Option(help="See `tmdfeat backbones`.")] = "surfacenet",
    weights: Annotated[
        str, typer.Option(help="'default', a name, a file, an address, or 'none' (untrained).")
    ] = "default",
    preset: Annotated[Preset, typer.Option(help="Preprocessing.")] = Preset.standard,
    fill: Annotated[
        bool, typer.Option(help="Fill missing (NaN) pixels from the rims of their holes.")
    ] = False,
    pattern: Annotated[str, typer.Option(help="Which file names to read, e.g. '*.ibw'.")] = "*",
    channel: Annotated[str | None, typer.Option(help="Channel to read from each file.")] = None,
    pixel_size: Annotated[
        float | None, typer.Option(help="nm per pixel, for files that do not say.")
    ] = None,
    z_unit: Annotated[
        str | None, typer.Option(help="Unit of the heights, for files that do not say.")
    ] = None,
    scale: Annotated[
        Scale, typer.Option(help="'px' measures in pixels and the files' own heights.")
    ] = Scale.nm,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation.")] = 5,
    repeats: Annotated[int, typer.Option(min=1, help="How often to repeat it.")] = 1,
    skip_unreadable: Annotated[
        bool, typer.Option(help="Leave out files that cannot be read, and list them.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.")] = 0,
) -> None:
    """Score latent, physical and both features on your own scans, without leaking samples."""
    from tmdfeat.datasets import load_folder

    settings = Settings(
        backbone=backbone,
        weights=None if weights == "none" else weights,
        preset=None if preset == "none" else str(preset),
        fill=fill,
        scale=str(scale),
        folds=folds,
        repeats=repeats,
        seed=seed,
    )
    with errors_in_words():
        _check_paths(folder, out)
        _check_scale(preset, scale)
        data = load_folder(
            folder,
            labels=labels,
            pattern=pattern,
            channel=channel,
            pixel_size=pixel_size,
            z_unit=z_unit,
        )
        out.mkdir(parents=True, exist_ok=True)
        if skip_unreadable:
            data = _readable(data, out, fill)
        grouped = len(set(data.groups)) < len(data.groups)
        notes = [] if grouped else [EACH_ALONE]
        notes += [UNTRAINED] if settings.weights is None else []
        title = f"tmdfeat evaluate: {folder.resolve().name}"
        _report(data, settings, out, title, "\n\n".join(notes))


@dataclass(frozen=True)
class Settings:
    """How to compute and score features."""

    backbone: str = "surfacenet"
    weights: str | None = "default"
    preset: str | None = "standard"
    fill: bool = False
    scale: str = "nm"
    folds: int = 5
    repeats: int = 1
    seed: int = 0


SYNTHETIC = (
    "Synthetic scans, and a network that was trained on synthetic surfaces alone: this page shows "
    "what the software does. Its numbers say nothing about real materials."
)
UNTRAINED = "The network is untrained (randomly initialised, --weights none)."
EACH_ALONE = (
    "Each file counts as a sample of its own. If several files show one sample, growth or wafer, "
    "these scores are too good: give --labels a CSV with a column 'group' that says so."
)


def _check_paths(folder: Path, out: Path) -> None:
    # A second run would read the tables of the first as scans.
    if out.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"the results must not lie among the scans: give --out outside {folder}.")
    if out.exists() and not out.is_dir():
        raise ValueError(f"--out {out} is a file. Give a folder.")


def _check_scale(preset: Preset, scale: Scale) -> None:
    if preset == Preset.paper and scale == Scale.nm:
        raise ValueError(
            "the preset 'paper' stretches the contrast of each scan, so no heights in nm are left. "
            "Take --scale px with it, or another --preset."
        )


def _readable(data, out, fill: bool):
    from sklearn.utils import Bunch

    from tmdfeat.study import drop_unreadable

    kept, failures = drop_unreadable(data.images, allow_nan=fill)
    failures["file"] = [str(data.files[position]) for position in failures["position"]]
    failures.to_csv(out / "unreadable.csv", index=False)
    if len(failures):
        typer.echo(f"left out {len(failures)} unreadable files: see {out / 'unreadable.csv'}")
    return Bunch(
        images=[data.images[position] for position in kept],
        target=data.target[kept],
        groups=data.groups[kept],
        files=[data.files[position] for position in kept],
    )


def _report(data, settings: Settings, out: Path, title: str, notes: str) -> None:
    from tmdfeat.deep import CNNFeatures
    from tmdfeat.gate import check_images
    from tmdfeat.physical import PhysicalFeatures
    from tmdfeat.preprocess import Fill, preset
    from tmdfeat.report.comparison import write_comparison
    from tmdfeat.study import compare_blocks

    images = check_images(data.images, allow_nan=True)
    if settings.fill:
        images = Fill().fit_transform(images)
    if settings.preset is not None:
        images = preset(settings.preset).fit_transform(images)
    comparison = compare_blocks(
        images,
        data.target,
        data.groups,
        cnn=CNNFeatures(settings.backbone, weights=settings.weights, random_state=settings.seed),
        physical=PhysicalFeatures(scale=settings.scale),
        names=data.files if "files" in data else [image.name for image in data.images],
        cv=settings.folds,
        repeats=settings.repeats,
        random_state=settings.seed,
    )
    first = {
        str(label): images[list(data.target).index(label)] for label in sorted(set(data.target))
    }
    page = write_comparison(
        comparison, out, title=title, notes=notes, settings=f"{settings}", examples=first
    )
    typer.echo(comparison.summary.round(3).to_string(index=False))
    typer.echo(comparison.block_shares.round(3).to_string())
    typer.echo(f"results in {out}, start with {page}")
