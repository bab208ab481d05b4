# make demo    the page, on this machine
# make test    everything CI runs: linters, types, all tests and the lines they ran
# make check   the same without the slow tests and the browser
# make wheel   the package, to install with pip, in artefacts/
# make train   rebuilds the shipped checkpoint from nothing
# make bench   speed and memory, beside stock transformers and CTranslate2
# make gpu     where there is a GPU: its tests, then its speed beside stock transformers
# make audit   known weaknesses of the locked packages, and a list of them all (SBOM), in artefacts/
# make lock    the locked packages anew, after a change of requirements*.txt; all hashes, every platform
# Each makes the environment it needs in .venv, once. PYTHON=… chooses the interpreter.

VENV := .venv
PY := $(VENV)/bin/python
MADE := $(VENV)/made-by-make
PIP := $(PY) -m pip --disable-pip-version-check
PYTHONS := $(PYTHON) python3.13 python3.12 python3.11 python3 python
BROWSER := $(if $(wildcard tests/browser/test_*.py),browser)
HALVES := units $(if $(BROWSER),pages)

.PHONY: demo test units pages check wheel train bench gpu lint browser audit lock
.DELETE_ON_ERROR:

demo: $(VENV)/run
	@$(PY) app.py

# Most of its time Chromium draws pages on one core, so the page's tests run beside all else, in a process of their own.
test: $(VENV)/dev $(BROWSER)
	@$(PY) -m coverage erase
	@$(MAKE) --no-print-directory --jobs=2 $(HALVES)
	@$(PY) -m coverage combine --quiet
	@$(PY) -m tests.coverage_floor

# The linters come first, while the page's tests run already.
units: lint
	@$(PY) -m coverage run --parallel-mode -m pytest -m "not network and not browser"

# Its report is held back until it is whole: two at once can't be read.
pages: $(VENV)/dev
	@mkdir -p artefacts
	@$(PY) -m coverage run --parallel-mode -m pytest tests/browser > artefacts/pages.txt 2>&1; \
	ended=$$?; cat artefacts/pages.txt; exit $$ended

check: $(VENV)/dev lint
	@$(PY) -m pytest -m "not network and not slow and not browser"

lint: $(VENV)/dev
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@$(VENV)/bin/oxlint --deny-warnings assets

wheel: $(VENV)/dev
	@$(PIP) wheel -qq --no-build-isolation --no-deps --wheel-dir artefacts .

# glibc gives large tensors back to the system when they are freed and faults them in anew at the next step, which took
# nearly half of a training step's time: keep them, in huge pages. Other systems don't know the variable.
train: export GLIBC_TUNABLES := glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=8589934592:glibc.malloc.top_pad=268435456
train: $(VENV)/run
	@$(PIP) install -qq --no-deps -r requirements-train.txt
	@$(PY) -m recommender train --output artefacts/sports --resume
	@$(PY) -m recommender.training.world_run artefacts/world --sports artefacts/sports --output assets/compact

bench: $(VENV)/bench
	@$(PY) -m tests.benchmarks $(ARGS)

gpu: $(VENV)/dev
	@$(PY) -m tests.benchmarks.gpu --find
	@$(PY) -m pytest tests/t5
	@$(PY) -m tests.benchmarks.gpu $(ARGS)

# Both read lists only, so they have an environment of their own and know nothing of what else is installed.
AUDIT := $(VENV)/audit
TORCH = $(PY) -c "from importlib.metadata import version; print('torch==' + version('torch').split('+')[0])"

$(AUDIT)/stamp: requirements-audit.lock $(VENV)/run
	@$(PY) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip --disable-pip-version-check install -qq --require-hashes --no-deps --requirement $<
	@cp $< $@

# All that is locked, and torch as it is here. What can't be looked up is a failure too, or no network would be a pass.
audit: $(AUDIT)/stamp
	@mkdir -p artefacts
	@{ cat requirements.lock; $(TORCH); } > artefacts/run.txt
	@$(AUDIT)/bin/cyclonedx-py requirements artefacts/run.txt --output-file artefacts/sbom.json
	@echo "artefacts/sbom.json lists the packages of a run."
	@{ sed -n '/^[a-z0-9]/s/ *\\$$//p' requirements-bench.lock; $(TORCH); } > artefacts/all.txt
	@$(AUDIT)/bin/pip-audit --strict --disable-pip --no-deps --requirement artefacts/all.txt

COMPILE := $(AUDIT)/bin/uv pip compile --quiet --no-annotate $(ARGS)

lock: $(AUDIT)/stamp
	@$(COMPILE) requirements.txt --output-file requirements.lock
	@$(COMPILE) requirements-dev.txt --constraint requirements.lock --output-file requirements-dev.lock
	@$(COMPILE) requirements-bench.txt --constraint requirements-dev.lock --output-file requirements-bench.lock
	@$(COMPILE) requirements-audit.txt --output-file requirements-audit.lock

# The environment. Each stamp is the list of packages it was made from: a changed list is installed anew.

$(VENV)/run: requirements.lock
$(VENV)/dev: requirements-dev.lock $(VENV)/run
$(VENV)/bench: requirements-bench.lock $(VENV)/dev

# Hashes hold for all but torch, which each index has in builds of its own; see pyproject.toml. It comes last: what it
# needs is in the lock.
$(VENV)/run $(VENV)/dev $(VENV)/bench:
	@$(PY) -m pip --version >/dev/null 2>&1 || $(create)
	@echo "Installing what $< lists: this takes a few minutes, once."
	@$(PIP) install -qq --require-hashes --no-deps --requirement $<
	@$(PIP) install -qq "$$(grep '^torch' requirements.txt)"
	@cp $< $@

# Only an environment that is made here is made anew: another one that lies in its place is somebody's.
define create
{ set -e; \
  if [ -n "$$(ls -A $(VENV) 2>/dev/null)" ] && [ ! -e $(MADE) ]; then \
    echo "$(VENV) was not made by this Makefile and has no working pip, so it was left alone: move it away, or put pip into it." >&2; exit 1; fi; \
  for python in $(PYTHONS); do \
    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
  done; \
  [ -n "$$found" ] || { echo "Python 3.11 or newer is needed: install it, or name one with make PYTHON=/path/to/python3." >&2; exit 1; }; \
  rm -rf $(VENV); mkdir $(VENV); touch $(MADE); \
  $$found -m venv $(VENV) >/dev/null 2>&1 && $(PY) -m pip --version >/dev/null 2>&1 || \
  { rm -rf $(VENV); echo "$$found can't make a virtual environment: install its venv module (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }; \
}
endef

# A Chromium for the page's tests: the one that is there, else the system's package, else Playwright's own.
browser: $(VENV)/dev
	@$(PY) -m tests.browser_setup
