# make demo   the main job, from a phantom hospital's archive to a served dataset
# make test   every test; installs what it needs
# make check  only the quick ones: format, lint, types, house rules
# make bench  speed, memory and the installation without internet; writes docs/benchmarks.md
# make bundle one archive in dist/ that installs without internet: docs/install.md
# make setup  the virtual environment with the mammoset command and the developers' tools

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= build/demo
PYTEST_ARGS ?=

.PHONY: demo test check bench bundle setup packages lock clean

demo: setup
	$(BIN)/mammoset demo $(DEMO)

test: setup packages check
	scripts/in-namespace $(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST_ARGS)

check: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy

bench: setup packages
	-scripts/make-bundle $(BIN)/python build/bundle
	-scripts/make-peers $(PYTHON) build/peers
	scripts/in-namespace $(BIN)/python -m bench

bundle: setup
	scripts/make-bundle $(BIN)/python dist

setup: $(VENV)/.installed

$(VENV)/.installed: requirements/dev.txt pyproject.toml scripts/make-venv
	scripts/make-venv $(PYTHON) $(VENV)
	touch $@

packages:
	scripts/debian-packages

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
	  pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
	  --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
