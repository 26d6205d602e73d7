# ruff: noqa: E501
"""A small executed notebook, made by hand, with every kind of output that a county's notebook prints."""

import base64
import html
import io
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from analysis.render import Meta

META = Meta(
    title="示例三县2024年义务教育优质均衡监测报告",
    subtitle="依据教督〔2017〕6号及示例三县发展规划（2021—2028），数据截至2024年9月",
    county="示例三县",
    province="示例省",
    year=2024,
    lang="zh",
    audience="internal",
    synthetic=True,
    date="2024-11-20",
    office="示例三县人民政府教育督导委员会办公室",
    keywords=("优质均衡", "校际差异率"),
)
FINDINGS = {
    "resources.cv_sports_area.junior": 0.4578,
    "quality.rate.mathematics.8": 0.18,
    "recognition.recognition": 0.884,
}
CAPTION = "各校生均体育运动场馆面积与标准"
ALT = "散点图：每点一所学校"
VERDICT = """::: {.verdict .not-met}
**结论：未达到优质均衡标准** [[31]{.n f="overall.items"}项指标达到[29]{.n f="overall.met"}项]{.aside}

决定结论的是两件事：初中体育运动场馆面积不足且不均，3所初中低于标准的85%，校际差异系数[0.46]{.n f="resources.cv_sports_area.junior"}，高于上限0.45；八年级数学国家监测的校际差异率[0.18]{.n f="quality.rate.mathematics.8"}，不低于0.15。
:::

::: {.fields}
::: {.field .not-met}
资源配置 [未达到]{.state}

58所学校55所符合；14个差异系数13个达到
:::
::: {.field .met}
政府保障 [达到]{.state}

15项全部达到
:::
::: {.field .not-met}
教育质量 [未达到]{.state}

9项达到8项；数学差异率超限
:::
::: {.field .met}
社会认可度 [达到]{.state}

[88.4%]{.n f="recognition.recognition"}（86.9%—89.8%）
:::
:::
"""
PROSE = """**与2023年相比，** 小学七项指标全部达标的学校由35所增至40所，共42所。初中体育场馆面积差异系数由0.50降至0.46，按近四年的速度2025年可降到0.45以内。八年级数学国家监测的差异率2021年为0.20，2024年为0.18，两次均超上限；监测结果不附误差，不能据此认定改善。

**最要紧的三件事。** 一、示例三中和城关二中占初中体育场馆差异的四分之一，两校距标准合计缺14,220平方米。二、本县八年级数学测试（16校2,400人）的校际差异率为0.21，95%区间0.12—0.39，均分最低的三所乡镇初中同时是骨干教师最少的三所。三、城区3所小学有7个班已达44至45人，按明年入学人数将有4个班超过45人。

**数据是否可靠。** 本报告使用58所学校的统计数据，2所不足100人的教学点按规定不参加测算；1所学校的仪器设备值由32元更正为32万元（更正记录第4号）；八年级科学无国家监测结果，未作判断。各校情况见[@fig-schools]和[@tbl-schools]。
"""
HEADS = (
    "学校",
    "在校生（人）",
    "高于规定学历教师",
    "骨干教师",
    "体艺教师",
    "教学用房",
    "场馆面积",
    "仪器设备（元）",
    "多媒体教室",
    "结论",
)


def table(name: str, caption: str, heads: Sequence[str], rows: Sequence[Sequence[tuple[str, str]]]) -> str:
    """Return a table as a notebook prints it; a cell is (text, classes)."""
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in heads)
    body = "".join(
        "<tr>" + "".join(f'<td class="{classes}">{html.escape(text)}</td>' for text, classes in row) + "</tr>"
        for row in rows
    )
    return (
        f'::: {{#tbl-{name}}}\n```{{=html}}\n<table class="sortable"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>\n```\n:::\n"
    )


def school_rows(count: int, names: Sequence[str] = ()) -> list[list[tuple[str, str]]]:
    """Return `count` rows of schools, drawn with a fixed seed; a few cells fail."""
    draw = random.Random(4)
    rows = []
    for i in range(count):
        name = names[i] if i < len(names) else f"示例县第{i + 1}中心小学"
        values = [draw.uniform(0.7, 2) * base for base in (4.2, 1, 0.9, 4.5, 7.5, 2000, 2.3)]
        failing = [value < base for value, base in zip(values, (4.2, 1, 0.9, 4.5, 7.5, 2000, 2.3), strict=True)]
        cells = [
            (f"{value:,.0f}" if value > 100 else f"{value:.2f}", "num not-met" if fails else "num")
            for value, fails in zip(values, failing, strict=True)
        ]
        verdict = ("未达到", "not-met") if sum(failing) > 1 else ("达到", "met")
        rows.append([(name, ""), (f"{draw.randint(100, 2400):,}", "num"), *cells, verdict])
    return rows


