"""Outlines of the papers that 鞍营商发〔2024〕4号 names: 调度记录, 汇报, 通报, 催办、约谈、限期整改, 专题报告."""

from __future__ import annotations

from collections.abc import Mapping

from tools.drafting.markup import (
    END,
    Controls,
    Outline,
    control_line,
    on_page,
    paragraph,
    printed,
    run,
    tab,
)
from tools.drafting.outlines.parts import (
    FREE_LINE,
    addressed,
    addressee,
    closing,
    entry_table,
    imprint,
    pages_of,
    red_rule,
    text_lines,
    title,
)
from tools.drafting.page import section

_UNDER = '<w:keepNext/><w:spacing w:after="120" w:line="579" w:lineRule="exact"/>'
_BUREAU = "鞍山市营商环境建设局"


def _period(controls: Controls, name: str, group: str) -> str:
    dates = (controls.date(f"{group}.start"), run("至"), controls.date(f"{group}.end"))
    return paragraph("Normal", run(f"{name}："), *dates, properties=_UNDER)


@on_page(section(landscape=True))
def weekly_dispatch(controls: Controls) -> str:
    """项目审批工作周调度记录: landscape, a row for each project that was dispatched in the week."""
    columns = (
        ("推进组", "group", 1500),
        ("项目名称", "project", 2500),
        ("调度时间", "date", 2150),
        ("进展情况", "progress", 2507),
        ("存在问题", "problems", 1700),
        ("调度要求", "request", 1700),
    )
    rows = entry_table(controls, "dispatches", columns, dates={"date"}, centred={"group"}, height=760)
    return title("项目审批工作周调度记录", gap=240) + _period(controls, "调度周", "listing") + rows + END


@on_page(section(landscape=True))
def half_month_report(controls: Controls) -> str:
    """各小组半月工作汇报: landscape, a row for each 推进组."""
    columns = (
        ("推进组", "group", 1500),
        ("组长", "leader", 1200),
        ("项目数", "projects", 1000),
        ("已办完\n事项", "finished", 1100),
        ("正在办理\n事项", "under_way", 1250),
        ("逾期\n事项", "late", 1000),
        ("存在问题", "problems", 5007),
    )
    centred = {"group", "leader", "projects", "finished", "under_way", "late"}
    rows = entry_table(controls, "portfolio.by_group", columns, centred=centred, height=1021)
    return title("各小组半月工作汇报", gap=240) + _period(controls, "汇报时段", "portfolio") + rows + END


def progress_circular(controls: Controls) -> str:
    """项目审批推进情况通报: red head; how each department stands, whom it praises, who lags behind."""
    columns = (
        ("部门", "department", 2929),
        ("承办事项", "total", 1200),
        ("已办完", "finished", 1200),
        ("按时办完", "in_time", 1300),
        ("逾期未办完", "late", 1516),
    )
    centred = {"total", "finished", "in_time", "late"}
    return "".join(
        (
            printed("RedSpace", ""),
            printed("RedHead", _BUREAU),
            FREE_LINE,
            red_rule(controls.text("circular.number")),
            FREE_LINE,
            title("项目审批推进情况通报", gap=400),
            addressed("各地区、各部门"),
            paragraph(
                "FormBody",
                run("按照项目审批手续办理序时进度，现将各部门项目审批推进情况通报如下："),
                properties=_UNDER,
            ),
            entry_table(controls, "portfolio.by_department", columns, centred=centred),
            paragraph("TableGap"),
            _named(controls, "circular.praised", "一、通报表扬"),
            _named(controls, "circular.lagging", "二、推进不力、工作进展滞后时间节点"),
            imprint([run(_BUREAU), tab(), controls.date("circular.issued"), run("印发")]),
            closing(run(_BUREAU), controls.date("circular.date")),
        )
    )


