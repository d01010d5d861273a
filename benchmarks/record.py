"""Write what was measured, where, and at which commit to benchmarks/results/."""

import json
import os
import platform
import subprocess
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("numpy", "scikit-learn", "torch", "torchvision", "openvino", "xgboost", "shap")


def provenance() -> dict:
    """Return date, commit, processor and versions."""
    return {
        "date": date.today().isoformat(),
        "commit": _git("rev-parse", "--short", "HEAD") + ("+changes" if _changed() else ""),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "threads": os.environ.get("OMP_NUM_THREADS", "default"),
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }


def write(name: str, results: dict, folder: Path = RESULTS) -> Path:
    """Write ``results`` and their provenance as ``<folder>/<name>.json``."""
    path = Path(folder) / f"{name}.json"
    text = json.dumps({"provenance": provenance(), **results}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _changed() -> bool:
    # Results of other benchmarks may be new; only code decides what was measured.
    return bool(_git("status", "--porcelain", "--", "tmdfeat", "benchmarks/*.py"))


def _git(*arguments) -> str:
    command = ["git", "-C", str(Path(__file__).parent.parent), *arguments]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or ("unknown" if arguments[0] == "rev-parse" else "")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