def pictures() -> tuple[str, bytes]:
    """Return one small drawing as SVG text and as PNG bytes."""
    from matplotlib.figure import Figure

    from analysis.brand import drawing

    with drawing():
        figure = Figure(figsize=(6.2, 2.2))
        axes = figure.add_subplot()
        draw = random.Random(1)
        axes.scatter([draw.gauss(10, 1) for _ in range(40)], [draw.random() for _ in range(40)], s=30, alpha=0.8)
        axes.set_xlabel("生均体育运动场馆面积（平方米）")
        axes.set_title("体育场馆面积：初中4所、小学2所未达标", loc="left")
        vector, grid = io.StringIO(), io.BytesIO()
        figure.savefig(
            vector, format="svg", metadata={"Date": None, "Title": CAPTION, "Description": ALT}, bbox_inches="tight"
        )
        figure.savefig(
            grid, format="png", dpi=200, bbox_inches="tight", metadata={"Title": CAPTION, "Description": ALT}
        )
    return vector.getvalue(), grid.getvalue()


def markdown_output(text: str) -> Any:
    return nbformat.v4.new_output("display_data", {"text/markdown": text, "text/plain": "..."})


def code(source: str, *outputs: Any) -> Any:
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), execution_count=1)


def notebook(schools: int = 58, names: Sequence[str] = (), extra: str = "") -> Any:
    """Return an executed notebook with `schools` rows in its long table."""
    vector, grid = pictures()
    picture = nbformat.v4.new_output(
        "display_data",
        {"image/svg+xml": vector, "image/png": base64.b64encode(grid).decode(), "text/plain": "..."},
        metadata={"junheng": {"id": "fig-schools", "caption": CAPTION, "alt": ALT}},
    )
    coefficients = [
        [(stage, ""), (name, ""), ("58", "num"), ("9.61", "num"), (value, classes), ("0.45", "num"), (word, mark)]
        for stage in ("小学", "初中")
        for name, value, classes, word, mark in (
            ("生均体育运动场馆面积", "0.46", "num not-met", "未达到", "not-met"),
            ("生均教学仪器设备值", "0.31", "num", "达到", "met"),
            ("每百名学生拥有网络多媒体教室数", "0.22", "num", "达到", "met"),
        )
    ]
    front = f"---\ntitle: {META.title}\nlang: zh\n---"
    cells = [
        nbformat.v4.new_raw_cell(front),
        code("#| include: false\ncounty = '990101'"),
        code("#| echo: false\nreport.chapter('conclusion')", markdown_output(VERDICT + "\n" + PROSE)),
        code("#| echo: false\n#| label: fig-schools\nreport.figure('schools')", picture),
        nbformat.v4.new_markdown_cell("## 资源配置\n\n初中体育运动场馆面积未达到，见[@tbl-coefficients]。"),
        code(
            "#| echo: false\nreport.table('coefficients')",
            markdown_output(
                table(
                    "coefficients",
                    "校际差异系数",
                    ("学段", "指标", "学校数", "平均值", "差异系数", "上限", "结论"),
                    coefficients,
                )
            ),
        ),
        nbformat.v4.new_markdown_cell(
            "### 哪些学校没有达到\n\n"
            '::: {.callout-note title="口径"}\n差异系数按在校生加权。\n:::\n\n'
            "校际差异率按$\\rho = \\tau^2 / (\\tau^2 + \\sigma^2)$计算，其中\n\n$$S = \\sqrt{\\sum_i \\frac{P_i}{P} (X_i - \\bar X)^2}$$\n\n"
            "- 示例三中：缺体育场馆面积14,220平方米；\n- 城关二中：缺骨干教师2人。\n\n" + extra
        ),
        nbformat.v4.new_markdown_cell("## 附表"),
        code(
            "#| echo: false\nreport.table('schools')",
            markdown_output(table("schools", "各校资源配置指标", HEADS, school_rows(schools, names))),
        ),
        nbformat.v4.new_markdown_cell(
            "## 签署\n\n::: {.sign}\n示例三县人民政府教育督导委员会办公室\n\n2024年11月20日\n\n（盖章）\n:::"
        ),
    ]
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


def write(path: Path, **words: Any) -> Path:
    """Write the notebook to `path`."""
    nbformat.write(notebook(**words), path)
    return path
