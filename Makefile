# Every target runs the command `junheng` in a virtual environment that Make keeps up to date.
# Words that a user gives stay mere text: never expanded by Make, never read by the shell.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

WORDS := COUNTY REGION TOWNSHIP SCHOOL SCHOOLS SEED RISK ERROR SUBJECT BUDGET GOAL RESERVE TRANSFERS BY COST LIMITS DISTANCES SCENARIO GAP SECONDS NAME TABLE COUNTIES JOBS SCHEDULER FOLDER YEAR STANDARD PLAN AUDIENCE REPORT_LANG FORMATS ENGINE DATA OUT PYTHON PLATFORM PYTHON_VERSION A B STATUS DATE SIZE FILE PUBLISHER DUE EN OFFICE ALSO REPLACE PARTS
$(foreach word,$(WORDS),$(eval override $(word) := $$(value $(word))))
export $(WORDS)

VENV := .venv
BIN := $(VENV)/bin
JUNHENG := $(BIN)/python -m analysis

.PHONY: help
help: ## 列出全部命令 | list all targets
	@awk -F ' *## *| *\\| *' -v en='$(filter en,$(REPORT_LANG))' \
	  '/^[a-z][a-z-]*:.*##/ {split($$1, t, ":"); printf "  make %-16s %s\n", t[1], en ? $$3 : $$2}' $(firstword $(MAKEFILE_LIST))

$(BIN)/python:
	@found=; \
	for python in "$${PYTHON:-python3.13}" "$${PYTHON:-python3.12}" "$${PYTHON:-python3.11}" "$${PYTHON:-python3}"; do \
	  if "$$python" analysis/run/python_fits.py >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then cat analysis/run/no_python.$(if $(filter en,$(REPORT_LANG)),en,zh).txt >&2; exit 2; fi; \
	"$$found" -m venv --clear $(VENV)

$(VENV)/.runtime: requirements.txt pyproject.toml $(BIN)/python
	@$(BIN)/python analysis/run/install.py requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --no-build-isolation -e .
	@cp requirements.txt $(VENV)/.installed
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@$(BIN)/python analysis/run/install.py requirements-dev.txt
	@touch $@

# An empty word means its default, in `junheng` as here.
ASKED = --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --audience="$$AUDIENCE" --lang="$$REPORT_LANG" \
	--formats="$$FORMATS" --engine="$$ENGINE" --data="$$DATA" --out="$$OUT"
# What a report is as a document: a draft or final, and the day it is signed.
SIGNED = --status="$$STATUS" --date="$$DATE"

.PHONY: report
report: $(VENV)/.runtime ## 生成一个县区的报告：COUNTY=代码或名称 | one county's report: COUNTY=<code or name>
	@$(JUNHENG) report $(ASKED) $(SIGNED) -- "$$COUNTY"

.PHONY: diff
diff: $(VENV)/.runtime ## 两稿之间的变动：A=前一稿 B=后一稿，或 A=县区（与上一稿比） | what changed: A=<earlier> B=<later>, or A=<county> since its last draft
	@$(JUNHENG) diff --data="$$DATA" --out="$$OUT" -- "$$A" "$$B"

.PHONY: verify
verify: $(VENV)/.dev ## 由独立程序核对报告的每一个数：COUNTY=代码或名称 | every number of a report worked out again by a program apart: COUNTY=<code or name>
	@$(JUNHENG) verify --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --audience="$$AUDIENCE" --lang="$$REPORT_LANG" \
	  --data="$$DATA" --out="$$OUT" -- "$$COUNTY"

.PHONY: check
check: $(VENV)/.runtime ## 检查原始数据，列出需要更正之处 | check raw statistics and list what needs mending
	@$(JUNHENG) check --county="$$COUNTY" --plan="$$PLAN" --data="$$DATA" --out="$$OUT"

# Documents of an office; DATE is the day to tell from.
SHEETS = --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --lang="$$REPORT_LANG" --formats="$$FORMATS" \
	--engine="$$ENGINE" --data="$$DATA" --out="$$OUT" $(SIGNED)

.PHONY: deadlines
deadlines: $(VENV)/.runtime ## 整改期限：逾期、30日和90日内到期、月报季报：COUNTY=代码或名称，可加 DATE=起算日 | deadlines of the ledger: COUNTY=<code or name> [DATE=<day to tell from>]
	@$(JUNHENG) deadlines $(SHEETS) -- "$$COUNTY"

