# Health Cloud. `make help` lists the targets; `make run` and `make test` are the two that matter.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
RESIDENTS ?= 20000

.DEFAULT_GOAL := help
.PHONY: help run sandbox test unit check check-js fix guard city drills bench docs lock clean debian-test debian-bench

help: ## Show this list
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*## "} {printf "  make %-12s %s\n", $$1, $$2}'

run: $(STAMP) ## Bring up the demonstration city (RESIDENTS=20000, TLS=1 for HTTPS) and say where to look
	@$(BIN)/healthcloud demo run --residents $(RESIDENTS) $(if $(filter-out 0,$(TLS)),--tls)

sandbox: $(STAMP) ## Bring up a sandbox: invented citizens, keys for every way in, failures on a switch, hospital simulators
	@$(BIN)/healthcloud sandbox

test: check unit city ## Everything that must pass: checks, unit tests, the whole city as processes

unit: $(DEV_STAMP) ## Unit and feature tests on a real PostgreSQL, on both cores: three workers, for one mostly waits
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 3 --dist worksteal -m "not city"

city: $(DEV_STAMP) debian-test ## Journeys through the whole city as processes, in a real browser where there are pages
	$(BIN)/pytest -m "city and not drill"

check: $(DEV_STAMP) ## Lint, types, architecture
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check-js: ## Types of the pages' scripts by the pinned TypeScript; needs Node and npm, which nothing else does
	@scripts/check-js

guard: $(DEV_STAMP) ## Only the tests about the code base itself
	$(BIN)/pytest tests/guard

fix: $(DEV_STAMP) ## Format and mend what a tool can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

drills: $(DEV_STAMP) ## Slow drills: kills and restarts under load
	$(BIN)/pytest -m drill

bench: $(DEV_STAMP) debian-bench ## Measure every promise of docs/reference/performance.md
	$(BIN)/python -m bench

docs: $(DEV_STAMP) ## Write the generated reference pages anew
	$(BIN)/python -m healthcloud.server.reference docs/reference

lock: $(VENV)/bin/python ## Pin requirements with hashes anew
	$(BIN)/pip install --quiet uv
	for f in requirements requirements-linkage requirements-dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate $$f.in -o $$f.txt; done

clean: ## Remove what was built (the city's data in var/ stays)
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed / 需要 Python 3.11 以上"; exit 1; }
	@scripts/debian-packages venv
	$(PYTHON) -m venv $(VENV)

$(STAMP): requirements.txt pyproject.toml packages/*/pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	@scripts/link-packages $(VENV)
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(STAMP)
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

debian-test:
	@scripts/debian-packages test

debian-bench:
	@scripts/debian-packages bench
