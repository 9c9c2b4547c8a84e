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
	&& touch $(STAMP)
