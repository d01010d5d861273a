"""`simulate_surface`: one scan of a TMD film from explicit parameters, with the whole truth."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.utils import Bunch

from tmdfeat.datasets.scan_instrument import Scanner, scan_surface
from tmdfeat.datasets.surface_build import Recipe, build_surface
from tmdfeat.datasets.surface_film import Film
from tmdfeat.datasets.surface_frame import lay_frame
from tmdfeat.datasets.surface_layers import layer_map
from tmdfeat.datasets.surface_objects import Objects
from tmdfeat.datasets.surface_relief import Relief
from tmdfeat.datasets.surface_substrate import Substrate
from tmdfeat.datasets.surface_truth import truth_row
from tmdfeat.heightmap import HeightMap
from tmdfeat.parameters import check_integer, check_number
from tmdfeat.preprocess import preset


class Field(NamedTuple):
    """How much is scanned, and how the scan is levelled.

    Parameters
    ----------
    size : int, at least 8
        Pixels per side.
    scan_nm : float
        Side, nm.
    levelling : {None, "plane", "standard", "paper"}
        Preset of `tmdfeat.preprocess`; the maps of the truth are those of the scan before.
    """

    size: int = 256
    scan_nm: float = 1000.0
    levelling: str | None = None


FILM, SUBSTRATE, RELIEF, OBJECTS = Film(), Substrate(), Relief(), Objects()
SCANNER, FIELD = Scanner(), Field()


def simulate_surface(
    film=FILM,
    substrate=SUBSTRATE,
    *,
    relief=RELIEF,
    objects=OBJECTS,
    scanner=SCANNER,
    field=FIELD,
    random_state=None,
) -> Bunch:
    """Scan a simulated film, from explicit parameters.

    Nuclei are sown on stepped sapphire; domains grow from them by the kinetic Wulff
    construction, and each pixel belongs to the domain that reaches it first. The film is cut
    where it covers what is asked, exactly. Further layers grow on it in the same way.

    Parameters
    ----------
    film : Film
    substrate : Substrate
    relief : Relief
    objects : Objects
    scanner : Scanner
        By default a perfect one.
    field : Field
        By default 256 pixels and 1 µm wide, not levelled.
    random_state : int, SeedSequence, numpy Generator or None
        The same number gives the same scan.

    Returns
    -------
    Bunch
        ``image`` : HeightMap, nm, or relative if levelled by "paper".
        ``truth`` : dict of numbers, see `tmdfeat.datasets.make_tmd_afm`.
        ``surface`` : float32 array of shape (H, W), heights before the tip came, nm.
        ``layer`` : int8 array of shape (H, W), how many layers there are.
        ``terrace`` : int32 array of shape (H, W), counted upwards from 0.
        ``grain`` : int32 array of shape (number of layers, H, W), which nucleus a layer's domain
        grew from, -1 where there is none.
        ``nuclei`` : DataFrame with a row per nucleus, in and around the field: layer (from 1),
        nucleus, row_nm, column_nm, angle_deg, birth (nm of growth).

    Raises
    ------
    ValueError
        If a parameter is out of range.

    Notes
    -----
    The same seed gives the same scan to rounding; where a rounding decides whether a pixel is
    on one terrace or the next, machines may differ in that pixel.

    References
    ----------
    Necas & Klapetek, Nanomaterials 11, 1746 (2021), doi:10.3390/nano11071746, reviews synthetic
    data in scanning probe microscopy.

    Examples
    --------
    >>> from tmdfeat.datasets import Field, Film, simulate_surface
    >>> film = Film(density=50, coverage=(0.6, 0.1))
    >>> made = simulate_surface(film, field=Field(size=100), random_state=0)
    >>> made.image
    HeightMap('', 100x100 px, 1000 x 1000 nm, heights in nm)
    >>> [int((made.layer >= k).sum()) for k in (1, 2, 3)]
    [6000, 1000, 0]
    """
    size, pixel = _check(field)
    building, scanning = np.random.default_rng(random_state).spawn(2)
    frame = lay_frame((size, size), pixel, scanner)
    recipe = Recipe(substrate, film, relief, objects)
    surface = build_surface(recipe, frame, building)
    z, counts = scan_surface(surface.z, pixel, scanner, scanning)
    image = HeightMap(z, z_unit="nm", pixel_size=(pixel, pixel))
    if field.levelling is not None:
        [image] = preset(field.levelling).fit_transform([image])
    return Bunch(
        image=image,
        truth=truth_row(recipe, scanner, surface, counts),
        surface=surface.z,
        layer=layer_map(surface.layers, z.shape),
        terrace=surface.terrace,
        grain=np.array([layer.grain for layer in surface.layers]).reshape(-1, *z.shape),
        nuclei=_table(surface.layers),
    )


def _check(field) -> tuple[int, float]:
    size = check_integer("size", field.size, 8)
    check_number("scan_nm", field.scan_nm, 0, 1e9)
    return size, field.scan_nm / size


def _table(layers) -> pd.DataFrame:
    names = ("layer", "nucleus", "row_nm", "column_nm", "angle_deg", "birth")
    blocks = [
        np.column_stack(
            [
                np.full(len(nuclei.rows), number),
                np.arange(len(nuclei.rows)),
                nuclei.rows,
                nuclei.columns,
                np.degrees(nuclei.angle),
                nuclei.birth,
            ]
        )
        for number, (nuclei, *_) in enumerate(layers, start=1)
    ]
    table = pd.DataFrame(np.concatenate([np.empty((0, 6)), *blocks]), columns=names)
    return table.astype({"layer": int, "nucleus": int})