def _named(controls: Controls, list_id: str, heading: str) -> str:
    """Units and what they are named for, under a heading; nothing where none is named."""
    return "".join(
        (
            control_line(f"{{%p if {list_id} %}}"),
            printed("HeadingOne", heading),
            control_line(f"{{%p for u in {list_id} %}}"),
            paragraph(
                "FormBody",
                run("{{ loop.index }}. "),
                controls.entry(list_id, "unit", "u.unit"),
                run("："),
                controls.entry(list_id, "fact", "u.fact", multiline=True),
                properties='<w:keepNext/><w:jc w:val="left"/>',
            ),
            control_line("{%p endfor %}"),
            control_line("{%p endif %}"),
        )
    )


def _notice(controls: Controls, list_id: str, heading: str, *sentences: tuple[str, ...]) -> str:
    """A page for each matter: 主送, the sentences, 落款. A part in braces is a field, with ``@`` at its end a day."""

    def part(text: str) -> str:
        if not text.startswith("{"):
            return run(text)
        leaf = text.strip("{}")
        if leaf.endswith("@"):
            return controls.entry_date(list_id, leaf[:-1], "n")
        return controls.entry(list_id, leaf, f"n.{leaf}")

    # Only the last sentence is kept with the signature: a chain longer than a page would not be kept at all.
    *first, last = sentences
    left = '<w:jc w:val="left"/>'
    said = [paragraph("FormBody", *map(part, sentence), properties=left) for sentence in first]
    said.append(paragraph("FormBody", *map(part, last), properties="<w:keepNext/>" + left))
    content = addressee(part("{department}")) + "".join(said) + closing(part("{sender}"), part("{date@}"))
    return pages_of(list_id, "n", heading, content)


def urging_notice(controls: Controls) -> str:
    """督查催办通知."""
    matter = (
        "你单位承办的",
        "{project}",
        "“",
        "{matter}",
        "”，应于",
        "{due@}",
        "前办结，工作进展滞后时间节点，现予督查催办。",
    )
    return _notice(controls, "urgings", "督查催办通知", matter, ("请于", "{urged_due@}", "前落实到位。"))


def talk_notice(controls: Controls) -> str:
    """约谈通知."""
    matter = ("你单位承办的", "{project}", "“", "{matter}", "”，经", "{urged@}", "催办后仍未按时限落实到位。")
    call = ("现定于", "{talked@}", "约谈", "{invitee}", "，请按时参加。")
    return _notice(controls, "talks", "约谈通知", matter, call)


def rectification_notice(controls: Controls) -> str:
    """限期整改通知."""
    matter = ("你单位承办的", "{project}", "“", "{matter}", "”，经", "{urged@}", "催办后仍未按时限落实到位。")
    order = ("现责令限期整改，请于", "{ordered_due@}", "前整改办结。")
    return _notice(controls, "orders", "限期整改通知", matter, order)


def special_report(controls: Controls) -> str:
    """专题报告: to the city's government, about one project."""
    return "".join(
        (
            title("专题报告"),
            addressed("市政府"),
            paragraph(
                "FormBody",
                controls.text("project.name"),
                run("（项目单位："),
                controls.text("enterprise.name"),
                run("）审批手续办理中有需提级由市政府集体决策的事项，现将有关情况专题报告如下："),
                properties='<w:jc w:val="left"/>',
            ),
            printed("HeadingOne", "一、难点、堵点问题"),
            text_lines(controls, "coordination.problem"),
            printed("HeadingOne", "二、研究的解决方案和应对措施"),
            text_lines(controls, "coordination.measures"),
            printed("HeadingOne", "三、提请市政府协调解决的事项"),
            text_lines(controls, "coordination.request"),
            paragraph("FormBody", run("特此报告。"), properties="<w:keepNext/>"),
            closing(controls.text("agency.name"), controls.date("coordination.date")),
        )
    )


PAPERS: Mapping[str, Outline] = {
    "weekly-dispatch": weekly_dispatch,
    "half-month-report": half_month_report,
    "progress-circular": progress_circular,
    "urging-notice": urging_notice,
    "talk-notice": talk_notice,
    "rectification-notice": rectification_notice,
    "special-report": special_report,
}
