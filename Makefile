# `make run` starts Simak with the sample; `make test` checks everything. See README.md.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(VENV)/bin/pip --disable-pip-version-check

.PHONY: run test check bench model lock clean

run: $(VENV)/.installed
	@$(PY) -m simak sample
	@$(PY) -m simak dashboard

# Two at once, with one thread each: more would wait for each other.
test: $(VENV)/.installed-dev
	OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

bench: $(VENV)/.installed-dev
	$(PY) -m benchmarks $(if $(wildcard ../shared/data),--data ../shared/data)

model: $(VENV)/.installed-dev
	$(PY) -m models.training --data ../shared/data --encoder ../shared/base-encoder --out runs/default
	$(PY) -m simak evaluate --model runs/default/model --data ../shared/data --save
	cp runs/default/model/* models/default/

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Simak needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@echo "Making the virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt pyproject.toml | $(PY)
	@echo "Installing what Simak needs (about 1.5 GB on disk, some minutes the first time)"
	@# torch first and alone: its build is the one that requirements.txt names.
	$(PIP) install --progress-bar on $$(grep '^torch==' requirements.txt)
	$(PIP) install --progress-bar on -r requirements.txt
	$(PIP) install --quiet --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements-train.txt requirements-ray.txt $(VENV)/.installed
	$(PIP) install --progress-bar on -r requirements-dev.txt
	sh tests/browser.sh $(PY)
	@touch $@

lock: $(VENV)/.installed-dev
	@mkdir -p build
	$(PIP) install --dry-run --ignore-installed --quiet --report build/report.json -r requirements.txt
	$(PY) -m tests.locked < build/report.json > requirements.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
