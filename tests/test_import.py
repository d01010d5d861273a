"""`import tmdfeat` is quick and leaves the heavy libraries alone."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "torchvision", "xgboost", "shap", "matplotlib")
LIMIT_S = 0.5
TIMED = """
import sys, time
start = time.perf_counter()
import tmdfeat
print(time.perf_counter() - start)
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""


def run(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.splitlines()


def test_importing_tmdfeat_is_quick_and_loads_nothing_heavy():
    runs = [run(TIMED) for _ in range(3)]
    assert min(float(seconds) for seconds, _ in runs) < LIMIT_S  # the best: others share the CPU
    assert not set(runs[0][1].split()) & set(HEAVY)


@pytest.mark.parametrize("room", ["targets", "pipelines", "evaluate"])
def test_rooms_without_networks_load_nothing_heavy(room):
    code = f"import tmdfeat.{room}, sys; print(*[m for m in {HEAVY} if m in sys.modules])"
    assert run(code) == [""]
