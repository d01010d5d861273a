"""Write docs/results.md from benchmarks/results/: ``python benchmarks/results_page.py``."""

import json
from pathlib import Path

import results_deep
import results_finetune
import results_pretraining
import results_surfacenet
from results_tables import interval, table, where

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "results.md"
NAMES = {"accuracy": "accuracy", "balanced_accuracy": "balanced accuracy", "f1_macro": "macro-F1"}


def load(name: str) -> dict:
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def load_if_there(name: str) -> dict | None:
    return load(name) if (RESULTS / f"{name}.json").is_file() else None


def tmd(found: dict) -> str:
    rows = []
    for model, result in found["frozen"].items():
        for split in ("grouped by sample", "ungrouped (leaks)"):
            cells = [interval(result[split][metric]) for metric in NAMES]
            rows.append([model, split, *cells])
        test = result["authors' held-out 104"]
        accuracy = f"{test['accuracy']:.3f} ± {test['standard_error']:.3f}"
        rows.append([model, "authors' held-out 104", accuracy, "", f"{test['f1_macro']:.3f}"])
    return table(["model", "split", *NAMES.values()], rows)


def seeds(found: dict) -> str:
    rows = [
        [model, *(f"{result[f'{s}, five folds of seed 0']:.3f}" for s in ("grouped", "ungrouped"))]
        for model, result in found["frozen"].items()
    ]
    return table(["model", "grouped", "ungrouped"], rows)


def flattery(found: dict) -> str:
    gains = [
        100
        * (r["ungrouped (leaks)"]["accuracy"]["mean"] - r["grouped by sample"]["accuracy"]["mean"])
        for r in found["frozen"].values()
    ]
    return " and ".join(f"{gain:.0f}" for gain in gains)


def polyelectrolyte(found: dict) -> str:
    rows = []
    for model, studies in found["results"].items():
        for study, result in studies.items():
            scores = {(row["features"], row["metric"]): row for row in result["scores"]}
            cells = [interval(scores[f, "accuracy"]) for f in ("latent", "physical", "both")]
            share = result["block_shares"]["latent"]
            shares = f"{share['share']:.2f} ({share['low']:.2f} to {share['high']:.2f})"
            rows.append([model, study, *cells, shares])
    return table(
        ["classifier", "what is split", "latent", "physical", "both", "share of latent"], rows
    )


def pairs(found: dict) -> str:
    rows = []
    for name, pair in found["pairs"].items():
        low, high = pair["over_maps"]
        times = f"**{pair['times_faster']:.1f}** ({low:.1f} to {high:.1f})"
        cells = [f"{pair['ours_ms']:.1f}", f"{pair['theirs_ms']:.1f}", times]
        rows.append([name, pair["library"], *cells, pair.get("note", "")])
    header = ["what", "against", "ours, ms", "theirs, ms", "times faster (over maps)", "note"]
    return table(header, rows)


def growth(found: dict) -> str:
    sizes = list(found["growth"]["default set"]["cpu_ms"])
    rows = [
        [name, *(f"{row['cpu_ms'][size]:.0f}" for size in sizes), f"{row['exponent']:.2f}"]
        for name, row in found["growth"].items()
    ]
    return table(["family", *(f"{size}², ms" for size in sizes), "exponent"], rows)


def information(found: dict) -> str:
    rows = [
        [
            name,
            part["columns_used"],
            part["effective_number"],
            part["directions_for_95_percent"],
            f"{100 * found['held_by_the_other_families'][name]:.0f} %",
        ]
        for name, part in found["families"].items()
    ]
    every = found["all"]
    cells = [every["columns_used"], every["effective_number"], every["directions_for_95_percent"]]
    rows.append(["**all**", *cells, ""])
    header = ["family", "columns", "effective number", "directions for 95 %", "held by the others"]
    return table(header, rows)


