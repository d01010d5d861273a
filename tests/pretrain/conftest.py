"""The scripts of the pretraining import each other by plain names; so do their tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks" / "pretrain"))
