"""Many objects of one shape stamped on a map at once."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Objects:
    """Places, radii (px) and directions of objects, in the order in which they come."""

    x: np.ndarray
    y: np.ndarray
    radius: np.ndarray
    angle: np.ndarray
    aspect: float = 1.0
    sides: int = 0  # 0: round

    def __len__(self):
        return len(self.x)


@dataclass(frozen=True, eq=False)
class Stamped:
    """Pixels inside objects: flat index, object, and depth (1 in its middle, 0 on its rim)."""

    size: int
    pixel: np.ndarray
    owner: np.ndarray
    depth: np.ndarray

    def keep(self, kept):
        return Stamped(self.size, self.pixel[kept], self.owner[kept], self.depth[kept])


def places(grid, rng, n, margin, clumping=0.0):
    """Columns and rows of n points in and around the map, the first one inside.

    With clumping, a share of them gathers around few others (a Thomas process).
    """
    x, y = rng.uniform(-margin, grid.size + margin, (2, n))
    if clumping > 0:
        parents = max(3, n // 40)
        chosen = rng.integers(parents, size=n)
        reach = 0.06 * grid.size
        gather = (rng.random(n) < clumping) & (np.arange(n) >= parents)
        x[gather] = (x[chosen] + reach * rng.standard_normal(n))[gather]
        y[gather] = (y[chosen] + reach * rng.standard_normal(n))[gather]
    x[0], y[0] = rng.uniform(0.25, 0.75, 2) * grid.size
    return x, y


def directions(rng, n, align):
    """Angles of which a share are equal, within a few degrees."""
    base, spread = rng.uniform(0, 2 * np.pi), 0.06 * rng.standard_normal(n)
    return np.where(rng.random(n) < align, base + spread, rng.uniform(0, 2 * np.pi, n))


def scatter(grid, rng, radius, share, spread=0.2, clumping=0.0, align=0.0, aspect=1.0, sides=0):
    """More than enough objects to cover a share of the map, their radii log-normal."""
    area = np.pi * radius**2 / aspect * np.exp(2 * min(spread, 0.5) ** 2)
    n = -1.2 * np.log1p(-share) * (grid.size + 2 * radius) ** 2 / area / (1 - 0.7 * clumping)
    n = int(np.clip(n, 0, 20_000)) + 8
    x, y = places(grid, rng, n, radius, clumping)
    radii = radius * np.exp(np.clip(spread * rng.standard_normal(n), -1.2, 1.2))
    return Objects(x, y, radii, directions(rng, n, align), aspect, sides)


def _corner(sides):
    """Apothem and outermost point of a polygon as large as the unit circle."""
    if sides == 0:
        return 1.0, 1.0
    apothem = np.sqrt(np.pi / (sides * np.tan(np.pi / sides)))
    return apothem, apothem / np.cos(np.pi / sides)


def _distance(objects, owner, dx, dy):
    """How far out a pixel lies in its object, 1 on the rim."""
    radius = objects.radius[owner]
    if objects.sides:
        out = np.zeros_like(dx)
        for turn in 2 * np.pi / objects.sides * np.arange(objects.sides):
            c, s = np.cos(objects.angle + turn)[owner], np.sin(objects.angle + turn)[owner]
            np.maximum(out, c * dx + s * dy, out=out)
        return out / (radius * np.float32(_corner(objects.sides)[0]))
    if objects.aspect == 1:
        return np.hypot(dx, dy) / radius
    c, s = np.cos(objects.angle)[owner], np.sin(objects.angle)[owner]
    return np.hypot(c * dx + s * dy, objects.aspect * (c * dy - s * dx)) / radius


def _ragged(counts):
    """Which range, and where in it, for ranges of these lengths put one after another."""
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    starts = (np.cumsum(counts) - counts).astype(np.int32)
    return owner, np.arange(len(owner), dtype=np.int32) - starts[owner]


def _candidates(objects):
    """Object and offset of every pixel of boxes around the objects, one after the other."""
    slender = objects.aspect > 2  # boxes turned with the object, denser so that none is missed
    step = 0.7 if slender else 1.0
    reach = objects.radius * _corner(objects.sides)[1]
    a = np.ceil(reach / step).astype(np.int32) + 1
    b = np.ceil(reach / (objects.aspect if slender else 1) / step).astype(np.int32) + 1
    of_row, row = _ragged(2 * b + 1)
    from_row, column = _ragged((2 * a + 1)[of_row])
    owner = of_row[from_row]
    dy = ((row - b[of_row]) * np.float32(step))[from_row]
    dx = (column - a[owner]) * np.float32(step)
    if slender:
        c, s = np.cos(objects.angle)[owner], np.sin(objects.angle)[owner]
        dx, dy = c * dx - s * dy, s * dx + c * dy
    return owner, dx, dy


def stamp(grid, objects):
    """All pixels inside the objects; one pixel may lie in several, and in one twice."""
    single = (objects.x, objects.y, objects.radius, objects.angle)
    x, y, radius, angle = (a.astype(np.float32) for a in single)
    objects = replace(objects, x=x, y=y, radius=radius, angle=angle)
    owner, dx, dy = _candidates(objects)
    column = np.rint(x[owner] + dx).astype(np.int32)
    row = np.rint(y[owner] + dy).astype(np.int32)
    inside = (column >= 0) & (column < grid.size) & (row >= 0) & (row < grid.size)
    owner, column, row = owner[inside], column[inside], row[inside]
    out = _distance(objects, owner, column - x[owner], row - y[owner])
    found = Stamped(grid.size, row * grid.size + column, owner, 1 - out)
    return found.keep(out < 1)


def up_to(stamped, share):
    """The first objects only, as many as it takes to cover a share of the map."""
    first = np.full(stamped.size**2, np.iinfo(np.int32).max, np.int32)
    first[stamped.pixel[::-1]] = stamped.owner[::-1]  # of equal indices the last one counts
    needed = np.partition(first, min(int(share * first.size), first.size - 1))
    last = needed[min(int(share * first.size), first.size - 1)]
    return stamped.keep(stamped.owner <= last)


def highest(stamped, heights, ground=0.0):
    """The upper envelope of heights given for every stamped pixel."""
    z = np.full(stamped.size**2, ground, np.float32)
    np.maximum.at(z, stamped.pixel, heights.astype(np.float32))
    return z.reshape(stamped.size, -1)


def latest(stamped, heights, ground=0.0):
    """Heights of the object that came last."""
    z = np.full(stamped.size**2, ground, np.float32)
    z[stamped.pixel] = heights
    return z.reshape(stamped.size, -1)
