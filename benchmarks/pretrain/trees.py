"""Surfaces made of branching trees."""

import numpy as np
from grid import geometric, linear
from lines import nearest_line
from objects import ground


def _arms(x, y, angle, reach, arms, fold):
    """Arms on both sides of trunks: where they start, their angles and lengths."""
    place = (np.arange(arms) + 0.5) / arms
    x = x[:, None] + (reach * np.cos(angle))[:, None] * place
    y = y[:, None] + (reach * np.sin(angle))[:, None] * place
    longer = 0.45 * reach[:, None] * (1.1 - place)
    both = [(x, y, angle[:, None] + side + 0 * x, longer) for side in (fold, -fold)]
    return [np.concatenate([part.ravel() for part in parts]) for parts in zip(*both, strict=True)]


def dendrites(grid, u, rng):
    """Trunks with side arms with side arms; u1 crowds the arms, u2 goes from random trunks to
    those of one crystal.

    Langer, Rev. Mod. Phys. 52, 1 (1980), doi:10.1103/RevModPhys.52.1.
    """
    length, fold = geometric(u[0], 14, 60), float(rng.choice((np.pi / 2, np.pi / 3)))
    n = int(np.clip(0.3 * (grid.size / length) ** 2, 1, 60))
    turn = rng.uniform(0, np.pi) + np.where(rng.random(n) < u[2], 0, rng.uniform(0, np.pi, n))
    x, y = rng.uniform(0.1, 0.9, (2, n)) * grid.size
    trunks = round(2 * np.pi / fold)  # each crystal grows as many
    angle = (turn[:, None] + fold * np.arange(trunks)).ravel()
    x, y = np.repeat(x, trunks), np.repeat(y, trunks)
    reach = np.repeat(length * rng.uniform(0.6, 1.3, n), trunks)
    drawn, spacing = [], geometric(u[1], 16, 5)
    for _ in range(3):
        along = np.linspace(0, 1, int(1.5 * reach.max()) + 2)[None] * reach[:, None]
        drawn.append((x[:, None] + np.cos(angle)[:, None] * along).ravel())
        drawn.append((y[:, None] + np.sin(angle)[:, None] * along).ravel())
        long = reach > 1.3 * spacing
        if not long.any():
            break
        arms = max(1, round(reach[long].mean() / spacing))
        x, y, angle, reach = _arms(x[long], y[long], angle[long], reach[long], arms, fold)
    columns, rows = np.concatenate(drawn[::2])[None], np.concatenate(drawn[1::2])[None]
    away, _ = nearest_line(grid, columns, rows)
    return np.exp(-((away / geometric(rng.random(), 0.8, 1.8)) ** 2)) + ground(grid, rng)


def branches(grid, u, rng):
    """Trees of tips that wander, fork and stop where others have been, like diffusion-limited
    aggregates; u1 is how often they fork, u2 straightens them.

    Witten & Sander, Phys. Rev. Lett. 47, 1400 (1981), doi:10.1103/PhysRevLett.47.1400.
    """
    thick = geometric(u[0], 1.4, 7)
    points = _grown(grid, rng, thick, geometric(u[1], 0.02, 0.35), linear(u[2], 0.45, 0.03))
    away, _ = nearest_line(grid, points[None, :, 1], points[None, :, 0])
    return np.sqrt(np.maximum(0, 1 - (away / (0.5 * thick + 0.5)) ** 2)) + ground(grid, rng)


def _grown(grid, rng, thick, fork, wander):
    """Rows and columns of all places where tips have been."""
    step, cell = 0.7 * max(thick, 1.5), 1.7 * thick + 1  # tips keep that far from each other
    taken = np.full((int(grid.size / cell) + 1,) * 2, -1)
    tips = np.repeat(rng.uniform(0.15, 0.85, (int(rng.integers(1, 6)), 2)), 6, 0) * grid.size
    angle = rng.uniform(0, 2 * np.pi, len(tips))
    name, drawn = np.arange(len(tips)), [tips]
    parent = name.copy()
    for age in range(int(1.4 * grid.size / step)):
        angle = angle + wander * rng.standard_normal(len(angle))
        ahead = tips + step * np.stack([np.sin(angle), np.cos(angle)], 1)
        inside = ((ahead >= 0) & (ahead < grid.size)).all(1)
        ahead, angle, name, parent = ahead[inside], angle[inside], name[inside], parent[inside]
        row, column = (ahead / cell).astype(int).T
        there = taken[row, column]
        free = (there < 0) | (there == name) | (there == parent) | (age * step < 2 * cell)
        tips, angle, name, parent = ahead[free], angle[free], name[free], parent[free]
        if len(tips) == 0:
            break
        taken[row[free], column[free]] = name
        drawn += [tips, tips - step / 2 * np.stack([np.sin(angle), np.cos(angle)], 1)]
        forks = rng.random(len(tips)) < fork * (len(tips) < 300)
        side = rng.choice((-0.8, 0.8), forks.sum())
        tips, parent = np.concatenate([tips, tips[forks]]), np.append(parent, name[forks])
        name = np.append(name, 1000 * (age + 1) + np.arange(forks.sum()))
        angle = np.concatenate([angle, angle[forks] + side])
    return np.concatenate(drawn)
