"""Draw how the losses of a training fell."""

from pathlib import Path

import pandas as pd


def draw_curves(log: Path, picture: Path) -> None:
    """Draw the losses of a log by step, one panel for each signal."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    lines = pd.read_csv(log).drop_duplicates("step", keep="last")  # after a stop, written twice
    signals = lines.columns[4:]
    figure, panels = plt.subplots(
        1, len(signals), figsize=(4.5 * len(signals), 3), squeeze=False, layout="constrained"
    )
    for panel, signal in zip(panels[0], signals, strict=True):
        panel.plot(lines["step"], lines[signal], linewidth=1)
        panel.set(xlabel="step", ylabel="loss", title=signal)
        panel.grid(alpha=0.3)
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, dpi=110)
    plt.close(figure)
