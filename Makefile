# perdiem_calc: `make help` lists what there is. Needs Python 3.11 or later and make, nothing else.

PYTHON ?= python3
VENV   := .venv
BENCH  := .venv-bench
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check
OUT    := out

# What a compiled ratebook is made from.
RATES  := $(shell find data -type f ! -name "ratebook.sqlite*" ! -name ".*") $(wildcard perdiem_calc/rates/ratebook/*.py)

.DEFAULT_GOAL := help
.PHONY: help demo reference test lint types layers tests matrix mutants fuzz bench bench-web lock clean docs pictures \
	screenshots release bundle
.DELETE_ON_ERROR:

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 14

demo: $(VENV)/installed ## install, and build the claim workbook of data/samples/ offline
	@mkdir -p $(OUT)
	$(BIN)/perdiem claim build data/samples -o $(OUT) --force
	@echo
	@echo "The claim workbook, to open in Excel or LibreOffice:"
	@ls $(OUT)/*.xlsx | sed 's|^|  |'
	@echo
	@echo "To prepare a claim in the browser:"
	@echo "  $(BIN)/perdiem serve"

test: lint types layers tests ## check a change while it is made; THOROUGH=1 runs all that it must pass

lint: $(VENV)/developer
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(BIN)/python -m tools.long_functions

types: $(VENV)/developer
	$(BIN)/mypy --strict

layers: $(VENV)/developer
	$(BIN)/lint-imports

# A worker for each processor. `make tests PYTEST="-n 0 tests/rules/test_ftr.py"` runs one file in one process.
# Without this every program that a test starts would be compiled anew.
unexport PYTHONDONTWRITEBYTECODE
RUN_TESTS := -m pytest --numprocesses logical --dist worksteal

# With THOROUGH=1 coverage is measured, which takes as long again; all random inputs are tried, the same each time; and
# a test that would be skipped fails (tests/support/house_rules.py).
ifneq ($(filter-out 0,$(THOROUGH)),)
export HYPOTHESIS_PROFILE ?= ci
export PERDIEM_NO_SKIP := 1
tests: $(VENV)/developer
	$(BIN)/coverage erase
	$(BIN)/coverage run $(RUN_TESTS) $(PYTEST)
	$(BIN)/coverage combine --quiet
	$(BIN)/python -m tools.coverage_floors
else
# What a change needs: tests/conftest.py says which tests start LibreOffice or are slow. A file that is named runs whole.
tests: $(VENV)/developer
	$(BIN)/python $(RUN_TESTS) $(if $(PYTEST),$(PYTEST),-m "not office and not slow")
endif

matrix: $(VENV)/developer ## run the tests on every Python here, with the newest and the lowest dependencies
	$(BIN)/python -m tools.matrix $(PYTEST)

mutants: $(VENV)/mutants ## spoil the rules, one at a time: does a test notice? MODULE=ftr for one of the modules
	$(BIN)/python -m tools.mutants $(MODULE)

# `make fuzz SECONDS=60 TARGET=workbook` looks for a minute at one of the readers.
SECONDS ?= 600
fuzz: $(VENV)/fuzzer ## look for files and answers that crash a reader, ten minutes each (Linux)
	nice $(BIN)/python -m tools.fuzz --seconds $(SECONDS) $(TARGET)

bench: $(VENV)/developer $(BENCH)/installed ## measure the speeds the project promises, and set it beside other programs
	$(BIN)/python -m tools.benchmarks
	$(BENCH)/bin/python -m tools.benchmarks.peers

reference: $(VENV)/developer ## make the pages of docs/ that come from the code: errors.md, rules.md, where.md
	$(BIN)/python -m tools.error_reference
	$(BIN)/python -m tools.where
	$(BIN)/python -m tools.rule_reference

docs: $(VENV)/developer ## build the documentation site, to be read without a network: out/site/index.html
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	$(BIN)/python -m tools.api_reference $(OUT)/site/python
	@echo "The documentation: $(OUT)/site/index.html"

pictures: $(VENV)/developer ## make the pictures of the guides anew: README.md, docs/ (needs LibreOffice and poppler)
	$(BIN)/python -m tools.layers_picture
	$(BIN)/python -m tools.pictures

screenshots: $(VENV)/developer ## take pictures of every page of the browser application: out/screens, docs/browser.png
	$(BIN)/python -m tools.screenshots $(OUT)/screens

bench-web: $(VENV)/developer ## measure the browser application: start, size of pages, memory, 50 people preparing
	$(BIN)/python -m tools.benchmarks.web

release: $(VENV)/developer ## build, try and commit a version: make release VERSION=1.0.0 (out/release)
	$(BIN)/python -m tools.release $(VERSION) $(RELEASE)

bundle: $(VENV)/bundler ## make a folder with the program and Python in it, for this system: out/bundle/perdiem
	$(BIN)/python -m tools.bundle

lock: $(VENV)/developer ## choose the newest versions of all dependencies: requirements/*.txt
	$(BIN)/uv pip compile --upgrade $(LOCK) --group dev --group build --output-file requirements/dev.txt pyproject.toml
	$(BIN)/uv pip compile --upgrade $(LOCK) --group build --extra web --constraint requirements/dev.txt \
		--output-file requirements/core.txt pyproject.toml
	$(BIN)/uv pip compile --upgrade $(LOCK) --group mutants --constraint requirements/dev.txt \
		--output-file requirements/mutants.txt pyproject.toml
	$(BIN)/uv pip compile --upgrade $(LOCK) --group fuzz --output-file requirements/fuzz.txt
	$(BIN)/uv pip compile --upgrade $(LOCK) --group bundle --constraint requirements/dev.txt \
		--output-file requirements/bundle.txt pyproject.toml
	$(BIN)/uv pip compile --upgrade $(LOCK) --group bench --group build --constraint requirements/dev.txt \
		--output-file requirements/bench.txt pyproject.toml

# Names, versions and hashes for every platform and every Python from 3.11 on; no addresses.
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-annotate --no-header

clean: ## remove what the other commands made
	rm -rf $(VENV) $(BENCH) $(OUT) build dist .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache .hypothesis data/ratebook.sqlite
	find perdiem_calc tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment, in steps that are repeated only when what they come from has changed --------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "perdiem_calc needs Python 3.11 or later; name it: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/locked-core: requirements/core.txt | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements/core.txt
	@touch $@

$(VENV)/locked-developer: requirements/dev.txt | $(VENV)/locked-core
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/installed: pyproject.toml hatch_build.py $(RATES) $(VENV)/locked-core
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/developer: $(VENV)/installed $(VENV)/locked-developer
	@touch $@

$(VENV)/mutants: requirements/mutants.txt $(VENV)/developer
	$(PIP) install --quiet --require-hashes -r requirements/mutants.txt
	@touch $@

$(VENV)/bundler: requirements/bundle.txt $(VENV)/developer
	$(PIP) install --quiet --require-hashes -r requirements/bundle.txt
	@touch $@

$(VENV)/fuzzer: requirements/fuzz.txt $(VENV)/developer
	$(PIP) install --quiet --require-hashes -r requirements/fuzz.txt
	@touch $@

# The programs that this one is measured beside, with their dependencies, apart from the developer's.
$(BENCH)/installed: pyproject.toml hatch_build.py requirements/bench.txt $(RATES)
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements/bench.txt
	$(BENCH)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
