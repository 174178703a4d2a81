# `make` alone prints what there is. The work is done by the programs below tools/.

.DEFAULT_GOAL := help
.PHONY: help demo demo-stop demo-clean test check lint format types imports migrations \
	test-pure test-netbox test-e2e bench baseline pins rules-page screenshots docs clean

PURE := catalog manifests validation repositories reconcile
START_OPTIONS = $(if $(PORT),--port $(PORT)) $(if $(FORGE),--forge $(FORGE))
DEVELOPMENT := tools/run development

help: ## Print the targets
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

## The demonstration

demo: ## Start the demonstration (PORT= picks the port); FORGE=github: another one, on a stand-in for GitHub
	@tools/run demo -m tools.demo start $(START_OPTIONS)

demo-stop: ## Stop the demonstrations; make demo brings them back with their data
	@python=$$(tools/find-python) && "$$python" -m tools.demo stop

demo-clean: ## Stop the demonstrations and remove their data
	@python=$$(tools/find-python) && "$$python" -m tools.demo clean

## Checks and tests

# The first makes the virtual environment; the next three keep one processor busy each, and the tests all there are.
test: lint ## Everything, from a fresh clone
	@$(MAKE) --no-print-directory --jobs=2 types imports migrations
	@$(MAKE) --no-print-directory test-pure test-netbox test-e2e

check: lint types imports ## Every check that needs no database

lint: ## Ruff: rules and format
	@$(DEVELOPMENT) -m ruff check .
	@$(DEVELOPMENT) -m ruff format --check .

format: ## Let ruff put right what it can
	@$(DEVELOPMENT) -m ruff check --fix .
	@$(DEVELOPMENT) -m ruff format .

types: ## Mypy: strict for the pure rooms and the tools, ordinary for the rest
	@$(DEVELOPMENT) -m mypy --strict --follow-imports=silent $(PURE:%=netbox_hedgehog/%)
	@$(DEVELOPMENT) -m mypy --strict --follow-imports=silent tools
	@$(DEVELOPMENT) -m mypy netbox_hedgehog

imports: ## The import contract between the rooms
	@tools/run development .venv/bin/lint-imports

migrations: ## The migrations: complete, and applied to a migrated NetBox
	@$(DEVELOPMENT) -m tools.testing migrations

test-pure: ## The tests of the pure rooms and the tools, without Django (ARGS= goes to pytest)
	@$(DEVELOPMENT) -m tools.testing pure $(ARGS)

test-netbox: ## The tests inside NetBox, with a database and a cache of their own (ARGS=)
	@$(DEVELOPMENT) -m tools.testing netbox $(ARGS)

test-e2e: ## The browser tests, against a demonstration of their own (ARGS=)
	@$(DEVELOPMENT) -m tools.testing e2e $(ARGS)

## The rest

bench: ## Measure how long it takes to check a fabric, and an edit in one (ARGS=)
	@$(DEVELOPMENT) -m benchmarks.check_fabric $(ARGS)
	@$(DEVELOPMENT) -m tools.testing bench

baseline: ## Make the database of a migrated NetBox anew, after a change of its release (minutes)
	@$(DEVELOPMENT) -m tools.baseline

pins: ## Renew the lists of pinned packages
	@$(DEVELOPMENT) -m tools.pins

rules-page: ## Write docs/operator/rules.md anew, after a change of the rules
	@$(DEVELOPMENT) -m tools.rules_page

screenshots: ## Take the documentation's screenshots of the running demonstrations (ARGS= names some)
	@$(DEVELOPMENT) -m tools.screenshots $(ARGS)

docs: ## Build the documentation into site/
	@$(DEVELOPMENT) -m mkdocs build --strict

clean: demo-clean ## Remove everything that was made here, the virtual environment too
	@rm -rf .venv .test build dist site *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
