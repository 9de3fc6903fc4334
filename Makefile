# Border Assistance Monitor. `make` alone lists what there is; run and test set themselves up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV ?= .venv
BAM := $(VENV)/bin/bam
WORKERS ?= 2
# Long tests tell what they do and how long it took.
TOLD := -o log_cli=true -o log_cli_level=INFO
export VENV PYTHON

BASE := $(VENV)/.installed-base
DEV := $(VENV)/.installed-dev

.PHONY: help run up test stack soak lint format eval bench pictures setup lock screenshots

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(BASE) ## the main job on the samples: documents in, a checked PDF brief and its mails out (ARGS="--period 2014-03")
	@$(BAM) run --airflow $(ARGS)

up: $(BASE) ## the Airflow UI with our DAGs on 127.0.0.1, until Ctrl-C (ARGS="--port 8090")
	@$(BAM) up $(ARGS)

test: $(DEV) ## all tests (ARGS="-k launcher", WORKERS=4)
	@$(VENV)/bin/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

stack: $(DEV) ## the production stack in containers: three workers, one killed (needs docker compose or podman-compose; long)
	@$(VENV)/bin/pytest tests/stack $(TOLD) $(ARGS)

soak: $(DEV) ## two years of briefs backfilled five times beside a live scheduler on SQLite: the same bytes, no lock (long)
	@$(VENV)/bin/pytest tests/soak $(TOLD) $(ARGS)

lint: $(DEV) ## ruff, mypy, and the order of the imports
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

format: $(DEV) ## let ruff format the code
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

eval: $(BASE) ## score of the extractor on annotated documents (CORPUS=folder, ARGS=--details)
	@test -d $(CORPUS) || { echo "eval: no annotated documents in $(CORPUS); name a folder with CORPUS=..."; exit 1; }
	@mkdir -p var
	@$(BAM) extract $(filter-out %.json,$(wildcard $(CORPUS)/*.*)) > var/predictions.jsonl
	@$(VENV)/bin/python $(SCORER) $(CORPUS) var/predictions.jsonl $(ARGS)

CORPUS ?= ../shared/corpus/dev
SCORER ?= ../shared/tools/score.py

bench: $(DEV) ## documents per second and memory of each step (ARGS="--documents 10000")
	@$(VENV)/bin/python -m tests.bench $(ARGS)

pictures: $(DEV) ## the pages of the brief as pictures for docs/
	@$(VENV)/bin/python -m tests.pictures.brief

screenshots: $(DEV) ## pictures of the pages in the Airflow UI, into docs/images (needs Chromium)
	@$(VENV)/bin/python -m tests.screenshots

setup: $(DEV) ## the virtual environment with everything in it, for work on the code

lock: ## write the lock files anew after a change of pyproject.toml (needs uv)
	@command -v $(UV) >/dev/null || { echo "lock: uv is missing; install it (pipx install uv) or name it: make lock UV=/path/to/uv"; exit 1; }
	@$(COMPILE) -o requirements/base.lock
	@$(COMPILE) --extra production -o requirements/production.lock
	@$(COMPILE) --extra production --extra dev -o requirements/dev.lock
	@grep -A 2 '^setuptools==' requirements/dev.lock > requirements/bootstrap.lock

UV ?= uv
COMPILE = $(UV) pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

$(BASE): requirements/base.lock requirements/bootstrap.lock pyproject.toml
	@requirements/install.sh base
	@touch $@

# The packages of base.lock are all in dev.lock, in the same versions.
$(DEV): requirements/dev.lock requirements/bootstrap.lock pyproject.toml
	@requirements/install.sh dev
	@touch $@ $(BASE)
