"""Peak memory of one process that computes features of many files.

As a script it is that process: ``python benchmarks/peak_memory.py FOLDER``.
"""

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from tmdfeat import CNNFeatures

NETWORK = "mobilenet_v3_small"


def compare(folder: Path, numbers: tuple[int, int], side: int) -> dict:
    """Peak memory of a process for few files and for many."""
    peaks = {}
    for number in numbers:
        write_files(folder / str(number), number, side)
        peaks[str(number)] = round(peak_mib(folder / str(number)))
    few, many = peaks.values()
    return {
        "what": f"{NETWORK}, files of {side}x{side}, whole process",
        "mib": peaks,
        "difference_mib": many - few,
    }


def write_files(folder: Path, number: int, side: int) -> None:
    """Write files that are small on disk, large when read, and all different.

    Pictures of a few rectangles compress well; read as heights they take 8 bytes a pixel.
    """
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    for i in range(number):
        z = np.zeros((side, side), dtype=np.uint8)
        for value, (r, c) in enumerate(rng.integers(0, side - side // 4, size=(8, 2)), start=1):
            z[r : r + side // 4, c : c + side // 4] = 30 * value
        z[0, : side // 4] = np.array([255 * int(bit) for bit in f"{i:0{side // 4}b}"])
        Image.fromarray(z).save(folder / f"{i:05d}.png")


def peak_mib(folder: Path) -> float:
    """Most resident memory, in MiB, of a fresh process that extracts all files of a folder."""
    command = [sys.executable, __file__, str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"{command} failed: {answer.stderr}")
    return float(answer.stdout)


def own_peak_mib() -> float:
    """Most resident memory of this process so far, in MiB.

    On Linux not by getrusage: that counts what the process which started this one had, too.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = (line.split() for line in status.read_text().splitlines())
        return next(int(words[1]) for words in lines if words[0] == "VmHWM:") / 2**10
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (2**20 if sys.platform == "darwin" else 2**10)


def _extract(folder: Path) -> float:
    files = sorted(folder.glob("*.png"))
    cnn = CNNFeatures(NETWORK, weights=None, device="cpu")
    found = cnn.fit_transform(files)
    if len(np.unique(found, axis=0)) < len(files):
        raise RuntimeError("files were meant to differ, but some have equal features.")
    return own_peak_mib()


if __name__ == "__main__":
    print(_extract(Path(sys.argv[1])))
