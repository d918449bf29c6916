# Every command of the portal. Each target sets up what it needs, once, and is quick the second time.
# A fresh Debian machine has Python 3.11 or newer with python3-venv, make and git; nothing else is taken for granted.

PY := .venv/bin/python
ONLY ?=
# Packages are installed uncompiled, and the first start writes down what it compiles: a second start must find it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-services test-browser check bench setup setup-dev static lock clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

demo: setup ## set up, migrate, seed and run everything; Ctrl-C ends it
	@exec $(PY) -m portal.demo --follow-parent

test: setup-dev static ## the whole suite on embedded defaults
	@env DATABASE_URL= REDIS_URL= $(PY) -m pytest -q -n 2 --dist loadgroup -m "not browser and not slow" $(ARGS)

test-services: setup-dev static ## what of it depends on them, on PostgreSQL and Redis
	@bin/with-services $(PY) -m pytest -q -n 2 --dist loadgroup -m "not browser and not slow and not once" $(ARGS)

test-browser: setup-dev static ## the journeys in headless Chromium
	@bin/need-chromium
	@env DATABASE_URL= REDIS_URL= timeout --kill-after=20 1500 $(PY) -m pytest -q -m "browser and not slow" tests/journeys $(ARGS)

check: setup-dev ## format, lint, types, floors, migrations, deployment settings
	@bin/check

bench: setup-dev static ## benchmarks, one JSON object a line; ONLY=prefix
	@bin/need-chromium || true
	@$(PY) -m bench $(if $(ONLY),--only $(ONLY))

setup: ## the virtual environment, for running
	@bin/install requirements.txt

setup-dev: ## the virtual environment, for tests and checks
	@bin/install requirements-dev.txt

static: setup ## our stylesheet and the collected static files
	@$(PY) bin/static

lock: ## renew the hashed locks from pyproject.toml (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 -q pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 -q --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## forget the virtual environment, the demo's data and every cache
	rm -rf .venv var static/build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
