# Everything runs in .venv, made from the locks in requirements/ with plain pip.
VENV ?= .venv
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test slow check validate wheel bench schema lock clean

## Simulate the 1999 bank's day and print what happened.
demo: $(VENV)/.runs
	$(BIN)/journeysim run scenarios/bank_1999.toml

## The test suite but for what is slow.
test: $(VENV)/.develops
	$(BIN)/python -m pytest -n auto -m "not slow"

## What is slow: clusters, killed processes, whole benchmarks.
slow: $(VENV)/.develops
	$(BIN)/python -m pytest -n auto -m slow

## Formatting, lint, types and the direction of imports.
check: $(VENV)/.develops
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## The long statistical suite; its verdicts go to validation/results.
validate: $(VENV)/.develops
	$(BIN)/python -m validation.theory
	$(BIN)/python -m validation.twins
	$(BIN)/python -m validation.faults
	$(BIN)/python -m validation.compare
	$(BIN)/python -m validation.verdicts

## The wheel and the sdist in an empty environment and an empty folder.
wheel: $(VENV)/.develops
	$(BIN)/python -m validation.wheel

## The reference engine beside a plain SimPy script.
bench: $(VENV)/.develops
	$(BIN)/python -m benchmarks.reference

## Write the JSON Schema that editors use.
schema: $(VENV)/.runs
	$(BIN)/journeysim schema > scenarios/scenario.schema.json

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "journeysim needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements/build.lock
	touch $@

$(VENV)/.runs: $(VENV)/.made requirements/run.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements/run.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.develops: $(VENV)/.runs requirements/dev.lock
	$(PIP) install --require-hashes -r requirements/dev.lock
	touch $@

## Renew the locks (needs pip-tools in the environment that runs make).
lock:
	pip-compile -q --strip-extras --generate-hashes --no-header --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements/build.lock requirements/build.in
	pip-compile -q --strip-extras --generate-hashes --no-header --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra dev -o requirements/dev.lock pyproject.toml
	pip-compile -q --strip-extras --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -c requirements/dev.lock -o requirements/run.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
