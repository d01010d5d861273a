import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from tmdfeat.plot import plot_modalities, plot_modality


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def table():
    """Each mean tells its place: volume in tenths, split in hundredths, series in thousandths."""
    rows = [
        (series, split, n, 0.1 * i + 0.01 * j + 0.001 * k, 0.02 + 0.001 * i)
        for k, series in enumerate(["ImageNet", "sequential"])
        for j, split in enumerate(["train", "val", "test"])
        for i, n in enumerate([88, 64, 8], start=1)
    ]
    return pd.DataFrame(rows, columns=["series", "split", "n_new", "mean", "std"])


def bars(ax):
    return [bar for bar in ax.patches if bar.get_height() > 0]


def test_bars_stand_over_their_volume_by_split_and_in_it_by_series():
    ax = plot_modality(table())
    heights = [bar.get_height() for bar in sorted(bars(ax), key=lambda bar: bar.get_x())]
    wanted = [
        [0.1 * i, 0.1 * i + 0.001, 0.1 * i + 0.01, 0.1 * i + 0.011, 0.1 * i + 0.02, 0.1 * i + 0.021]
        for i in (1, 2, 3)
    ]
    assert heights == pytest.approx(np.ravel(wanted))
    centres = sorted(bar.get_x() + bar.get_width() / 2 for bar in bars(ax))
    assert np.round(centres).tolist() == np.repeat([0, 1, 2], 6).tolist()
    assert np.reshape(centres, (3, 6)).mean(axis=1) == pytest.approx([0, 1, 2])
    assert min(np.diff(centres)) == pytest.approx(bars(ax)[0].get_width())  # none overlap
    assert [text.get_text() for text in ax.get_xticklabels()] == ["88", "64", "8"]


def test_lines_run_over_one_standard_deviation():
    ax = plot_modality(table().query("series == 'ImageNet' and split == 'test'"))
    [lines] = ax.collections
    ends = np.array(lines.get_segments())[:, :, 1]
    assert ends == pytest.approx(np.array([[0.099, 0.141], [0.198, 0.242], [0.297, 0.343]]))


def test_colour_tells_the_series_and_hatching_the_split():
    ax = plot_modality(table())
    colours = {round(b.get_height() * 1000) % 10: b.get_facecolor() for b in bars(ax)}
    assert len(colours) == len(set(colours.values())) == 2
    hatches = {round(b.get_height() * 1000) % 100 // 10: b.get_hatch() for b in bars(ax)}
    assert [hatches[j] or "" for j in range(3)] == ["//", "oo", ""]
    legend = ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [
        *("ImageNet", "sequential", "train", "val", "test")
    ]
    assert [patch.get_facecolor() for patch in legend.get_patches()[:2]] == list(colours.values())


def test_a_series_that_was_not_run_at_a_volume_leaves_its_place_empty():
    short = table().drop(index=17)  # the last: sequential, test, 8
    short.loc[0, "mean"] = np.nan
    heights = sorted(bar.get_height() for bar in bars(plot_modality(short)))
    assert heights == pytest.approx(sorted(table()["mean"].drop(index=[0, 17])))


def test_single_runs_are_refused_with_the_way_out():
    runs = pd.concat([table(), table()])
    with pytest.raises(ValueError, match=r"train, n_new=88.*average the runs first"):
        plot_modality(runs)


def test_panels_fill_the_rows_and_share_the_axis():
    panels = {f"{n} classes": table() for n in (3, 4, 5)}
    axes = plot_modalities(panels, limits=(0.6, 1.0))
    assert [ax.get_title() for ax in axes] == ["3 classes", "4 classes", "5 classes"]
    assert [ax.get_ylim() for ax in axes] == [(0.6, 1.0)] * 3
    places = [ax.get_subplotspec() for ax in axes]
    assert [(p.rowspan.start, p.colspan.start) for p in places] == [(0, 0), (0, 1), (1, 0)]


def test_a_series_has_one_colour_in_all_panels_and_a_column_one_legend():
    other = table().replace({"series": {"ImageNet": "sequential", "sequential": "elements"}})
    axes = plot_modalities({"a": table(), "b": other, "c": table(), "d": other})
    assert [ax.get_legend() is None for ax in axes] == [True, True, False, False]
    legends = [ax.get_legend() for ax in axes[2:]]
    colours = [
        {text.get_text(): patch.get_facecolor() for text, patch in pairs}
        for pairs in (zip(x.get_texts(), x.get_patches(), strict=True) for x in legends)
    ]
    assert colours[0]["sequential"] == colours[1]["sequential"]
    assert len({colours[0]["ImageNet"], colours[0]["sequential"], colours[1]["elements"]}) == 3
    drawn = {round(b.get_height() * 1000) % 10: b.get_facecolor() for b in bars(axes[1])}
    assert drawn[0] == colours[1]["sequential"]


def test_draws_where_told():
    left, right = plt.subplots(1, 2)[1]
    assert plot_modality(table(), ax=right) is right
    assert not left.has_data()