def page() -> str:
    features, films, descriptors, catalogue = (
        load(name) for name in ("tmd_features", "polyelectrolyte", "descriptors", "catalogue")
    )
    transfer, rate, gpu = (load_if_there(name) for name in ("transfer", "cnn_features", "gpu"))
    counts = ", ".join(f"{label.replace('_', ' ')}: {n}" for label, n in films["maps"].items())
    return f"""# Results on real data

Written by `python benchmarks/results_page.py` from `benchmarks/results/`; do not edit. Intervals are 95 %
by the corrected resampled t (Nadeau and Bengio 2003) over folds, ending at 0 and 1. They describe these data; they are no promise for other instruments.

## Five TMDs: the published features

{features["data"]} (Moses and Reinhart 2024, doi 10.1088/2632-2153/ada2da). Frozen network: no label was
seen before the classifier. 5 folds, {features["repeats"]} repeats.

{tmd(features)}

The same with the five folds of one seed, as earlier measurements of these vectors were made (accuracy):

{seeds(features)}

- **Ignoring samples makes accuracy {flattery(features)} points too good.** Scans of one sample look
  alike, and of the 1,026 vectors only {features["distinct_rows"]} are distinct; all duplicates lie inside
  one sample, so grouped folds contain them and plain folds test on copies of training scans.
- What was published on these scans is reproduced, and better classifiers are sought, in
  [a page of its own](published.md).
- The held-out set is the authors' own (47/18/13/12/14 scans). On 104 scans one standard error is 0.03 to
  0.04, so two models that differ by less than 0.05 there are not told apart.
- On the authors' *fine-tuned* vectors the same SVC reaches
  {interval(next(v for k, v in features.items() if k.startswith("fine-tuned"))["accuracy"])} in grouped
  folds. That number means nothing: the network that made the vectors was trained on most of these labels.

{where(features)}

## Polyelectrolyte films: latent, physical, or both?

{films["data"]} ({counts}). Latent: SqueezeNet 1.0 with ImageNet weights, PCA to 32. Physical: the default
families. Rows aligned, plane subtracted. 3 folds, {films["repeats"]} repeats
(the last kind of split has one way only). Accuracy; the most frequent class alone gives
{films["most_frequent_class"]:.2f}.

{polyelectrolyte(films)}

- **The series are confounded with the instrument.** Grouped by file, other maps of the same series are in
  the training part. With whole series held out, as a map from another instrument would be, no block of
  features clearly beats guessing (nine of 35 maps, 0.26): what scores by file does not carry over.
- The bare substrate occurs in one series only, so it is left out where series are held out.
- With 38 maps the intervals are wide; latent and physical features are not told apart here.
- The share of the latent block depends on the classifier as much as on the films: read it beside the score.

{where(films)}

## Frozen ImageNet networks on real images

{results_deep.transfer(transfer)}

## surfacenet beside ImageNet's networks

{results_surfacenet.section(load_if_there("surfacenet"))}

## Signals that surfacenet could be trained with

{results_pretraining.signals_section(load_if_there("surfacenet_signals"))}

## The simulator in batches

{results_pretraining.films_section(load_if_there("film_batch"))}

## What transfers, on simulated scans

### With surfacenet, reduced size

{results_finetune.transfer(load_if_there("transfer_study_reduced"), "bench_transfer_study.py")}

### With ImageNet's weights

{results_finetune.transfer(load_if_there("transfer_study_imagenet"), "bench_transfer_study.py --design imagenet")}

### The full design

{results_finetune.transfer(load_if_there("transfer_study_full"), "bench_transfer_study.py --design full")}

## How much is in the catalogue?

Every descriptor of {" and ".join(f"{n} {name}" for name, n in catalogue["maps"].items())} maps, rows
aligned and plane subtracted (the table is `benchmarks/results/catalogue_on_real_maps.csv`). Eigenvalues of
the rank correlation matrix of each family's columns that are defined on at least four of five maps; the
effective number is the exponential of their entropy: k columns that carry k equal, independent pieces of
information have k. The last column is the share of a family's rank variance that a regression on the
leading directions of all *other* families predicts for a map left out: what is missing to 100 % is what
only this family says.

{information(catalogue)}

- Hundreds of columns carry about {catalogue["all"]["effective_number"]:.0f} independent pieces of
  information on these maps, and {catalogue["all"]["directions_for_95_percent"]} directions hold 95 % of
  it: as on the authors' images, where three directions hold 97 % of 14 quantities, most numbers that
  describe a surface describe the same few things.
- The families that say most on their own are those that the others predict least: domains, paper, texture.
- Two kinds of films on three instruments are no sample of all surfaces; and with 54 maps no more than 53
  directions can be seen at all.

{where(catalogue)}

## Speed of descriptors

CPU time of one thread, {descriptors["maps"]}, medians of {descriptors["rounds"]} interleaved rounds;
each pair computes the same numbers unless the note says otherwise.

{pairs(descriptors)}

As maps grow (exponent in the number of pixels; n log n would be {descriptors["n_log_n_would_be"]}):

{growth(descriptors)}

What grows faster than n log n does so between 1024² and 2048²: there an array of the map's size passes 32 MB,
and the system hands out, and clears, fresh memory for each intermediate result.

{where(descriptors)}

## Speed of frozen features

{results_deep.speed(rate)}

### On a GPU

{results_deep.gpu(gpu)}

## Speed of fine-tuning

{results_finetune.speed(load_if_there("finetune"), "bench_finetune.py")}

### On a GPU

{results_finetune.speed(load_if_there("finetune_gpu"), "bench_finetune.py --device cuda")}
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
