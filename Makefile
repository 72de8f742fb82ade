# What one does with a clone. Needs make and Python 3.11 or newer; everything else goes into .venv.
#   ARGS    passed on:      make test ARGS="tests/faq -x"    make run ARGS=--no-browser
#   PYTHON  which Python:   make setup PYTHON=python3.13

PYTHON ?=
ARGS ?=
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help setup dev run test lint lock clean

help:
	@echo 'make run     启动:没有令牌时是演示,有令牌时是真正的机器人 · Start: a demo, or the real bot where settings hold a token'
	@echo 'make test    全部测试 · All tests'
	@echo 'make lint    代码检查 · Style, types, import contracts, wording, locks'
	@echo 'make setup   只准备运行环境 · Only prepare the environment'
	@echo 'make lock    重新锁定依赖 · Pin the dependencies anew'
	@echo 'make clean   删除环境和缓存,不动数据 · Remove the environment and caches, keep the data'

setup:
	@sh tools/python.sh tools/setup.py run

dev:
	@sh tools/python.sh tools/setup.py dev

run: setup
	@echo '正在启动,按 Ctrl-C 停止 · Starting; stop with Ctrl-C'
	@.venv/bin/zhibu start $(ARGS)

test: dev
	@echo '正在运行测试 · Running the tests'
	@.venv/bin/python -m pytest -n 4 --dist worksteal $(ARGS)

lint: dev
	@echo '正在检查写法、类型、分层、译文和依赖锁 · Checking style, types, import contracts, wording and locks'
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@.venv/bin/python tools/words.py
	@.venv/bin/python tools/lock.py --check

lock:
	@sh tools/python.sh tools/lock.py $(ARGS)

clean:
	@echo '正在删除环境和缓存 · Removing the environment and caches'
	@rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
