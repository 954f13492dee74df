# One list of commands for people and CI. Needs Python 3.11+ with venv, and make; nothing else.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OUT    ?= out/demo
WORKERS ?= 2
PIP    := $(BIN)/pip --disable-pip-version-check --quiet --quiet
# Plugins that load themselves cost more than the tests; each one we use is named here.
PYTEST := PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 $(BIN)/python -m pytest -p xdist -p _hypothesis_pytestplugin -n $(WORKERS)

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-spark demo check test bench soak docs lock clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

# The environment for using Ringfence: the core and nothing else.
$(VENV)/.core: pyproject.toml locks/core.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Ringfence needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "This Python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up in $(VENV) (once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r locks/core.txt
	@$(PIP) install --no-deps -e .
	@echo "Compiling what traces (once; a minute or two)"
	@$(BIN)/python -c 'from ringfence.trace import warm; warm()'
	@touch $@

# The environment for working on Ringfence: the extras `server`, `pdf` and `bench`, and the tools.
$(VENV)/.dev: $(VENV)/.core locks/dev.txt
	@echo "Adding the tools for development (once)"
	@$(PIP) install --require-hashes -r locks/dev.txt
	@touch $@

$(VENV)/.spark: $(VENV)/.dev locks/spark.txt
	@echo "Adding Spark (once; about 450 MB)"
	@$(PIP) install --require-hashes -r locks/spark.txt
	@touch $@

setup: $(VENV)/.core  ## a virtual environment with Ringfence in it
setup-dev: $(VENV)/.dev  ## the same with the tools for development
setup-spark: $(VENV)/.spark  ## the same with Spark (needs Java 17)

demo: setup  ## analyze the bundled made-up hospital and say where the report is
	@$(BIN)/ringfence demo --out $(OUT)

check: setup-dev  ## format, lint, types, import contracts: under 2 minutes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup-dev  ## every test but the long ones: under 10 minutes
	$(PYTEST) -m "not soak"

soak: setup-dev  ## the long tests
	$(PYTEST) -m soak

bench: setup-dev  ## tracing beside DuckDB and Polars, and the record beside Arrow alone, as ratios in one run
	@mkdir -p out
	$(BIN)/ringfence bench trace --json out/bench-trace.json
	$(BIN)/ringfence bench record --workers $(WORKERS)

docs: setup-dev  ## the documentation site, in site/
	$(BIN)/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lock: setup-dev  ## pin the dependencies again (needs uv: pip install uv)
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml -o locks/core.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --extra server --extra pdf --extra bench --group dev -c locks/core.txt -o locks/dev.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --extra spark -c locks/dev.txt -o locks/spark.txt

clean:  ## remove what was built
	rm -rf $(VENV) build dist site out
