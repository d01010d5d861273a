"""The truth about a simulated scan, in one row of a table."""

from dataclasses import asdict

import cv2
import numpy as np

LISTED = 3  # layers that have columns, present or not


def truth_row(recipe, scanner, surface, counts) -> dict:
    """Return what was drawn and what is visible.

    Parameters
    ----------
    recipe : tmdfeat.datasets.surface_build.Recipe
    scanner : tmdfeat.datasets.scan_instrument.Scanner
    surface : tmdfeat.datasets.surface_build.Surface
    counts : dict of str to int
        Of scars and lost rows.

    Returns
    -------
    dict
        See `tmdfeat.datasets.simulate_surface`.
    """
    drawn = {**recipe._asdict(), "scanner": scanner}
    parameters = {
        f"{owner}.{name}": value
        for owner, part in drawn.items()
        for name, value in asdict(part).items()
        if name != "coverage"
    }
    return {
        **_visible(surface.layers, recipe.film),
        **_named(recipe, scanner),
        **{f"n_{kind}": number for kind, number in {**surface.counts, **counts}.items()},
        **parameters,
    }


def _visible(layers, film) -> dict:
    first = layers[0] if layers else None
    row = {
        "coverage_asked": film.coverage[0] if film.coverage else 0.0,
        "n_nuclei": len(first.nuclei.rows) if first else 0,
    }
    for i in range(max(LISTED, len(layers))):
        suffix = f"_{i + 1}" if i else ""
        layer = layers[i] if i < len(layers) else None
        row[f"coverage{suffix}"] = float(layer.mask.mean()) if layer else 0.0
        row[f"n_domains{suffix}"] = _different(layer.grain) if layer else 0
        row[f"n_components{suffix}"] = _pieces(layer.mask) if layer else 0
    return row


def _named(recipe, scanner) -> dict:
    substrate, film = recipe.substrate, recipe.film
    return {
        "density_per_um2": film.density,
        "truncation": film.truncation,
        "orientation_deg": substrate.azimuth % 120,
        "antiparallel": film.antiparallel,
        "spread_deg": float(film.spread),
        "terrace_azimuth_deg": substrate.azimuth,
        "terrace_width_nm": substrate.terrace_width,
        "step_height_nm": substrate.step_height * substrate.bunching,
        "layer_height_nm": film.layer_height,
        "roughness_nm": recipe.relief.roughness,
        "noise_nm": scanner.noise,
        "row_offset_nm": scanner.row_offset,
        "tilt_rows_nm": scanner.tilt_rows,
        "tilt_columns_nm": scanner.tilt_columns,
    }


def _different(grain) -> int:
    return int(np.count_nonzero(np.bincount(grain[grain >= 0])))


def _pieces(mask) -> int:
    """Connected pieces, over corners too; cv2 counts the background as one."""
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1
