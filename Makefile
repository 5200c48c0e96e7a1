# Every target sets the project up first; with nothing to do that takes no time.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/.set-up
CATALOGUES := $(wildcard config/text/locale/*/LC_MESSAGES/*.po)
# What holds today; raise, never lower.
COVERAGE_SLA := 98
COVERAGE_ALL := 94
HABITS := $(patsubst %,tests/unit/test_project_%.py,house words names layers citations dependencies)

.PHONY: help setup run demo test check fix bench golden lock test-faults test-faults-long

help: ## 列出各目标 · this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

setup: $(STAMP) ## 建立虚拟环境并安装（带哈希的锁定文件） · make .venv from the lock with hashes
	@:

# --no-deps: the lock is complete, and older pips look for an extra (coverage[toml]) outside of it.
$(STAMP): requirements.lock fonts.lock pyproject.toml hatch_build.py $(CATALOGUES)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "需要 Python 3.11 以上 · Python 3.11 or newer is needed; say: make PYTHON=python3.12 …" >&2; exit 1; }
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV) \
		|| { echo "缺少 venv 模块 · python3-venv is missing: apt-get install python3-venv" >&2; exit 1; }
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r fonts.lock
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## 在本机用练习站点演示整个产品（两分钟） · the whole product on a practice site, in two minutes
	@$(RUN)/sla-agent practice

demo: setup ## 同上，更快，不等人 · the same, faster, for machines
	@$(RUN)/sla-agent practice --fast

test: setup ## 运行测试（可以时安装所需的 Debian 软件包） · tests, with the Debian packages that they need
	@$(RUN)/python tests/support/debian_packages.py
	@$(RUN)/python -m coverage erase
	@COVERAGE_PROCESS_START= $(RUN)/python -m pytest -q -n 2 --cov --cov-report= $(ARGS)
	@$(RUN)/python -m coverage report --include='sla/*' --fail-under=$(COVERAGE_SLA) --skip-covered --format=total
	@$(RUN)/python -m coverage report --fail-under=$(COVERAGE_ALL) --format=total

check: setup ## 格式、静态检查、类型、分层、译文 · format, lint, types, layers, catalogues (tests: make test)
	@$(RUN)/ruff format --check -q .
	@$(RUN)/ruff check -q .
	@$(RUN)/mypy
	@$(RUN)/lint-imports
	@$(RUN)/python -m pytest -q -p no:randomly $(HABITS)

fix: setup ## 自动修正格式和可修正的问题 · format, and mend what can be mended
	@$(RUN)/ruff check --fix -q . || true
	@$(RUN)/ruff format -q .

bench: setup ## 基准：与同类并排，一次运行 · benchmarks, side by side in one run
	@for each in bench/*.py; do echo "== $$each"; $(RUN)/python $$each; done

golden: setup ## 重写金样文件（然后看差异） · rewrite golden files; look at the diff
	@GOLDEN=write $(RUN)/python -m pytest -q tests/golden tests/unit/config/site/test_bad_config.py

test-faults: setup ## 断电、杀进程、篡改、变异 · power cuts, kills, tampering, mutations
	@$(RUN)/python -m pytest -q -m "faults or long" tests

test-faults-long: setup ## 同上，次数多十倍 · the same, ten times as often
	@FAULTS=long $(RUN)/python -m pytest -q -m "faults or long" tests

lock: ## 重新锁定依赖 · lock the dependencies anew
	@$(PYTHON) -m venv build/uv && build/uv/bin/pip install --quiet uv
	@build/uv/bin/uv pip compile -q pyproject.toml --group dev --generate-hashes --no-emit-index-url \
		--python-version 3.11 --universal --no-header -o requirements.lock
