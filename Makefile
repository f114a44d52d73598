# Each target first does what it needs; nothing has to be installed by hand but Python and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# One torch thread per process: two are slower when the other core is busy.
export OMP_NUM_THREADS ?= 1

# The oldest release of transformers that the extra allows, over the environment that is there.
OLDEST := $(VENV)/transformers-4.57

.PHONY: install audit test test-transformers-oldest check format bench embedded clean

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

# Not a part of .ci/run, since it takes minutes. It needs nothing else of an older release, so no other
# torch is installed. That release compiles some networks in a way that torch has deprecated.
test-transformers-oldest: $(OLDEST)/.installed  ## the tests of transformers with the oldest release
	PYTHONPATH=$(OLDEST) $(BIN)/python -m pytest -p no:cacheprovider \
	  -W 'ignore:`torch.jit:DeprecationWarning' \
	  tests/models/transformers tests/training/test_pretrained.py tests/training/test_pieces.py

$(OLDEST)/.installed: $(STAMP)
	$(BIN)/python -m pip install --quiet --no-deps --target $(OLDEST) --upgrade \
	  transformers==4.57.6 tokenizers==0.22.1 huggingface_hub==0.36.0
	touch $@

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
