"""The 14 quantities of doi:10.1088/2632-2153/ada2da, as their published code computes them.

Written from the definitions, on the picture repeated three times, (H, W, 3), with values 0 to 1;
slow on purpose, and without tmdfeat: the truth that the paper family is tested against.
"""

import warnings

import numpy as np
from scipy import ndimage
from skimage import feature, filters, measure, morphology


def literal_paper(picture, in_the_plane=False):
    """Take a picture (H, W) with values 0 to 255, return all quantities by column name.

    With `in_the_plane`, blobs are looked for in one of the three copies of the picture.
    """
    image = np.repeat(picture[:, :, None], 3, axis=2) / 255
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # 0 / 0 on flat pictures
        return {
            "paper_rms_roughness": rms_roughness(image),
            "paper_step_edges": step_edges(image),
            "paper_defect_density_per_px": defect_density(image),
            "paper_anisotropy_rad_px": anisotropy(image),
            "paper_local_variation": local_variation(image),
            "paper_dog_blobs": dog_blobs(image[:, :, 0] if in_the_plane else image),
            "paper_grain_size_px": grain_size(image),
            "paper_grain_density_per_px": grain_density(image),
            **glcm(picture),
        }


def rms_roughness(image):
    return np.sqrt(np.mean((image - ndimage.gaussian_filter(image, sigma=1.0)) ** 2))


def step_edges(image):
    edges = feature.canny(image[:, :, 0], sigma=0.3)
    square = np.ones((3, 3))
    closed = ndimage.binary_erosion(ndimage.binary_dilation(edges, square), square)
    return ndimage.label(closed)[1]


def defect_density(image):
    smooth = filters.gaussian(image, sigma=1, channel_axis=-1)
    peaks = feature.peak_local_max(smooth, min_distance=1)
    return len(peaks) / (image.shape[0] * image.shape[1] * image.shape[2])


def anisotropy(image):
    gx, gy, _ = np.gradient(image)
    return np.std(np.arctan2(gy, gx)) / np.mean(np.hypot(gx, gy))


def local_variation(image):
    variation = np.abs(image - ndimage.gaussian_filter(image, sigma=1))
    return np.mean(variation / np.max(variation))


def dog_blobs(image):
    return len(feature.blob_dog(image, threshold=0.001, min_sigma=5, max_sigma=40))


def glcm(picture):
    levels = picture.astype(int)
    matrix = feature.graycomatrix(
        levels,
        distances=[1],
        angles=[0],
        levels=levels.max() - levels.min() + 1,
        symmetric=True,
        normed=True,
    )
    names = ("contrast", "dissimilarity", "homogeneity", "energy", "correlation", "ASM")
    return {f"paper_{name.lower()}": feature.graycoprops(matrix, name).mean() for name in names}


def bright(image):
    smooth = filters.gaussian(image[:, :, 0] * 255, sigma=1)
    return smooth > filters.threshold_otsu(smooth)


def grain_size(image):
    regions = measure.regionprops(measure.label(bright(image)))
    return np.mean([region.equivalent_diameter_area for region in regions])


def grain_density(image):
    opened = morphology.opening(bright(image), morphology.disk(5))
    return measure.label(opened).max() / (image.shape[0] * image.shape[1])
