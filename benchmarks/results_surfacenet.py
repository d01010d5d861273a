"""Section of docs/results.md on surfacenet beside ImageNet's networks."""

from results_tables import ranged, table, where


def section(found: dict | None) -> str:
    """Scores, differences from the reference, and costs."""
    if found is None:
        return "Not measured yet: `python benchmarks/bench_surfacenet.py` writes it."
    strengths, fixed = ", ".join(f"{C:g}" for C in found["strengths"]), found["fixed_C"]
    repeats, seeds = found["repeats"], found["untrained_seeds"]
    return f"""Frozen features, standardised, logistic regression; the same rendering, folds and
rule for all. C is chosen from {strengths} by accuracy in three grouped folds of each
training part; further below the same with C = {fixed:g}. {repeats} repeats: in each the folds and,
where images per class are few, the draw of training images are new, and every image is tested
once. In percent, with intervals of 95 % by the bootstrap over repeats and groups of test images,
which do not cover another training of the network. Untrained: the mean over {seeds} seeds.

{_what(found)}

{_scores(found, "chosen")}

Points above {found["reference"]}, over the same folds:

{_gaps(found, "chosen")}

With C = {fixed:g} for all, score and points above the reference:

{_short(found)}

- Ferroelectrics are 16 scans: they rank nothing.
- Series are three instruments, held out once each; the interval is over maps, not over instruments.
- That surfacenet gives means and deviations of all stages was known to serve from an earlier look
  at real sets; trainings were chosen by none of them. Its default has 1,792 columns, the reference
  512.
- The simulator drew one of the 54 families that surfacenet was trained on, and was once adjusted on
  the films and ferroelectrics. Simulated scans are grouped by growth, of seeds no training saw.
  *Presets shifted*: trained as usual, tested with {found["shift_of_presets"]}.

What an image costs, {found["cost"]["maps"]} maps of 256x256 from memory to features, one thread,
{found["cost"]["rounds"]} alternating rounds:

{_costs(found)}

{where(found)}"""


def _what(found: dict) -> str:
    rows = [
        [name, part["classes"], part["images_to_train_on"], part["images_tested"], part["metric"]]
        for name, part in found["scores"].items()
    ]
    header = ["set", "classes", "images to train on", "images tested", "metric"]
    return table(header, rows)


def _ways(found: dict) -> list[str]:
    return list(next(iter(found["scores"].values()))["ways"])


def _each(found: dict, cell) -> str:
    rows = [
        [name, *(cell(part["ways"][way]) for way in _ways(found))]
        for name, part in found["scores"].items()
    ]
    return table(["set", *_ways(found)], rows)


def _scores(found: dict, rule: str) -> str:
    return _each(found, lambda way: _percent(way[rule]))


def _gaps(found: dict, rule: str) -> str:
    return _each(found, lambda way: _percent(way[rule]["minus_reference"], "+"))


def _short(found: dict) -> str:
    def cell(way: dict) -> str:
        row = way["fixed"]
        return f"{100 * row['mean']:.1f} ({100 * row['minus_reference']['mean']:+.1f})"

    return _each(found, cell)


def _percent(row: dict, sign: str = "") -> str:
    mean, low, high = (format(100 * row[key], f"{sign}.1f") for key in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _costs(found: dict) -> str:
    rows = [
        [name, ranged(way["ms"]), ranged(way["times_the_reference"])]
        for name, way in found["cost"]["ways"].items()
    ]
    return table(["way", "ms per image", "times the reference"], rows)
