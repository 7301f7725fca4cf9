# Everything a developer or a newcomer runs. "make demo" and "make test" set up what they need by themselves.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
CODE := bench cases daiban extractors foundation forms generator simulator
RETURNS := $(DEMO)/交回的文件
PYTEST := $(BIN)/pytest -n 2 -m "not slow"
LOWEST := .venv-lowest
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help setup demo test check check-lowest lock docs schemas pictures bench calibrate clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    安装所需，用十个示例案件走一圈：出具、模拟交回、核验，都在 ./$(DEMO)；加 SERVE=1 接着打开网页"
	@echo "make test    安装所需，运行测试"
	@echo "make check   代码检查、类型、层次、全部测试、安装包（与 .ci/run 相同）"
	@echo "make check-lowest 用各依赖允许的最低版本运行单元测试，在 ./$(LOWEST)"
	@echo "make docs    重新生成 docs/modules.md 和 docs/schema"
	@echo "make schemas 重新生成 docs/schema（--json 各命令的 JSON Schema）"
	@echo "make lock    按 constraints.txt 重新生成 requirements.lock（各版本全部文件的校验和）"
	@echo "make bench   性能对比"
	@echo "make calibrate 用模拟回件校准读回的阈值，结果在 ./$(DEMO)/calibration/index.html"
	@echo "make clean   删除以上产生的一切"

setup: .setup/system .setup/venv

# Made only when nothing is lacking; otherwise what is lacking has been said, and is looked for again next time.
.setup/system: tools/setup-system.sh
	@mkdir -p .setup
	@if PYTHON="$(PYTHON)" bash tools/setup-system.sh; then touch $@; fi

.setup/tests: tools/setup-system.sh
	@mkdir -p .setup
	@if PYTHON="$(PYTHON)" bash tools/setup-system.sh tests; then touch $@; fi

.setup/venv: pyproject.toml requirements.lock | .setup/system
	@mkdir -p .setup
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 以上；可用 make PYTHON=… 指定" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@# pip compiles what it installs, but not a folder that is used where it stands: every command would do it anew
	@# wherever Python is told to write no bytecode.
	$(BIN)/python -m compileall -q -j 2 $(CODE)
	@touch $@

demo: setup
	@rm -rf $(DEMO)
	$(BIN)/daiban init $(DEMO) --sample
	$(BIN)/daiban roster check $(DEMO)/roster.xlsx
	$(BIN)/daiban generate $(DEMO) || { code=$$?; test $$code -eq 40 || exit $$code; \
		echo "这台机器没有可用的 LibreOffice：只出了 DOCX。装好以后再运行 $(BIN)/daiban generate $(DEMO)，PDF 会补上"; }
	@echo
	@echo "把发出的文书填好、签字盖章、扫描，其中几份有毛病，模拟交回："
	@if test -n "$$(find $(DEMO)/issued -name '*.pdf' | head -n 1)"; then \
		$(BIN)/python -m simulator $(DEMO) $(RETURNS) --count 20 && mv $(RETURNS)/truth.json $(DEMO)/ && \
		{ $(BIN)/daiban verify $(DEMO) $(RETURNS) || { code=$$?; test $$code -eq 10 -o $$code -eq 11 || exit $$code; }; }; \
	else echo "没有 PDF，这一步跳过"; fi
	$(BIN)/daiban status $(DEMO)
	@echo
	@echo "生成了 $$(find $(DEMO)/issued -name '*.pdf' | wc -l) 份 PDF 和 $$(find $(DEMO)/issued -name '*.docx' | wc -l) 份 DOCX："
	@echo "  打开 $(DEMO)/issued/ 下任意一个案件的文件夹看一看，例如 $$(find $(DEMO)/issued -name '*authorisation.*' | sort -t . -k 2r,2 -k 1,1 | head -n 1)"
	@report=$$(find $(DEMO) -path '*/reports/*.html' | head -n 1); test -z "$$report" || \
		echo "  核验报告：用浏览器打开 $$report，看哪几份齐全，哪几份缺什么"
	@filed=$$(find $(DEMO) -path '*/returned/*/*.pdf' -not -path '*/history/*' | sort | head -n 1); test -z "$$filed" || \
		echo "  交回的文书摆正以后归了档，例如 $$filed"
	@echo "  花名册在 $(DEMO)/roster.xlsx，改一格再运行 $(BIN)/daiban generate $(DEMO)，只有改动的会重新出具"
	@echo
	@echo "网页：$(BIN)/daiban serve $(DEMO)，再用浏览器打开 http://127.0.0.1:8000/ （make demo SERVE=1 会接着打开）。登录用："
	@$(BIN)/daiban serve $(DEMO) --new-password
	@if test -n "$(SERVE)"; then exec $(BIN)/daiban serve $(DEMO); fi

test: setup .setup/tests
	$(PYTEST)

check: setup .setup/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) --cov --cov-report=
	@echo "测试覆盖率：$$($(BIN)/coverage report --format=total)%"
	$(BIN)/python tools/check_wheel.py

# The lowest versions that pyproject.toml admits, in an environment of their own. What is tried are the tests of single
# rooms that need neither LibreOffice nor minutes; a newer library may warn of an older one, so warnings are no errors.
check-lowest: setup
	"$(PYTHON)" -m venv --clear $(LOWEST)
	$(BIN)/python tools/lowest.py > .setup/lowest.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -c .setup/lowest.txt -e '.[dev,ocr,postgresql]'
	$(LOWEST)/bin/pytest -n 2 -m "not slow and not office" -W default tests/cases tests/forms tests/generator tests/extractors tests/daiban

# The versions of constraints.txt with the hashes of every file of each release, for all machines. Run it after
# constraints.txt has changed; setuptools builds the project itself.
lock:
	@mkdir -p .setup
	"$(PYTHON)" -m venv .setup/lock
	.setup/lock/bin/pip install --quiet --disable-pip-version-check uv
	printf 'setuptools>=77\n' | .setup/lock/bin/uv pip compile pyproject.toml - --no-config --quiet --all-extras --universal \
		--python-version 3.11 --constraints constraints.txt --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--output-file requirements.lock

docs: schemas
	$(BIN)/python tools/list_modules.py

schemas: setup
	$(BIN)/python -m daiban.schemas docs/schema

# Pictures of the page's screens in docs/, of what the journeys of the tests leave.
pictures: setup
	rm -rf .setup/screens
	DAIBAN_SCREENSHOTS=$(CURDIR)/.setup/screens $(BIN)/pytest -q tests/daiban/web -k "browser or packet or telephone or at_rest"
	$(BIN)/python tools/doc_pictures.py .setup/screens

bench: setup
	$(BIN)/python -m bench

# The demo's workspace is issued first, if there is none: the readings are of what was really issued.
calibrate: setup
	@test -f $(DEMO)/registry.sqlite || { $(BIN)/daiban init $(DEMO) --sample && $(BIN)/daiban generate $(DEMO); }
	$(BIN)/python -m bench.calibrate $(DEMO) $(DEMO)/calibration

clean:
	rm -rf $(VENV) $(LOWEST) .setup $(DEMO) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
