# OfficeFlow's commands: `make help` lists them. Each recipe is one exec, so that signals reach the
# program and not a shell.

# The first Python on this machine that is new enough.
PYTHON = $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; exit; }; \
	done; echo :no-python)
START = @exec $(subst :no-python,sh -c 'echo "officeflow: Python 3.11 or newer is needed: install python3 (3.11+) and try again" >&2; exit 1' --,$(PYTHON)) officeflow/local/bootstrap.py

# Unexpanded, with dollar signs; bootstrap.py splits them as a shell does.
override export ARGS := $(value ARGS)
override export FILE := $(value FILE)

.DEFAULT_GOAL := help
.PHONY: help run manage backup restore reset test faults fuzz bench lint lock messages openapi screenshots

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 18

run: ## run the whole office at http://127.0.0.1:8000 (PORT=8123 make run)
	$(START) run

manage: ## run a management command: make manage ARGS='createsuperuser'
	$(START) manage

backup: ## write all data of the office to one file (make backup FILE=…)
	$(START) backup

restore: ## replace the data by a backup: make restore FILE=var/backups/officeflow-….tar
	$(START) restore

reset: ## delete the office's data in var/ after a confirmation
	$(START) reset

test: ## run the tests (make test ARGS='tests/journeys -k order')
	$(START) test

faults: ## cause faults in an office under load and count losses (ARGS='--seed 7 -k redis')
	$(START) faults

fuzz: ## call the API with generated requests as every role (ARGS='--examples 20 --role hr --seed 3')
	$(START) fuzz

bench: ## time hand-offs compared with plain Celery, and with ten million stored hand-offs
	$(START) bench

lint: ## run all static checks: ruff, templates, texts, mypy, imports, migrations, API, settings
	$(START) lint

messages: ## collect the texts for translators (ARGS=de adds a language)
	$(START) messages

openapi: ## update the API's description, docs/openapi.yaml
	$(START) openapi

screenshots: ## take the screenshots in docs/ from the running demo office
	$(START) screenshots

lock: ## compile requirements.txt and requirements-dev.txt from pyproject.toml
	$(START) lock