.PHONY: warning
warning: $(VENV)/.runtime ## 预警单：接近限值、十二个月内到期、连续未达到：COUNTY=代码或名称 | early warning: COUNTY=<code or name> [DATE=<day to tell from>]
	@$(JUNHENG) warning $(SHEETS) -- "$$COUNTY"

.PHONY: notice
notice: $(VENV)/.runtime ## 公示文稿（公开版，不含校名）：COUNTY=代码或名称 | the notice for publication, no school named: COUNTY=<code or name>
	@$(JUNHENG) notice $(SHEETS) -- "$$COUNTY"

.PHONY: selfassessment
selfassessment: $(VENV)/.runtime ## 自评报告和申报表（Word），改过的不覆盖：COUNTY=代码或名称 | self-assessment report and application form, never written over: COUNTY=<code or name>
	@$(JUNHENG) selfassessment --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --lang="$$REPORT_LANG" \
	  --engine="$$ENGINE" --data="$$DATA" --out="$$OUT" $(SIGNED) -- "$$COUNTY"

.PHONY: review
review: $(VENV)/.runtime ## 市、省复核表（Word），改过的不覆盖：REGION=代码或名称 | the form of a region's review, never written over: REGION=<code or name>
	@$(JUNHENG) review --year="$$YEAR" --standard="$$STANDARD" --lang="$$REPORT_LANG" --engine="$$ENGINE" --data="$$DATA" \
	  --out="$$OUT" --status="$$STATUS" -- "$$REGION"

.PHONY: evidence
evidence: $(VENV)/.runtime ## 佐证材料目录和一校一档（工作簿）：COUNTY=代码或名称 | the evidence register and the schools' folders: COUNTY=<code or name>
	@$(JUNHENG) evidence --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --lang="$$REPORT_LANG" --data="$$DATA" \
	  --out="$$OUT" -- "$$COUNTY"

.PHONY: calendar
calendar: $(VENV)/.runtime ## 国家标准和规划在其后十二个月的日期和下一项：COUNTY=代码或名称，可加 DATE=起算日 | what the framework and plan have in the next twelve months: COUNTY=<code or name> [DATE=<day to tell from>]
	@$(JUNHENG) calendar --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --lang="$$REPORT_LANG" --date="$$DATE" \
	  --data="$$DATA" -- "$$COUNTY"

.PHONY: collect
collect: $(VENV)/.runtime ## 向各校发放填报工作簿；加 FOLDER=收回的文件夹 则读取、核对、汇总：COUNTY=代码或名称 | a workbook for each school, or with FOLDER= what came back: COUNTY=<code or name>
	@$(JUNHENG) collect --year="$$YEAR" --due="$$DUE" --data="$$DATA" --out="$$OUT" -- "$$COUNTY" "$$FOLDER"

.PHONY: add
add: $(VENV)/.runtime ## 登记送来的统计表：FILE=文件 PUBLISHER=单位 DATE=日期，可加 COUNTY= TABLE= YEAR= ALSO=1 或 REPLACE=1 | register a table that came by hand: FILE=<file> PUBLISHER=<who> DATE=<when> [COUNTY= TABLE= YEAR= ALSO=1 or REPLACE=1]
	@$(JUNHENG) add --publisher="$$PUBLISHER" --date="$$DATE" --county="$$COUNTY" --table="$$TABLE" --year="$$YEAR" \
	  $${ALSO:+--also} $${REPLACE:+--replace} --data="$$DATA" -- "$$FILE"

.PHONY: status
status: $(VENV)/.runtime ## 一页看清：哪校缺哪表、有何问题、各项结论、比昨天的变动：COUNTY=代码或名称 | one page: tables lacking, what stands in the way, verdicts, changes: COUNTY=<code or name>
	@$(JUNHENG) status --year="$$YEAR" --data="$$DATA" -- "$$COUNTY"

.PHONY: watch
watch: $(VENV)/.runtime ## 边填边看：保存工作簿后两秒内显示问题和结论，Ctrl-C 停止：COUNTY=代码或名称 | verdicts within two seconds of saving a workbook, stop with Ctrl-C: COUNTY=<code or name>
	@$(JUNHENG) watch --year="$$YEAR" --data="$$DATA" --out="$$OUT" -- "$$COUNTY"

.PHONY: ledger
ledger: $(VENV)/.runtime ## 写出整改台账工作簿，供填写：COUNTY=代码或名称 | the ledger's workbook to fill in: COUNTY=<code or name>
	@$(JUNHENG) ledger --plan="$$PLAN" --data="$$DATA" --out="$$OUT" -- "$$COUNTY"

