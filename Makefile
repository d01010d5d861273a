# One entry point per chore. Each target sets up what it needs: Python 3.11 and pip are enough.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs bench clean

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[test]'
	touch $@

demo: $(READY)  ## run the whole chain on synthetic scans; results in demo-results/
	$(BIN)/tmdfeat demo --out demo-results

# One thread per worker: two workers with two torch threads each fight for two cores.
test: lint  ## lint, then run every test (slow ones too)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

lint: $(READY)  ## check style, imports and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY)  ## renew what is generated in docs/
	$(BIN)/python -m tmdfeat.physical.catalogue > docs/descriptors.md
	$(BIN)/python docs/images/draw_demo.py
	$(BIN)/python docs/images/draw_families.py
	$(BIN)/python docs/images/draw_surfaces.py
	$(BIN)/python benchmarks/results_page.py

bench: $(READY)  ## run the benchmarks at full size; results in benchmarks/results/
	for script in benchmarks/bench_*.py; do $(BIN)/python $$script || exit 1; done

clean:  ## remove the environment and everything generated
	rm -rf $(VENV) demo-results tmdfeat-results .pytest_cache .mypy_cache .ruff_cache
