# One environment in .venv for the demo, the tests and the checks. The set-up does nothing the second time.
#
#   make demo      set up, train on the built-in digits, write the report, ask for a prediction
#   make test      set up, run all tests
#   make check     set up, look at the code with ruff and pyright
#   make bench     set up, run the short benchmarks
#
# On Linux, the usual torch brings 2 GB of CUDA. For PyTorch's own CPU build:
#   make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu

TORCH_INDEX ?=
# What is installed beside Olhar; with "dev,ray" (70 MB more) the tests of clusters run too.
EXTRAS ?= dev
ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN := .venv/Scripts
else
PYTHON ?= python3
BIN := .venv/bin
endif
READY := .venv/ready
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
TORCH := $(shell grep '^torch==' constraints.txt)
DEMO := runs/demo

.PHONY: setup demo test check bench clean

setup: $(READY)

$(READY): constraints.txt pyproject.toml
	@echo "Setting up .venv (a few minutes the first time) ..."
	$(PYTHON) -m venv .venv
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) $(TORCH)
	$(PIP) --constraint constraints.txt --config-settings editable_mode=compat --editable ".[$(EXTRAS)]"
	@touch $(READY)

demo: $(READY)
	@$(BIN)/python -c "import shutil; shutil.rmtree('$(DEMO)', ignore_errors=True)"
	$(BIN)/olhar train digits --into $(DEMO)
	$(BIN)/olhar predict $(DEMO) examples/digits
	@echo
	@echo "The report: $(DEMO)/report.html"

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python

bench: $(READY)
	$(BIN)/python benchmarks/start.py

clean:
	@$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('.venv', 'runs', 'build', 'olhar.egg-info')]"
