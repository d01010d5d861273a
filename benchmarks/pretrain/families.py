"""All families of surfaces: functions of the grid, three numbers from 0 to 1, and chance.

u0 is the scale, u1 an amount, u2 a kind or an order; each one's first sentence says which.
"""

import cells
import crystals
import fields
import films
import lines
import mixtures
import objects
import steels
import steps
import trees

_IN_ORDER = (
    *(fields.self_affine, fields.brushed, fields.band_limited, fields.ripples, fields.ridges),
    *(fields.wrinkles, fields.waves_on_waves, fields.scaly),
    *(cells.facets, cells.grains, cells.mounds, cells.columns, cells.foam),
    *(cells.textured_grains, cells.ordered_pores, cells.blocks),
    *(objects.disks, objects.spheres, objects.bimodal_particles, objects.granular),
    *(objects.droplets, objects.pits, objects.dewetting_holes, objects.rods),
    *(crystals.triangles, crystals.hexagons, crystals.squares, crystals.pyramids),
    *(crystals.etch_pits, crystals.stepped_pyramids, crystals.overgrown_plates),
    *(mixtures.spinodal, mixtures.labyrinth, mixtures.worms, mixtures.bicontinuous_pores),
    *(mixtures.layered_film, mixtures.film_with_holes, mixtures.dots_or_maze),
    *(steels.pearlite, steels.spheroidite, steels.boundary_network, steels.widmanstatten),
    steels.laths,
    *(steps.terraces, steps.islands, steps.spirals, steps.step_edges),
    *(lines.fibres, lines.scratches, lines.cracks, lines.wavy_cracks),
    *(trees.dendrites, trees.branches),
    films.tmd_films,
)
FAMILIES = {family.__name__: family for family in _IN_ORDER}
