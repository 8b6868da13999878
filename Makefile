# Everything a developer or a machine runs. `make help` lists it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
STAMP_DEV := $(VENV)/.installed-dev
XDIST ?= auto

.DEFAULT_GOAL := help
PAGES := docs/*.md README.md events/catalogue/README.md
.PHONY: help install demo test thorough check lint types docs-check docs generated bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(STAMP_DEV): $(STAMP) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	touch $@

install: $(STAMP) ## create the environment with the command `deals` in it

demo: $(STAMP) ## record the shipped catalogue, tell the story as of three dates, export and verify the trail
	$(BIN)/deals demo

test: $(STAMP_DEV) ## run the tests, without those that try the same at every step, seed or spelling
	$(BIN)/pytest -n $(XDIST) --dist worksteal -m "not thorough"

thorough: $(STAMP_DEV) ## run the tests that `test` leaves out
	$(BIN)/pytest -n $(XDIST) --dist worksteal -m thorough

lint: $(STAMP_DEV) ## style, imports, dependencies, SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/sqlfluff lint --processes 2 projections/sql

types: $(STAMP_DEV) ## static types, strict
	$(BIN)/mypy

docs-check: $(STAMP_DEV) ## the generated parts of the documentation are up to date
	$(BIN)/cog --check -I . $(PAGES)

docs: $(STAMP_DEV) ## write the generated parts of the documentation anew
	$(BIN)/cog -r -I . $(PAGES)

generated: $(STAMP_DEV) ## write all that follows from models, verbs and measures: options, golden files and pages, documentation
	$(BIN)/python -m cli.recording.flags_from_schema
	$(BIN)/python -m tests.golden.write
	$(BIN)/pytest -q -n 0 tests/cli/test_golden.py -k "help or first_page or schema" --snapshot-update
	$(BIN)/cog -r -I . $(PAGES)

check: lint types docs-check test thorough ## everything that a change has to pass

bench: $(STAMP_DEV) ## measure speed and memory as ratios to a floor or a peer
	$(BIN)/python -m benchmarks

lock: ## pin all dependencies anew, with hashes and without addresses
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml --group build --output-file requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra charts --extra timestamp pyproject.toml --group build --group dev --output-file requirements-dev.lock

clean: ## remove what the targets made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
