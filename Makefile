# make demo   the main job, from a phantom hospital's archive to a served dataset
# make test   every test; installs what it needs; DATABASE=postgresql: with every catalog on a server
# make check  only the quick ones: format, lint, types, house rules
# make bench  speed, memory and the installation without internet; writes docs/benchmarks.md
# make bundle one archive in dist/ that installs without internet: docs/install.md
# make setup  the virtual environment with the mammoset command and the developers' tools, and the built client

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= build/demo
PYTEST_ARGS ?=
DATABASE ?= sqlite
CLIENT := src/mammoset/web/client/index.html
CLIENT_SOURCES := $(shell find client -type f -not -path 'client/node_modules/*')
CLIENT_MODULES := client/node_modules/.package-lock.json

.PHONY: demo test check bench bundle setup packages lock clean

demo: setup
	$(BIN)/mammoset demo $(DEMO)

test: setup packages check
	scripts/with-node $(BIN) npm run --silent test
	MAMMOSET_TEST_DATABASE=$(DATABASE) scripts/in-namespace $(BIN)/python -m pytest -n auto --dist loadgroup $(PYTEST_ARGS)

check: setup $(CLIENT_MODULES)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	scripts/with-node $(BIN) npm run --silent check

bench: setup packages
	-scripts/make-bundle $(BIN)/python build/bundle
	-scripts/make-peers $(PYTHON) build/peers
	scripts/in-namespace $(BIN)/python -m bench

bundle: setup
	scripts/make-bundle $(BIN)/python dist

setup: $(VENV)/.installed $(CLIENT)

$(VENV)/.installed: requirements/dev.txt pyproject.toml scripts/make-venv
	scripts/make-venv $(PYTHON) $(VENV)
	touch $@

$(CLIENT): $(CLIENT_SOURCES) scripts/make-client scripts/with-node | $(VENV)/.installed
	scripts/make-client $(BIN)

$(CLIENT_MODULES): client/package-lock.json | $(CLIENT)
	scripts/with-node $(BIN) npm ci --loglevel error >/dev/null
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
	rm -rf $(VENV) client/node_modules $(dir $(CLIENT)) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
