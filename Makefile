# make run    show the bot at work, from nothing, in two minutes
# make test   everything a contributor needs, then all tests
# make check  format, lint, types, import contracts, the drawing
# make bench  our figures beside other ways, in one run

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check install -c constraints.txt

.PHONY: install run test check bench clean
.DEFAULT_GOAL := run

install: .venv/installed

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "triagebot needs Python 3.11 or newer; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv \
	  || { echo "the venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }
	@touch $@

.venv/installed: .venv/python pyproject.toml constraints.txt
	@echo "installing triagebot into .venv ..."
	@$(PIP) -e .
	@$(BIN)/python -m compileall -q triagebot
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -c 'from triagebot.wiring import load_knowledge; load_knowledge()'
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "installing what the tests need ..."
	@$(PIP) -e '.[dev,train,postgres]'
	@touch $@

run: install
	@$(BIN)/python tools/demo.py $(ARGS)

# Much of the time the tests wait for servers: two files at once.  One after the other: make test ARGS=-n0
test: .venv/installed-dev
	@$(BIN)/python -m pytest -n2 --dist loadscope $(ARGS)

check: .venv/installed-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/test_house.py

bench: .venv/installed-dev
	@$(BIN)/python -m bench $(ARGS)

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
