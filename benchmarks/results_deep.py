"""Sections of docs/results.md on frozen networks: accuracy on real images, and speed."""

from results_tables import interval, ranged, table, where

NOT_MEASURED = "Not measured yet: `python benchmarks/{}.py` writes it."


def transfer(found: dict | None) -> str:
    """Accuracy of frozen ImageNet networks on micrographs and films."""
    if found is None:
        return NOT_MEASURED.format("bench_transfer")
    steel, films = found["steel"], found["films"]
    overlapping = steel["overlapping"]
    pairs, same = overlapping["pairs_that_overlap"], overlapping["without_a_shift"]
    bound = overlapping["largest_correlation_with_a_mirrored_picture"]
    mixed = overlapping["fields_of_several_classes"]
    return f"""Features of the layer that the head sees: {found["model"]}.
Accuracy over five folds, {found["repeats"]} repeats (held-out series: one way only). Deviation is
the mean absolute difference of features from torch's float32 over their mean, and the cosine the
smallest of all images.

**{steel["data"]}** of ultrahigh-carbon steel: network of carbides, pearlite, spheroidite,
200 each.

{_accuracies(steel["rows"])}

- The pictures come without names of specimens, and {pairs} pairs of them overlap, {same} without a
  shift: at some shift their details correlate more than any picture does with any mirrored other
  one ({bound}; about one of the pairs is one by chance). Grouped by field of view, what overlaps
  stays together: {overlapping["fields"]} groups, {mixed} of them with more than one class. Pictures
  of one specimen that do not overlap are not recognised, so these scores may still be too good.

**{films["data"]}** of polyelectrolyte, four of each map, rows aligned and plane subtracted.

{_accuracies(films["rows"])}

- An earlier measurement of such tiles, 0.62, was of SqueezeNet 1.1; the weights here are of 1.0.
- With whole series held out, maps come from another instrument than all in training, and little
  is left: the most frequent class alone gives 0.26.

{where(found)}"""


def _accuracies(rows: list) -> str:
    splits = list(rows[0]["accuracy"])
    header = ["network", "engine, precision", *splits, "deviation", "smallest cosine"]
    cells = [
        [
            row["network"],
            row["way"],
            *(interval(row["accuracy"][split]) for split in splits),
            f"{row['mean_deviation']:.1e}",
            f"{row['smallest_cosine']:.5f}",
        ]
        for row in rows
    ]
    return table(header, cells)


def speed(found: dict | None) -> str:
    """CPU time of all ways against the loop that people write."""
    if found is None:
        return NOT_MEASURED.format("bench_cnn_features")
    parts = [_network(name, part) for name, part in found["networks"].items()]
    together = "\n\n".join(parts)
    how = f"{found['torch_threads']} thread, {found['rounds']} alternating rounds"
    return f"""{found["what"]}, {how}; CPU time, medians and
what the rounds span. The loop stretches one map to 8 bits by minimum and maximum, resizes the
picture with PIL and sends it through torchvision's network, without gradients, in evaluation mode.

{together}

Before the network, per map:

{table(["step", "ms"], [[step, ranged(ms)] for step, ms in found["steps_ms"].items()])}

What other arithmetic does to features of these maps; for what it does to accuracy, see above. (The
loop with percentiles differs from `CNNFeatures` by its 8 bits.)

{_deviations(found["deviation"])}

{_processes(found)}

{_memory(found["peak_memory"])}

{where(found)}"""


def _network(name: str, part: dict) -> str:
    sources = [key for key in part if key in ("network alone", "memory", "PNG", "TIFF")]
    rows = [
        [
            source,
            way,
            ranged(row["ms"]),
            ranged(row["times_faster_than_loop"]) if "times_faster_than_loop" in row else "",
            f"{row['share_of_matrix_product']['median']:.2f}"
            if "share_of_matrix_product" in row
            else "",
        ]
        for source in sources
        for way, row in part[source].items()
    ]
    rates, most = (
        " and ".join(
            f"{value['median']:g} in {precision}" for precision, value in part[key].items()
        )
        for key in ("matrix_product_gflop_per_s", "times_faster_at_the_limit")
    )
    header = ["from", "way", "ms per map", "times faster than the loop", "share of matrix product"]
    return (
        f"**{name}**, {part['gflop_per_image']} GFLOP per map. The matrix product reached {rates} "
        "(GFLOP/s, same rounds): a network that ran at this rate, with maps read and rendered in "
        f"no time, would be {most} times faster than the loop.\n\n{table(header, rows)}"
    )


def _deviations(found: dict) -> str:
    ways = [key for key in next(iter(found.values())) if key not in ("weights", "torch float32")]
    rows = [
        [
            f"{network} ({part['weights']})",
            *(f"{part[w]['mean_deviation']:.1e} ({part[w]['smallest_cosine']:.5f})" for w in ways),
        ]
        for network, part in found.items()
    ]
    return table(["network", *(f"{way}: deviation (cosine)" for way in ways)], rows)


def _processes(found: dict) -> str:
    part = found["two_processes_on_the_clock"]
    rows = [
        [name, *(ranged(ratio) for ratio in ratios.values())]
        for name, ratios in part["times_faster"].items()
    ]
    text = (
        f"Two processes of one thread against one, {part['network']}, {part['maps']} maps, on the "
        f"clock of {part['cores']} cores. The last column is what the machine allows: two workers "
        "that compute half each and hand nothing back."
    )
    return text + "\n\n" + table(["what", "times faster, `n_jobs=2`", "halves"], rows)


def _memory(part: dict) -> str:
    sizes = ", ".join(f"{n} files: {mib} MiB" for n, mib in part["mib"].items())
    return f"Peak memory ({part['what']}): {sizes}; difference {part['difference_mib']} MiB."


def gpu(found: dict | None) -> str:
    """One GPU against its own forward pass."""
    if found is None:
        return "No CUDA GPU was at hand; `python benchmarks/bench_gpu.py` measures one."
    size, goals, off = found["size"], found["goals"], found["deviation"]
    scans = f"{size['maps']} maps {size['side']}x{size['side']} in the host's memory"
    rows = [[name, ranged(rate)] for name, rate in found["images_per_second"].items()]
    return f"""{found["device"]}, CUDA {found["cuda"]}: {size["network"]}, {scans},
batches of {size["batch"]}, {size["rounds"]} alternating rounds on the clock.

{table(["way", "images/s"], rows)}

- Maps to features in bfloat16, over the forward pass alone: {ranged(found["share_of_forward"])};
  goal {goals["share_of_forward"]}.
- Times faster than the loop: {ranged(found["times_faster_than_loop"])};
  goal {goals["times_faster_than_loop"]}.
- Deviation of bfloat16 from float32: {off["mean_deviation"]:.1e}, smallest cosine
  {off["smallest_cosine"]:.5f}.

{where(found)}"""
