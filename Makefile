# Every command a person needs; `make` alone lists them.
# A stamp in .venv names the pins and the Python it was built from, so second runs install nothing.

SHELL := /bin/sh
.DEFAULT_GOAL := help

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

# The first interpreter that is new enough, unless PYTHON names one.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	&& echo $$p && break; done)

KEY = $(shell { $(PYTHON) -c 'import sys; print(sys.version)'; cat $(1); } | cksum | tr ' ' '-')
RUN_STAMP := $(VENV)/run-$(call KEY,requirements.txt)
DEV_STAMP := $(VENV)/dev-$(call KEY,requirements.txt requirements-dev.txt)

# One installer at a time, where the machine has flock; two would write the same folder.
LOCKED := $(shell command -v flock >/dev/null 2>&1 && echo flock .install.lock)

export PORT

.PHONY: help
help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: $(DEV_STAMP)  ## build .venv with everything, tools of development included

$(RUN_STAMP):
	@$(LOCKED) $(MAKE) --no-print-directory build-venv STAMP=$@ REQUIREMENTS=requirements.txt

$(DEV_STAMP):
	@$(LOCKED) $(MAKE) --no-print-directory build-venv STAMP=$@ REQUIREMENTS=requirements-dev.txt

.PHONY: build-venv
build-venv:
	@test ! -e $(STAMP) || exit 0; \
	if [ -z "$(PYTHON)" ]; then echo "Candor needs Python 3.11 or newer; none was found." >&2; exit 1; fi; \
	echo "Installing $(REQUIREMENTS) into $(VENV) ..."; \
	$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV) \
		|| { echo "$(PYTHON) cannot make a virtual environment (on Debian: apt install python3-venv)." >&2; exit 1; }; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(REQUIREMENTS) \
	&& $(BIN)/python -m pip check --quiet --disable-pip-version-check \
	&& touch $(STAMP) $(if $(filter requirements-dev.txt,$(REQUIREMENTS)),$(RUN_STAMP))

.PHONY: run
run: $(RUN_STAMP)  ## serve the site with demonstration content at 127.0.0.1:8000 (PORT=... to change)
	@exec $(BIN)/python manage.py serve

.PHONY: test
test: $(DEV_STAMP) browser java  ## run the whole suite on PostgreSQL, browser journeys included (ARGS=... for pytest)
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

# Journeys drive Chromium; as root on Debian it is installed, elsewhere its absence is said aloud.
.PHONY: browser
browser:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser journeys ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium \
			>/dev/null && exit 0; \
	fi; \
	echo "************************************************************************" >&2; \
	echo "* No Chromium found: the browser journeys will be SKIPPED.             *" >&2; \
	echo "* Install it (on Debian: apt install chromium) to run the whole suite. *" >&2; \
	echo "************************************************************************" >&2; \
	if [ -n "$$CI" ]; then echo "CI refuses to skip them." >&2; exit 1; fi

# The HTML checker is a Java program.
.PHONY: java
java:
	@command -v java >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Java for the HTML checker ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			default-jre-headless >/dev/null && exit 0; \
	fi; \
	echo "* No Java found: pages will NOT be validated (on Debian: apt install default-jre-headless). *" >&2; \
	if [ -n "$$CI" ]; then echo "CI refuses to skip that." >&2; exit 1; fi

.PHONY: check
check: lint types imports settings migrations templates audit  ## lint, format, types, import contracts, settings, migrations, templates, audit

.PHONY: lint types imports settings migrations templates audit
lint: $(DEV_STAMP)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .

types: $(DEV_STAMP)
	$(BIN)/mypy

imports: $(DEV_STAMP)
	$(BIN)/lint-imports --no-logo

# As production would be: the addresses are examples, and nothing is connected to.
settings: $(DEV_STAMP)
	$(BIN)/python manage.py check --fail-level WARNING
	SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))')" ALLOWED_HOSTS=candor.example \
		SITE_ORIGIN=https://candor.example DATABASE_URL=postgres://candor@localhost/candor \
		EMAIL_URL=smtp://localhost:25 $(BIN)/python manage.py check --deploy --fail-level WARNING

migrations: $(DEV_STAMP)
	$(BIN)/python manage.py makemigrations --check --dry-run

templates: $(DEV_STAMP)
	$(BIN)/djlint $(wildcard templates */templates) --lint --quiet

audit: $(DEV_STAMP)
	$(BIN)/python .ci/audit.py

.PHONY: format
format: $(DEV_STAMP)  ## bring the code into the form that check wants
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .

.PHONY: pictures
pictures: $(DEV_STAMP)  ## take the pictures of docs/design.md from a site that make run serves
	@$(BIN)/python .ci/pictures.py

.PHONY: stop
stop: $(RUN_STAMP)  ## stop an embedded PostgreSQL that a killed command left running
	@$(BIN)/python -m config.postgres stop
