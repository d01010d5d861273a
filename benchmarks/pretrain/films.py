"""Films of TMD domains as the package's simulator grows them, seen by a perfect instrument."""

from grid import geometric, linear

from tmdfeat.datasets import Field, Film, Relief, Substrate, simulate_surface


def tmd_films(grid, u, rng):
    """Domains on stepped sapphire; u0 is their distance, u1 the covered share, u2 turns aligned
    triangles into hexagons at random.

    See `tmdfeat.datasets.simulate_surface`; one pixel is 5 nm.
    """
    spacing, covered = geometric(u[0], 14, 60), linear(u[1], 0.1, 0.95)
    film = Film(
        density=(200 / spacing) ** 2,
        coverage=(covered, 0.4 * covered**2 * rng.random()),
        truncation=geometric(u[2], 2.5, 1),
        spread=geometric(u[2], 1, 60),
        birth=0.3 * rng.random(),
        raggedness=6 * rng.random(),
        gap=0.3 * rng.random(),
    )
    relief = Relief(ridge_height=0.4 * rng.random(), roughness=0.08 * rng.random())
    substrate = Substrate(terrace_width=geometric(rng.random(), 60, 300))
    field = Field(size=grid.size, scan_nm=5.0 * grid.size, levelling="plane")
    made = simulate_surface(film, substrate, relief=relief, field=field, random_state=rng)
    return made.image.z