.PHONY: new
new: $(VENV)/.runtime ## 新县区：建立文件夹和空白工作簿：COUNTY=代码 NAME=名称，可加 YEAR=年份 EN=英文名 OFFICE=落款单位 PLAN=规划；已有的县区补下一年的 | a new county's folder and blank workbooks, of a known one those of another year: COUNTY=<code> NAME=<name> [YEAR= EN= OFFICE= PLAN=<local plan>]
	@$(JUNHENG) new $${YEAR:+"--year=$$YEAR"} $${EN:+"--en=$$EN"} $${OFFICE:+"--office=$$OFFICE"} --standard="$$STANDARD" --plan="$$PLAN" --data="$$DATA" -- "$$COUNTY" "$$NAME"

.PHONY: template
template: $(VENV)/.runtime ## 生成一张空白表：TABLE=schools 等，可加 PLAN=规划（县级指标）或 PARTS=1（分项填报） | a blank workbook: TABLE=schools, ... [PLAN=<whose county items> or PARTS=1]
	@$(JUNHENG) template $${YEAR:+"--year=$$YEAR"} --standard="$$STANDARD" --plan="$$PLAN" $${PARTS:+--parts} --out="$$OUT" -- "$$TABLE"

.PHONY: reports
reports: $(VENV)/.runtime ## 生成全部或指定县区的报告：COUNTIES=all 或 代码,代码 | reports of all or some counties: COUNTIES=all or a,b,c
	@$(JUNHENG) reports $(ASKED) $(SIGNED) --jobs="$$JOBS" --scheduler="$$SCHEDULER" -- "$$COUNTIES"

# A sheet is for the school and the office alone: it has no AUDIENCE.
SHEET = --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --lang="$$REPORT_LANG" \
	--formats="$$FORMATS" --engine="$$ENGINE" --data="$$DATA" --out="$$OUT" --status="$$STATUS"

.PHONY: school
school: $(VENV)/.runtime ## 生成一校一表：SCHOOL=学校代码，或 COUNTY=代码（全县） | sheet of a school: SCHOOL=<code>, or COUNTY=<code> for all
	@$(JUNHENG) school $(SHEET) --county="$$COUNTY" -- "$$SCHOOL"

.PHONY: fieldcheck
fieldcheck: $(VENV)/.runtime ## 实地核查：抽取学校并写出工作簿；填写后再运行，得出核实后的结论：COUNTY=代码或名称 | field check: the workbook to take to schools, then the verdict with what was found: COUNTY=<code or name>
	@$(JUNHENG) fieldcheck $(SHEET) --schools="$$SCHOOLS" --seed="$$SEED" --risk="$$RISK" -- "$$COUNTY"

.PHONY: fragile
fragile: $(VENV)/.runtime ## “达到”的结论有多牢靠，走访哪些学校能查出来：COUNTY=代码或名称，可加 ERROR=多报比例（默认5%） | how far 'met' can be trusted, and how many visits would tell: COUNTY=<code or name> [ERROR=5%]
	@$(JUNHENG) fragile --year="$$YEAR" --standard="$$STANDARD" --lang="$$REPORT_LANG" --error="$$ERROR" --data="$$DATA" -- "$$COUNTY"

.PHONY: plan
plan: $(VENV)/.runtime ## 怎样才能达到：最省的办法，并证明没有更省的：COUNTY=代码或名称（或 REGION=市、省合计），可加 RESERVE= BUDGET= GOAL= BY= TRANSFERS= COST= LIMITS= DISTANCES= SCENARIO= | the least that must be done, with its proof: COUNTY=<code or name> (or REGION=) [RESERVE= BUDGET= GOAL= BY= TRANSFERS= COST= LIMITS= DISTANCES= SCENARIO=]
	@$(JUNHENG) plan --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --by="$$BY" --budget="$$BUDGET" --goal="$$GOAL" \
	  --reserve="$$RESERVE" --transfers="$$TRANSFERS" --cost="$$COST" --limits="$$LIMITS" --distances="$$DISTANCES" --scenario="$$SCENARIO" \
	  --gap="$$GAP" --seconds="$$SECONDS" --region="$$REGION" --data="$$DATA" -- "$$COUNTY"

