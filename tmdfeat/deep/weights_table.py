"""Which weights are on this machine, as rows of a table."""

from pathlib import Path

from tmdfeat.deep.weights_folder import torch_folder, weights_files, weights_folder
from tmdfeat.deep.weights_hashes import check_hash, hash_in_name, recorded_hash
from tmdfeat.deep.weights_sources import published


def list_weights(*, every: bool = False) -> list[dict[str, str]]:
    """List files of weights: name, file, size, where and whether their hash is true.

    Parameters
    ----------
    every : bool, default False
        Also list what could be downloaded.

    Returns
    -------
    list of dict
        ``name`` is what `tmdfeat weights download` takes and ``""`` if the file is not known.
    """
    rows = []
    for folder in (weights_folder(), torch_folder()):
        rows += [_row(path, folder) for path in weights_files(folder)]
    here = {row["file"] for row in rows}
    if every:
        rows += [
            {"name": name, "file": file, "size": "", "where": "not here", "verified": ""}
            for file, (name, _) in published().items()
            if file not in here
        ]
    return rows


def _row(path: Path, folder: Path) -> dict[str, str]:
    file = path.relative_to(folder).as_posix()
    name, source = published().get(file, ("", None))
    where = "weights folder" if folder == weights_folder() else "torch's folder"
    publisher = source.sha256 if source else hash_in_name(path.name)
    return {
        "name": name,
        "file": file,
        "size": f"{path.stat().st_size / 2**20:.1f} MiB",
        "where": where,
        "verified": _verdict(path, publisher),
    }


def _verdict(path: Path, publisher: str | None) -> str:
    try:
        recorded = recorded_hash(path)
        for known in (publisher, recorded):
            if known is not None:
                check_hash(path, known, way_out="")
    except ValueError:
        return "NO: damaged or another file"
    if publisher:
        return "yes"
    return "as it came" if recorded else "no hash known"
