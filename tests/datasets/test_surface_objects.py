import numpy as np
import pytest
from skimage.measure import label, regionprops

from tmdfeat.datasets.scan_instrument import Scanner
from tmdfeat.datasets.surface_frame import lay_frame
from tmdfeat.datasets.surface_objects import FLAKE_WIDTH, Objects, add_objects
from tmdfeat.datasets.surface_substrate import Substrate, lay_steps

FRAME = lay_frame((300, 300), 2.0, Scanner())
STEPS = lay_steps(Substrate(azimuth=0.0, meander=0.0), FRAME, np.random.default_rng(0))

FLAKE = np.pi * 40 * FLAKE_WIDTH / 2  # area of one 80 nm long


def put(objects, seed=0, frame=FRAME):
    z = np.zeros(frame.rows.shape, dtype=np.float32)
    return z, add_objects(z, objects, STEPS, frame, np.random.default_rng(seed))


def whole(mask):
    """Pieces that do not touch the border."""
    props = regionprops(label(mask))
    return [p for p in props if min(p.bbox[:2]) > 0 and max(p.bbox[2:]) < len(mask)]


def test_nothing_asked_is_nothing_put():
    z, counts = put(Objects())
    assert (z == 0).all()
    assert counts == {"pits": 0, "particles": 0, "flakes": 0}


def test_particles_are_ellipsoids_of_the_median_size():
    objects = Objects(particles=20, particle_height=3.0, particle_diameter=24.0, size_spread=0.0)
    z, counts = put(objects)
    assert counts["particles"] > 0
    [first, *_] = sorted(whole(z > 0), key=lambda p: abs(p.area - np.pi * 36))
    assert first.area * 4 == pytest.approx(np.pi * 12**2, rel=0.1)
    top = z[first.slice]
    assert top.max() == pytest.approx(3.0, rel=0.02)
    volume = top.sum() * 4
    assert volume == pytest.approx(2 / 3 * np.pi * 12**2 * 3, rel=0.1)  # half an ellipsoid


def test_the_number_of_objects_is_that_of_the_density():
    counts = [put(Objects(particles=5, pits=9, flakes=2), seed)[1] for seed in range(60)]
    area = 0.598**2
    for kind, density in (("particles", 5), ("pits", 9), ("flakes", 2)):
        mean = density * area
        found = np.mean([c[kind] for c in counts])
        assert found == pytest.approx(mean, abs=4 * np.sqrt(mean / 60))


def test_flakes_stand_at_multiples_of_sixty_degrees_from_the_ascent():
    angles = []
    for seed in range(12):
        z, _ = put(Objects(flakes=6, flake_length=80.0, size_spread=0.0), seed)
        alone = (p for p in whole(z > 0) if abs(p.area * 4 / FLAKE - 1) < 0.15)
        angles.extend(np.degrees(p.orientation) for p in alone)  # from rows towards columns
    assert len(angles) > 10
    off = (np.array(angles) + 30) % 60 - 30
    assert np.abs(off).max() < 3


def test_pits_go_down_and_keep_to_their_depth():
    z, _ = put(Objects(pits=5, pit_depth=0.3, pit_diameter=20.0, size_spread=0.0), seed=2)
    pieces = [p for p in whole(z < 0) if p.area * 4 == pytest.approx(np.pi * 100, rel=0.15)]
    assert pieces
    assert z[pieces[0].slice].min() == pytest.approx(-0.3, rel=1e-5)


def test_particles_sit_on_steps_where_asked():
    objects = Objects(particles=20, on_steps=1.0, particle_diameter=8.0, size_spread=0.0)
    z, _ = put(objects)
    centres = np.array([p.centroid for p in whole(z > 0)]) * 2.0
    distance = np.abs(STEPS.phase(*centres.T)[:, None] - STEPS.edges).min(axis=1) * 62.0
    assert np.median(distance) < 2.0


def test_in_a_sheared_frame_particles_are_sheared_and_none_is_lost():
    sheared = lay_frame((300, 300), 2.0, Scanner(drift_columns=0.3))
    objects = Objects(particles=10, particle_diameter=40.0, size_spread=0.0)
    for seed in range(5):
        z, _ = put(objects, seed, sheared)
        for piece in whole(z > 0):
            assert piece.area * 4 > 0.85 * np.pi * 20**2


def test_where_drift_and_creep_move_the_rows_no_object_is_cut():
    moved = lay_frame((300, 300), 2.0, Scanner(drift_rows=0.02, creep=20.0))
    objects = Objects(particles=20, particle_diameter=16.0, size_spread=0.0)
    apart = np.gradient(moved.rows[:, 0])
    pieces = [p for seed in range(5) for p in whole(put(objects, seed, moved)[0] > 0)]
    assert len(pieces) > 10
    assert min(2 * apart[p.coords[:, 0]].sum() for p in pieces) > 0.85 * np.pi * 8**2
