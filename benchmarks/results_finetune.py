"""Sections of docs/results.md on networks that learn: speed, and what transfers."""

from results_tables import ranged, table, where

NOT_MEASURED = "Not measured yet: `python benchmarks/{}` writes it."


def speed(found: dict | None, command: str) -> str:
    """Images per second of an epoch, against bare loops in the same rounds."""
    if found is None:
        return NOT_MEASURED.format(command)
    rows = [
        [
            row["network"],
            f"{row['side']}²",
            row["precision"],
            *(ranged(row["images_per_second"][way]) for way in ("fit", "usual", "channels last")),
            ranged(row["share_of_the_faster_loop"]),
        ]
        for row in found["rows"]
    ]
    header = ["network", "input", "precision", "`fit`", "bare loop", "bare loop, channels last"]
    return f"""Images per second in an epoch of `FineTunedCNN`, with flips, balanced drawing and
scores, and of a bare loop of torch (batches of {found["rows"][0]["batch"]} in memory, Adam,
nothing else) in alternating rounds on {found["device"]}. The goal is {found["goal"]:.0%} of the
faster loop.

{table([*header, "share of the faster loop"], rows)}

{where(found)}"""


def transfer(found: dict | None, command: str) -> str:
    """Macro-F1 of each strategy by stage and volume, and differences to one of them."""
    if found is None:
        return NOT_MEASURED.format(command)
    reference = next(key for key in found if key.startswith("differences_to_"))
    strategies = list(dict.fromkeys(row["strategy"] for row in found["means"]))
    differences = {_place(row) + (row["strategy"],): row for row in found[reference]}
    scores = {_place(row) + (row["strategy"],): row for row in found["means"]}
    places = [p for p in dict.fromkeys(map(_place, found["means"])) if p[1] > 0]
    rows = []
    for place in places:
        target, stage, added, n_new = place
        first = next(scores[(*place, s)] for s in strategies if (*place, s) in scores)
        cells = [_score(scores.get((*place, s)), differences.get((*place, s))) for s in strategies]
        images = f"{first['n_new_train']:.0f}" + ("" if n_new else " (all)")
        rows.append([target, f"{stage + 2}: + {added}", images, *cells])
    header = ["target", "classes", "new images", *strategies]
    folds = found["means"][0]["n_folds"]
    took = f"{found['minutes_of_fits']:.0f} minutes of fits, {found['at_once']} at once"
    return f"""{found["data"]}; {folds} grouped folds, the same for all;
{found["runs"]} runs, {took}.
Network: `{found["network"]}`. Macro-F1 on held-out growths; in brackets the paired difference to
"{reference.removeprefix("differences_to_")}" with its 95 % interval.

{table(header, rows)}

{where(found)}"""


def _place(row: dict) -> tuple:
    return row["target"], row["stage"], row["added"], row["n_new"]


def _score(mean: dict | None, difference: dict | None) -> str:
    if mean is None:
        return ""
    text = f"{mean['mean']:.2f}"
    if difference is None:
        return text
    return (
        f"{text} ({difference['mean']:+.2f}, {difference['low']:+.2f} to {difference['high']:+.2f})"
    )
