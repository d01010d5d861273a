"""Which files in a folder are scans."""

from pathlib import Path

from tmdfeat.io.reading import READERS

NO_SCANS = {"readme", "license", "licence", "copying", "notice", "changelog", "citation"}


def find_scans(folder: Path, pattern: str) -> tuple[list[Path], list[Path]]:
    """Look for scans in a folder and all folders below it.

    Parameters
    ----------
    folder : Path
    pattern : str
        Glob of the file names to look at. A suffix in it, as in ``"*.ibw"``, is taken for one
        of scans, whether or not a reader is built in.

    Returns
    -------
    scans, others : lists of Path, sorted
        `others` match the pattern, but are named README, LICENSE and the like, or have a
        suffix that no built-in reader knows. Hidden files are in neither.
    """
    suffixes = {*READERS, Path(pattern).suffix.lower()} - {""}
    scans: list[Path] = []
    others: list[Path] = []
    for file in sorted(folder.rglob(pattern)):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if hidden or not file.is_file():
            continue
        is_scan = file.suffix.lower() in suffixes and file.stem.lower() not in NO_SCANS
        (scans if is_scan else others).append(file)
    return scans, others
