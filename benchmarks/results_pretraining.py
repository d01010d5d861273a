"""Sections of docs/results.md on how surfacenet was trained, and on the batched simulator."""

from results_tables import ranged, table, where


def signals_section(found: dict | None) -> str:
    """What networks know of families they never saw, by the signals of their training."""
    if found is None:
        return "Not measured yet: `python benchmarks/pretrain/pretrain.py --compare` writes it."
    recipe = found["recipe"]
    rows = [[" and ".join(row["signals"]), *_cells(row)] for row in found["trained"]]
    rows.append(["untrained", *_cells(found["untrained"])])
    header = ["signals", "accuracy", "spread over draws", "R² of parameters"]
    held = [name.replace("_", " ") for name in recipe["held_out"]]
    return f"""{recipe["views"]:,} views each, the same surfaces and seed; {len(held)} families
({", ".join(held)}) were left out. From 10 examples of each, {4 * len(held)} classes of them
(family, halves of scale and amount) are told apart by a linear classifier on frozen features; R² is
that of a ridge regression. One training for each row: differences of a few points may be those of
the seed.

{table(header, rows)}

{where(found)}"""


def _cells(row: dict) -> list[str]:
    return [f"{row['accuracy']:.3f}", f"{row['spread']:.3f}", f"{row['r2']:.2f}"]


def films_section(found: dict | None) -> str:
    """How fast films are simulated in batches."""
    if found is None:
        return "Not measured yet: `python benchmarks/pretrain/bench_film_batch.py` writes it."
    speed = found["maps_per_second"]
    rows = [
        [density, ranged(speed["batch"][density]), ranged(speed["numpy"][density])]
        for density in speed["batch"]
    ]
    header = ["nuclei per µm²", "batched, maps/s", "one by one, maps/s"]
    size = found["size"]
    device, side = found["cuda"] or found["device"], size["side"]
    maps, rounds = size["maps"], size["rounds"]
    return f"""On {device}: {maps} maps of {side}x{side}, all artefacts, {rounds} rounds,
by processor time.

{table(header, rows)}

{where(found)}"""
