# `make` lists the targets. Each sets up .venv by itself (tools/environment.py); the second time that takes no time.

PYTHON ?= python3
ifeq ($(OS),Windows_NT)
VENV_PYTHON := .venv/Scripts/python
else
VENV_PYTHON := .venv/bin/python
endif
# Test workers: the machine's cores, at most four (every one starts notebook kernels).
JOBS ?= $(shell $(VENV_PYTHON) -c "import os; print(min(4, os.cpu_count() or 1))")

# The course's matrices are small: one thread is never slower, and on a busy machine it is 10 to 70 times faster.
export OPENBLAS_NUM_THREADS = 1
export OMP_NUM_THREADS = 1
export MKL_NUM_THREADS = 1

.DEFAULT_GOAL := help
.PHONY: help slides slides-assets classroom colab lite site mnist bench-mnist lab fresh test test-portability notebooks form experiments mutants lint clean venv-learner venv-test

lab: venv-learner  ## open the course in JupyterLab (your own copy, in my/)
	@$(VENV_PYTHON) tools/lab.py $(LAB)

fresh: venv-learner  ## the course's version of a lesson again, yours is kept: make fresh LESSON=day1/01
	@$(VENV_PYTHON) tools/lab.py --fresh "$(LESSON)"

test: lint  ## all tests: the library, the notebooks' form, every notebook with its outputs compared
	@$(VENV_PYTHON) tools/notebooks.py --check
	$(VENV_PYTHON) -m pytest -n $(JOBS) --dist loadfile --nbval --nbval-current-env tests notebooks

test-portability: venv-test  ## the tests again, as two other processors
	@$(VENV_PYTHON) tools/portability.py

notebooks: venv-test  ## build the notebooks from notebooks/source (only what changed)
	@$(VENV_PYTHON) tools/notebooks.py

form: venv-test  ## the notebooks' form in figures: cells, lines, words, seconds
	@$(VENV_PYTHON) tools/notebooks.py --form

experiments: venv-test  ## compute again the stored results whose scripts changed
	@$(VENV_PYTHON) tools/experiments.py

mutants: venv-test  ## famous bugs put into the library one by one: which test or lesson notices?
	@$(VENV_PYTHON) tools/mutants.py

bench: venv-bench  ## speed and memory against PyTorch and the textbook's im2col (installs PyTorch)
	@$(VENV_PYTHON) benchmarks/networks.py
	@$(VENV_PYTHON) benchmarks/alexnet.py

mnist: venv-learner  ## download MNIST into data/mnist (12 MB; no lesson needs it)
	@$(VENV_PYTHON) -m common.mnist

bench-mnist: venv-learner mnist  ## the course's experiments on all of MNIST, half an hour; stores the lessons' table anew
	@$(VENV_PYTHON) benchmarks/mnist.py

classroom: venv-classroom  ## a JupyterHub for a class in one room: CLASSROOM_PASSWORD=... make classroom
	@$(VENV_PYTHON) -m jupyterhub -f classroom/jupyterhub_config.py

site: venv-test  ## the course as a web site, in build/website
	@$(VENV_PYTHON) tools/website.py

slides: venv-test  ## every lesson as slides with speaker notes, and as a PDF, in build/slides
	@$(VENV_PYTHON) tools/slides.py

slides-assets: venv-test  ## what the slides need from npm (reveal.js, KaTeX, fonts), fetched once into .cache
	@$(VENV_PYTHON) tools/slides.py --assets

lite: venv-test  ## the course for the browser alone (JupyterLite), in build/lite; fetches Pyodide once
	@$(VENV_PYTHON) tools/lite.py

colab: venv-test  ## the lessons for Google Colab, in build/colab; REPO_URL says where they will be
	@$(VENV_PYTHON) tools/colab.py

lint: venv-test  ## ruff: style and format
	@$(VENV_PYTHON) -m ruff check --quiet .
	@$(VENV_PYTHON) -m ruff format --check --quiet .

clean:  ## remove .venv and what tools left behind (never my/ or data/)
	rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-17s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

venv-learner venv-test venv-bench venv-classroom: venv-%:
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON) here: install Python 3.11 or newer (python.org), or name yours: make PYTHON=..."; exit 1; }
	@"$(PYTHON)" tools/environment.py $*