.PHONY: forecast
forecast: $(VENV)/.runtime ## 今后几年的预测：COUNTY=代码或名称，可加 BY=年份 SCENARIO=情景文件 | what the years to come may bring: COUNTY=<code or name> [BY=<year>] [SCENARIO=<file>]
	@$(JUNHENG) forecast --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --lang="$$REPORT_LANG" --by="$$BY" \
	  --scenario="$$SCENARIO" --data="$$DATA" -- "$$COUNTY"

.PHONY: site
site: $(VENV)/.runtime ## 更新各县区报告的总览页 | update the page over the reports of all counties
	@$(JUNHENG) site --lang="$$REPORT_LANG" --audience="$$AUDIENCE" --out="$$OUT"

.PHONY: subject-report
subject-report: $(VENV)/.runtime ## 生成学科质量分析报告：COUNTY=代码 SUBJECT=学科 | report on a subject: COUNTY=<code> SUBJECT=<subject>
	@$(JUNHENG) subject-report $(ASKED) --status="$$STATUS" -- "$$COUNTY" "$$SUBJECT"

.PHONY: region
region: $(VENV)/.runtime ## 生成市、省汇总报告：REGION=代码或名称 | report on a city or province: REGION=<code or name>
	@$(JUNHENG) region --year="$$YEAR" --standard="$$STANDARD" --plan="$$PLAN" --audience="$$AUDIENCE" --lang="$$REPORT_LANG" \
	  --formats="$$FORMATS" --engine="$$ENGINE" --data="$$DATA" --out="$$OUT" --status="$$STATUS" -- "$$REGION"

.PHONY: township
township: $(VENV)/.runtime ## 生成乡镇学校报告：COUNTY=代码 TOWNSHIP=名称 | schools of a township: COUNTY=<code> TOWNSHIP=<name>
	@$(JUNHENG) township $(ASKED) --status="$$STATUS" -- "$$COUNTY" "$$TOWNSHIP"

.PHONY: data
data: $(VENV)/.runtime ## 整理原始数据并判定（报告会自动进行） | clean and judge the raw statistics (reports do so by themselves)
	@$(JUNHENG) data --data="$$DATA" --jobs="$$JOBS" -- "$$COUNTIES"

.PHONY: sample
sample: $(VENV)/.runtime ## 生成虚构的示例数据到 OUT=（默认 data/sample） | write fictional sample data to OUT= (data/sample)
	@$(JUNHENG) sample --out="$$OUT"

.PHONY: setup
setup: $(VENV)/.runtime ## 安装或更新运行环境 | install or update what reports need

.PHONY: bundle
bundle: $(VENV)/.runtime ## 制作离线安装包（U盘）：PLATFORM=windows-amd64 等 | a folder to carry to a closed network: PLATFORM=windows-amd64, ...
	@$(JUNHENG) bundle --platform="$$PLATFORM" --python="$$PYTHON_VERSION" --data="$$DATA" --out="$$OUT"

.PHONY: update
update: $(VENV)/.runtime ## 在新的安装包里：把 FOLDER=旧的安装 更新到此版本 | in a new bundle: bring the installation in FOLDER= up to it
	@$(JUNHENG) update -- "$$FOLDER"

.PHONY: lab
lab: $(VENV)/.dev ## 在 JupyterLab 中打开笔记本 | open the notebooks in JupyterLab
	@$(BIN)/jupyter lab --notebook-dir=. $$(test "$$(id -u)" -ne 0 || echo --allow-root)

# Tests run side by side, one for each core: none needs threads of its own.
ONE_THREAD := POLARS_MAX_THREADS=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.PHONY: test
test: $(VENV)/.dev ## 运行全部测试 | run the tests
	@$(ONE_THREAD) $(BIN)/python -m pytest -m 'not slow' -n auto --dist loadfile

.PHONY: nightly
nightly: $(VENV)/.dev ## 运行全部测试，包括耗时长的 | run the tests, the long ones too
	@$(BIN)/python -m pytest

.PHONY: bench
bench: $(VENV)/.dev ## 运行性能测试，与其他做法对比：SIZE=small 或 full | run the benchmarks beside their peers: SIZE=small or full
	@$(BIN)/python -m benchmarks "$${SIZE:-small}"

.PHONY: lint
lint: $(VENV)/.dev ## 检查代码风格与类型 | check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

.PHONY: clean
clean: $(VENV)/.runtime ## 删除生成的报告和整理后的数据（不动原始数据，保留改过的文件） | remove built reports and clean tables (never raw data, nor what was edited)
	@$(JUNHENG) clean
