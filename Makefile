# Each target first does what it needs; nothing has to be installed by hand but Python and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# One torch thread per process: two are slower when the other core is busy.
export OMP_NUM_THREADS ?= 1

.PHONY: install audit test check format bench embedded clean

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[all]' --group dev
	touch $(STAMP)

audit: $(STAMP)  ## audit the model that the package carries
	$(BIN)/python -m pytest audits/

test: $(STAMP)  ## all tests, with branch coverage
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -n 2
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

check: $(STAMP)  ## format, lint, types and layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)  ## speed, never asserted in tests
	$(BIN)/python -m pytest benchmarks/ --benchmark-json=benchmark.json

embedded: $(STAMP)  ## make the embedded default model and documents again
	$(BIN)/python -m attnaudit.training.embedded

clean:
	rm -rf $(VENV) benchmark.json .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
