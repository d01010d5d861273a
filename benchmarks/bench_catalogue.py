"""The whole catalogue on real maps: the table, and how much independent information is in it.

``python benchmarks/bench_catalogue.py --data FOLDER`` with the sub-folders ferroelectric_afm (HDF5)
and polyelectrolyte_afm/raw_data (text).
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
import record
from scipy.stats import rankdata

from tmdfeat import PhysicalFeatures
from tmdfeat.io import ScanFile
from tmdfeat.physical import describe
from tmdfeat.preprocess import preset

SHARED = Path(__file__).parents[2] / "shared" / "data"
PIXEL = 5000 / 256  # nm, for the files that do not say
LITTLE = 0.2  # share of undefined values beyond which a column is left out of the correlations


def scans(data: Path) -> tuple[list[ScanFile], list[str]]:
    """List all real maps, and the data set of each."""
    ferroelectric = sorted((data / "ferroelectric_afm").glob("*.h5"))
    films = sorted((data / "polyelectrolyte_afm" / "raw_data").glob("*/*.txt"))
    files = [ScanFile(path) for path in ferroelectric]
    files += [ScanFile(path, pixel_size=PIXEL, z_unit="m") for path in films]
    return files, ["ferroelectric"] * len(ferroelectric) + ["polyelectrolyte"] * len(films)


def measure(files: list[ScanFile]) -> pd.DataFrame:
    """Compute every descriptor of every map, rows aligned and plane subtracted."""
    images = preset("standard").fit_transform(files)
    features = PhysicalFeatures("all").set_output(transform="pandas")
    return features.fit_transform(images)


def independent(table: pd.DataFrame) -> dict:
    """Say how many directions the columns span, by the eigenvalues of their rank correlations.

    Ranks, because heights of these maps differ by powers of ten. The effective number is the
    exponential of the eigenvalues' entropy (Roy and Vetterli 2007): k equal eigenvalues give k.
    """
    defined = table.loc[:, table.isna().mean() <= LITTLE]
    filled = defined.fillna(defined.median())
    varied = filled.loc[:, filled.nunique() > 1]
    ranks = rankdata(varied.to_numpy(), axis=0)
    values = np.linalg.eigvalsh(np.corrcoef(ranks, rowvar=False).reshape(len(varied.columns), -1))
    share = np.sort(values)[::-1].clip(0) / values.clip(0).sum()
    entropy = -np.sum(share[share > 0] * np.log(share[share > 0]))
    return {
        "columns": int(table.shape[1]),
        "columns_used": len(varied.columns),
        "effective_number": round(float(np.exp(entropy)), 2),
        "directions_for_95_percent": int(np.searchsorted(share.cumsum(), 0.95) + 1),
        "largest_eigenvalue_shares": share[:6].round(3).tolist(),
    }


def explained(table: pd.DataFrame, families: pd.Series) -> dict:
    """Share of each family's rank variance that the other families' leading directions hold.

    The leading directions are the principal components of the ranks of all other families, as
    many as a fifth of the maps, so that the regression has something to be wrong about. Each
    map is predicted by a regression on the others (leave one out).
    """
    defined = table.loc[:, table.isna().mean() <= LITTLE]
    filled = defined.fillna(defined.median())
    varied = filled.loc[:, filled.nunique() > 1]
    ranks = rankdata(varied.to_numpy(), axis=0)
    z = (ranks - ranks.mean(axis=0)) / ranks.std(axis=0)
    family = families[varied.columns].to_numpy()
    k = len(z) // 5
    shares = {}
    for name in dict.fromkeys(family):
        mine, others = z[:, family == name], z[:, family != name]
        directions = np.linalg.svd(others, full_matrices=False)[0][:, :k]
        hat = directions @ directions.T + 1 / len(z)
        left_out = (mine - hat @ mine) / (1 - np.diag(hat))[:, None]
        shares[name] = round(float(1 - np.sum(left_out**2) / np.sum(mine**2)), 3)
    return shares


def main(data: Path, folder: Path = record.RESULTS) -> Path:
    files, dataset = scans(data)
    table = measure(files)
    table.insert(0, "file", [Path(file.path).name for file in files])
    table.insert(0, "dataset", dataset)
    table.round(6).to_csv(Path(folder) / "catalogue_on_real_maps.csv", index=False)
    numbers = table.drop(columns=["dataset", "file"])
    about = describe().set_index("column")["family"]
    families = {name: numbers.loc[:, about[numbers.columns] == name] for name in about.unique()}
    quality = families.pop("quality", None)
    surface = numbers if quality is None else numbers.drop(columns=quality.columns)
    path = record.write(
        "catalogue",
        {
            "maps": {name: dataset.count(name) for name in dict.fromkeys(dataset)},
            "all": independent(surface),
            "families": {name: independent(part) for name, part in families.items()},
            "held_by_the_other_families": explained(surface, about),
            "undefined": {k: int(v) for k, v in numbers.isna().sum().items() if v},
        },
        folder,
    )
    print(path.read_text(encoding="utf-8"))
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    main(parser.parse_args().data)
