# OfficeFlow's commands: make help. Each recipe is one exec, so that a signal reaches the office
# itself and not a shell in between.

# The first Python on this machine that is new enough.
PYTHON = $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; exit; }; \
	done; echo :no-python)
START = @exec $(subst :no-python,sh -c 'echo "officeflow: Python 3.11 or newer is needed: install python3 (3.11+) and try again" >&2; exit 1' --,$(PYTHON)) officeflow/local/bootstrap.py

# As the caller typed them, dollar signs and all; the set-up splits them like a shell.
override export ARGS := $(value ARGS)
override export FILE := $(value FILE)

.DEFAULT_GOAL := help
.PHONY: help run manage backup restore reset test faults bench lint lock messages openapi screenshots

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 14

run: ## the whole office, at http://127.0.0.1:8000 (PORT=8123 make run)
	$(START) run

manage: ## a management command against this office: make manage ARGS='createsuperuser'
	$(START) manage

backup: ## all of the office's data in one file, while it runs or not (make backup FILE=…)
	$(START) backup

restore: ## the office as it was: make restore FILE=var/backups/officeflow-….tar
	$(START) restore

reset: ## delete the office's data in var/, after asking
	$(START) reset

test: ## every test (make test ARGS='tests/journeys -k order')
	$(START) test

faults: ## break a whole office in every way we know and count what is lost (ARGS='--seed 7 -k redis')
	$(START) faults

bench: ## time the hand-offs beside plain Celery, and with ten million hand-offs behind it
	$(START) bench

lint: ## ruff, templates, texts, mypy, import-linter, migrations, API description, check --deploy
	$(START) lint

messages: ## collect the pages' texts for translators (ARGS=de adds a language)
	$(START) messages

openapi: ## write the API's description, docs/openapi.yaml, anew
	$(START) openapi

screenshots: ## pictures of the running demo office for docs/
	$(START) screenshots

lock: ## compile requirements.txt and requirements-dev.txt from pyproject.toml
	$(START) lock
