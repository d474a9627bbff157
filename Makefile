# Everything a person does with pcorg. `make` alone lists the targets.
#
# DATABASE_URL  the database to set up, serve or test on PostgreSQL; absent: SQLite in this folder
# PORT          where to serve (8000)
# PYTHON        the Python that makes .venv (python3); PYTEST_ARGS: more for pytest, as in PYTEST_ARGS="-k lineage"

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PORT ?= 8000
PYTEST_ARGS ?=
export PYTHON

bin := .venv/bin
manage := $(bin)/python manage.py
portfolios = $(wildcard fixtures/portfolios/*.yaml)
postgres_url := $(if $(filter postgres%,$(DATABASE_URL)),$(DATABASE_URL),postgres://postgres@127.0.0.1:5432/postgres)

# The server replaces the shell of its recipe, so that a signal to make's process group reaches it at once.
server := $(manage) serve --port $(PORT)

# The browser tests need a Chromium; scripts/chromium.sh prints its path or says why there is none.
pytest = $(bin)/pytest -n 2
pytest_browser = chromium="$$(scripts/chromium.sh)"; \
	export PCORG_CHROMIUM="$$chromium"; \
	if [ -n "$$chromium" ]; then browser=""; else browser=" and not browser"; fi; \
	$(pytest) -m "not faults and not services$(1)$$browser" $(PYTEST_ARGS)

.NOTPARALLEL:
.PHONY: help demo setup serve test test-all test-postgres test-faults test-services fuzz wheel sbom coverage lint types format openapi lock clean \
	environment dev-environment assets

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## set up, show a first result and serve
	@$(manage) configuration 2009-04-01
	@echo
	@echo "Pages      http://127.0.0.1:$(PORT)/"
	@echo "API        http://127.0.0.1:$(PORT)/api/v1/"
	@echo "API guide  http://127.0.0.1:$(PORT)/api/v1/docs/"
	@echo "Stop with Ctrl-C; serve again with: make serve PORT=$(PORT)"
	@exec $(server)

setup: environment assets ## make .venv and the assets, then migrate and load the database of DATABASE_URL
	@$(manage) migrate --noinput --verbosity 0
	@$(manage) load_reference
	@$(if $(portfolios),$(manage) load_portfolio $(portfolios),true)
	@$(manage) load_assessments

serve: ## serve what is set up, on PORT
	@[ -x $(bin)/python ] || { echo "Nothing is set up here yet: run make setup" >&2; exit 1; }
	@exec $(server)

test: dev-environment assets ## run the tests on SQLite (makes what it needs)
	@unset DATABASE_URL; $(call pytest_browser, and not exhaustive)

test-all: dev-environment assets ## the same with the exhaustive ones, which take long
	@unset DATABASE_URL; $(call pytest_browser)

test-postgres: dev-environment assets ## what the database matters to, on PostgreSQL (DATABASE_URL, or the local one)
	@export DATABASE_URL='$(postgres_url)'; $(pytest) -m "not faults and not services and not browser and not one_database" $(PYTEST_ARGS)

test-faults: dev-environment assets ## races and kills, on the database of DATABASE_URL
	@$(bin)/pytest -m faults $(PYTEST_ARGS)

test-services: dev-environment assets ## the wheel, and two servers behind nginx with PostgreSQL and Redis, where they are installed
	@export DATABASE_URL='$(postgres_url)'; $(bin)/pytest -m services tests/services $(PYTEST_ARGS)

wheel: dev-environment assets ## build the wheel, assets included, into build/dist/
	@$(bin)/python -m build --wheel --no-isolation --outdir build/dist .

sbom: dev-environment ## write the list of all parts and their versions (CycloneDX) to build/sbom.json
	@mkdir -p build
	@$(bin)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json requirements/run.txt
	@echo build/sbom.json

fuzz: dev-environment assets ## made-up requests to API and pages, on the database of DATABASE_URL (CASES=20000)
	@$(bin)/python -m tests.fuzz --cases $(or $(CASES),20000)

coverage: dev-environment assets ## run the tests with coverage, report to htmlcov/
	@unset DATABASE_URL; $(pytest) -m "not faults and not services and not browser" --cov --cov-report=html --cov-report=term:skip-covered $(PYTEST_ARGS)

lint: dev-environment ## ruff, templates, imports between rings and apps
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/djlint --profile jinja --lint --quiet templates
	@$(bin)/lint-imports

types: dev-environment ## mypy
	@$(bin)/mypy

format: dev-environment ## let ruff format the Python code
	@$(bin)/ruff check --fix --exit-zero --quiet .
	@$(bin)/ruff format .

openapi: environment ## write docs/openapi.yaml and docs/portfolio.schema.json from the code
	@$(manage) spectacular --validate --fail-on-warn --file docs/openapi.yaml
	@$(manage) portfolio_schema --output docs/portfolio.schema.json

lock: dev-environment ## take the newest versions of all packages into requirements/ and run the tests (KEEP=1: only new ones)
	@scripts/lock.sh $(if $(KEEP),keep)
	@$(MAKE) lint types test-all

clean: ## remove what was made here; the database stays
	@rm -rf .venv .build node_modules pcorg/static_built pcorg/static_built.new-* staticfiles *.egg-info build \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage* htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@scripts/python_environment.sh

dev-environment:
	@scripts/python_environment.sh dev

assets: environment
	@scripts/assets.sh
