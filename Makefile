# Everything a contributor types. Each target's `## text` is what `make help` prints.
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint types format requirements contracts docs dashboards pictures validate report bench fuzz chaos images images-load e2e clean

ARGS ?=
FUZZ_SECONDS ?= 60
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := $(wildcard libs/*/pyproject.toml services/*/pyproject.toml)
SOURCES := libs services tests scripts docs/contracts deploy

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.complete ## Build .venv with every console script (again only when something it is made of has changed)

.venv/.complete: requirements/dev.txt VERSION $(PACKAGES) scripts/setup.sh
	@PYTHON=$(PYTHON) scripts/setup.sh

run: setup ## Run the whole chain on this machine; Ctrl-C stops it. Settings: make run ARGS="--homes 10 --speed 60" PARTITIONS=4
	@scripts/tools.sh $(if $(BROKER_URL)$(PVSIMULATOR_BROKER_URL),,rabbitmq)
	@$(if $(PARTITIONS),PVSIMULATOR_PARTITIONS=$(PARTITIONS)) $(BIN)/pvsimulator-local $(ARGS)

test: setup ## Install what the tests need and run every test. Some of them: make test ARGS="tests/pvsim -k night"
	@scripts/tools.sh rabbitmq prometheus chromium
	@scripts/chart_tools.sh kubeconform schemas helm
	@$(BIN)/pytest $(ARGS)

check: lint types test ## Formatting, lint, types, import contracts, tests: what CI and a reviewer ask for

lint: setup ## Formatting, lint and import contracts
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/lint-imports --no-logo

types: setup ## Types, strictly
	@$(BIN)/mypy

format: setup ## Format the code and mend what lint can mend
	@$(BIN)/ruff check --fix --exit-zero --quiet $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

requirements: setup ## Compile requirements/*.in to hash-pinned *.txt. Newer versions: make requirements ARGS=--upgrade
	@scripts/requirements.sh $(ARGS)

contracts: setup ## Write the JSON Schemas in docs/contracts from the messages' structs
	@$(BIN)/python scripts/contracts.py

docs: setup ## Write the tables of README.md and of the chart's README from code and values
	@$(BIN)/python scripts/docs.py
	@$(BIN)/python scripts/chart_docs.py

dashboards: setup ## Write the dashboards' JSON in deploy/helm/dashboards from scripts/dashboards
	@$(BIN)/python -m scripts.dashboards

pictures: setup ## Take the pictures of the live page that the documents show
	@scripts/tools.sh rabbitmq chromium fonts-inter
	@$(BIN)/python scripts/pictures.py

validate: setup ## Compare the model with what is known of homes and plants: every test of docs/model.md, also the long ones
	@$(BIN)/pytest tests/model -m "long or not long" $(ARGS)

report: setup ## Write the pictures and the table of docs/model.md anew, from data sets made for it
	@$(BIN)/python -m scripts.report

bench: setup ## Measure the chain beside others and the ceiling, ten minutes; a verdict for each goal. Two minutes: make bench ARGS=--quick
	@scripts/tools.sh rabbitmq
	@$(BIN)/python -m tests.benchmark.bench $(ARGS)

fuzz: setup ## Feed decoder, tail, recovery and checkpoint reader with rubbish, each a minute. Longer: make fuzz FUZZ_SECONDS=600
	@FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/pytest tests/fuzz --timeout 0 $(ARGS)

chaos: setup ## Break everything for half an hour and look at every line. Again: make chaos ARGS="--seed N". A minute or two: ARGS=--quick
	@scripts/tools.sh rabbitmq
	@$(BIN)/python -m tests.chaos $(ARGS)

images: ## Build the images of the services and of dataset. Arguments of docker build: make images ARGS="--no-cache"
	@scripts/images.sh build $(ARGS)

images-load: ## Hand the images to the local cluster (kind, minikube, k3d) of kubectl's context
	@scripts/images.sh load

e2e: setup ## Install the chart for real in the cluster of kubectl's context. Images that are there: IMAGES=no. Without Grafana: GRAFANA=no
	$(if $(filter no,$(IMAGES)),,@scripts/images.sh build $(BUILD_ARGS) && scripts/images.sh load)
	@scripts/chart_tools.sh helm helm4
	@E2E=yes E2E_GRAFANA=$(GRAFANA) $(BIN)/pytest tests/e2e -o log_cli=true -o log_cli_level=info $(ARGS)

clean: ## Delete .venv and caches. Broker data and journal stay, unless asked: make clean DATA=yes
	rm -rf .venv .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find libs services tests -name __pycache__ -type d -prune -exec rm -rf {} +
	$(if $(filter yes,$(DATA)),rm -rf .run journal journal-[0-9]*)
