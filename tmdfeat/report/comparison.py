"""A comparison of latent and physical features -> tables, figures and one page in a folder."""

import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from tmdfeat.plot import plot_confusion, plot_maps, plot_scores, plot_shares
from tmdfeat.report.page import Section, write_page
from tmdfeat.study import BlockComparison

PACKAGES = ("tmdfeat", "numpy", "scikit-learn", "torch", "torchvision", "xgboost", "shap")
ABOUT_SCORES = (
    "Each model was trained and tested on scans of different samples (groups). Bars: mean over "
    "folds; whiskers: 95 % interval by the corrected resampled t (Nadeau and Bengio 2003), which "
    "counts that folds share training scans. Guessing (dashed): always the "
    "most frequent class of all scans, scored in the same folds."
)
ABOUT_SHARES = (
    "Of the models that see both blocks, on scans they were not trained on: how far each block "
    "moves the output, its columns summed with their signs first. Intervals: bootstrap over "
    "groups, with the models fixed. Where both blocks carry the same information, which one gets "
    "the credit is the model's choice; a block with more columns has more chances. "
    "NaN: the output depends on no column, so nothing was learned."
)


def write_comparison(
    comparison: BlockComparison, out, *, title: str, notes: str, settings: str, examples
) -> Path:
    """Write scores, chance, folds, predictions, features and shares as CSV, figures and a page.

    Parameters
    ----------
    comparison : BlockComparison
    out : path
        Folder; made if it is not there.
    title, notes : str
        Heading of the page, and what a reader must know before believing it.
    settings : str
        How the features were computed, for the small print.
    examples : dict of str to HeightMap
        Maps to show, by title.

    Returns
    -------
    Path
        The page, ``report.html``.
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    _write_tables(comparison, out)
    figures = _figures(comparison, examples)
    for name, figure in figures.items():
        figure.savefig(out / f"{name}.png", dpi=110)
    page = write_page(
        out / "report.html",
        title,
        _sections(comparison, figures, notes),
        footer=f"{settings}\n{_sizes(comparison)}\n{_versions()}",
    )
    for figure in figures.values():
        plt.close(figure)
    return page


def _write_tables(comparison: BlockComparison, out: Path) -> None:
    comparison.summary.to_csv(out / "scores.csv", index=False)
    comparison.chance.to_csv(out / "chance.csv")
    comparison.scores.to_csv(out / "folds.csv", index=False)
    comparison.predictions.to_csv(out / "predictions.csv", index=False)
    comparison.features.to_csv(out / "features.csv", index=False)
    comparison.block_shares.to_csv(out / "block_shares.csv")
    comparison.family_shares.to_csv(out / "family_shares.csv")


def _figures(comparison: BlockComparison, examples):
    predicted = comparison.predictions.query("features == 'both'")
    drawn = {
        "maps": plot_maps(list(examples.values()), titles=list(examples))[0],
        "scores": plot_scores(comparison.summary, chance=comparison.chance),
        "confusion": plot_confusion(predicted["truth"], predicted["predicted"]),
        "block_shares": plot_shares(comparison.block_shares),
        "family_shares": plot_shares(comparison.family_shares),
    }
    return {name: ax.figure for name, ax in drawn.items()}


def _sections(comparison: BlockComparison, figures, notes: str) -> list[Section]:
    labels = comparison.features.groupby("label", sort=True)["group"]
    counts = pd.DataFrame({"scans": labels.size(), "samples": labels.nunique()})
    scores = comparison.summary.set_index(["features", "metric"])
    guessing = comparison.chance.to_frame("guessing")
    shares = comparison.block_shares
    about_shares = "\n\n".join(filter(None, [_caution(comparison), ABOUT_SHARES]))
    return [
        Section("The scans", notes, (counts,), (figures["maps"],)),
        Section(
            "Latent, physical, or both?", ABOUT_SCORES, (scores, guessing), (figures["scores"],)
        ),
        Section("Who is taken for whom (both)", "", (), (figures["confusion"],)),
        Section("What drives the prediction", about_shares, (shares,), (figures["block_shares"],)),
        Section("By family", "", (comparison.family_shares,), (figures["family_shares"],)),
    ]


def _caution(comparison: BlockComparison) -> str:
    """Words for shares of models that may know nothing."""
    both = comparison.summary.query("features == 'both' and metric == 'balanced_accuracy'").iloc[0]
    if both["low"] > comparison.chance["balanced_accuracy"]:
        return ""
    return (
        "Careful: these models are not clearly better than guessing (the interval of their "
        "balanced accuracy reaches it), so what follows may describe noise."
    )


def _sizes(comparison: BlockComparison) -> str:
    folds = comparison.scores.drop_duplicates(["repeat", "fold"])
    seconds = comparison.scores.drop_duplicates(["features", "repeat", "fold"])["seconds"].sum()
    columns = comparison.features.columns
    latent, physical = (np.sum(columns.str.startswith(f"{b}__")) for b in ("latent", "physical"))
    return (
        f"{len(comparison.features)} scans, {latent} latent and {physical} physical columns, "
        f"{len(folds)} folds, {seconds:.1f} s to fit and predict."
    )


def _versions() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"Python {platform.python_version()}, {packages}."
