# `make run` and `make test` are all that is needed; `make` alone lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed-
RUNTIME := $(STAMP)$(shell cat requirements/runtime.txt pyproject.toml | cksum | cut -d' ' -f1)
DEVELOPMENT := $(STAMP)dev-$(shell cat requirements/development.txt pyproject.toml | cksum | cut -d' ' -f1)

MODELS := $(VENV)/models-fetched

# A module's tests stay together: they share a server. Most of them wait for something else than the
# processor, so that two cores keep four processes busy.
SIDE_BY_SIDE := --numprocesses=4 --dist=loadfile --no-loadscope-reorder
# A browser needs a core.
BROWSERS := $(SIDE_BY_SIDE) --numprocesses=2 tests/browser

# Where an environment forbids it, every process would compile all it imports anew.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help setup run test check soak bench bench-voice pictures lock clean system-packages

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo '需要 Python 3.11 或更新的版本；可以用 make PYTHON=python3.12 指定。' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo '建不了虚拟环境；Debian/Ubuntu 请先执行：apt-get install python3-venv' >&2; exit 1; }

$(RUNTIME): | $(VENV)/bin/python
	$(BIN)/pip install --quiet --require-hashes -r requirements/runtime.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@rm -f $(STAMP)*; touch $@

$(DEVELOPMENT): | $(RUNTIME)
	$(BIN)/pip install --quiet --require-hashes -r requirements/development.txt
	@touch $@

setup: $(RUNTIME) $(MODELS) ## Install everything that running needs, speech models included

# Once only: a kiosk behind a firewall must not wait at every start for what it cannot reach.
$(MODELS): | $(RUNTIME)
	@$(BIN)/openzone speech models fetch
	@touch $@

run: setup ## Set up, load the sample zone, start, and print where everything is
	@$(BIN)/openzone sample load --if-empty
	@exec $(BIN)/python -m devtools.wechat beside -- $(BIN)/openzone serve

system-packages:
	@./devtools/system-packages.sh

test: setup $(DEVELOPMENT) system-packages check ## Set up and run every test, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --ignore=tests/browser
	$(BIN)/python -m pytest $(BROWSERS)
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --database=postgresql

check: $(DEVELOPMENT) ## Formatting, lint, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: setup $(DEVELOPMENT) system-packages ## What takes too long for every change: repetitions, all of PostgreSQL, 2,000 cards
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --ignore=tests/browser --soak -m soak
	$(BIN)/python -m pytest $(BROWSERS) --soak -m soak
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --soak --database=postgresql
	$(BIN)/python -m tests.wechat_soak

bench: setup $(DEVELOPMENT) ## Measure, print a table and write bench/results/
	$(BIN)/python -m bench

bench-voice: setup $(DEVELOPMENT) ## Measure spoken questions in every condition; docs/voice.md says how
	$(BIN)/python -m bench.voice --condition all --part all

pictures: setup $(DEVELOPMENT) system-packages ## Take the guides' pictures anew
	$(BIN)/python -m devtools.pictures

lock: $(DEVELOPMENT) ## Lock the newest versions that fit together
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --output-file requirements/runtime.txt pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --extra dev --constraint requirements/runtime.txt --output-file requirements/development.txt pyproject.toml

clean: ## Remove the environment; data and models stay
	rm -rf $(VENV)
