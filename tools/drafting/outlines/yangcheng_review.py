"""Outlines of the papers of 联审 of 阳政办函〔2026〕9号: letter, opinion, minutes, application to the city."""

from __future__ import annotations

from collections.abc import Iterator

from tools.drafting.markup import (
    HEI,
    UNDERLINED,
    Controls,
    TableCell,
    TableRow,
    control_line,
    on_page,
    paragraph,
    printed,
    run,
    tab,
    table,
)
from tools.drafting.outlines.parts import (
    FREE_LINE,
    blank,
    body,
    imprint,
    pages_of,
    red_foot,
    red_head,
    red_rule,
    signing_pair,
    title,
)
from tools.drafting.page import section

#: A letter's page: no number on its first one; further letters count on, so that a page is where its mark says.
_LETTER = section(letter=True, number_from=None)
_LETTERS = "review.letters"


@on_page(_LETTER)
def referral_letter(controls: Controls) -> str:
    """化工项目县级联审推送函: 信函格式, a letter to each department, each a section of its own."""

    def entry(name: str) -> str:
        return controls.entry(_LETTERS, name, f"r.{name}")

    # Its ink stands 7/8 of a character under the rule (10.1), the title two lines under it.
    right = '<w:snapToGrid w:val="0"/><w:spacing w:after="1100" w:line="660" w:lineRule="exact"/><w:jc w:val="right"/>'
    return "".join(
        (
            control_line("{%p for r in review.letters %}"),
            red_head(entry("sender")),
            red_foot(),
            paragraph("DocumentNumber", entry("number"), properties=right),
            title("化工项目县级联审推送函"),
            paragraph("FormBody", entry("department"), run("："), properties='<w:ind w:firstLine="0"/>'),
            body(
                entry("enterprise"),
                run("拟入台头化工园区的"),
                entry("project"),
                run("，按程序进行部门预审。现将项目资料随函推送你单位，请进行会前审查并提出补正意见，于"),
                controls.entry_date(_LETTERS, "reply_by", "r"),
                run("前（部门预审约5个工作日）反馈我局，由项目单位据此修改补齐。"),
            ),
            FREE_LINE,
            paragraph(
                "FormBody",
                run("附件：项目资料"),
                properties="<w:keepNext/>",
            ),
            paragraph(
                "FormBody",
                controls.entry(_LETTERS, "materials", "r.materials", multiline=True),
                properties='<w:ind w:left="1580" w:firstLine="0"/><w:jc w:val="left"/>',
            ),
            # The seal, 42 mm, reaches two lines over the name and stands within a line of the text (7.3.5.1).
            FREE_LINE * 2,
            paragraph(
                "Signing", entry("signed_by"), properties='<w:ind w:right="632"/><w:jc w:val="right"/>'
            ),
            control_line("{%p if loop.last %}"),
            _letter_date(controls, ""),
            control_line("{%p else %}"),
            _letter_date(controls, _LETTER),
            control_line("{%p endif %}"),
            control_line("{%p endfor %}"),
        )
    )


def _letter_date(controls: Controls, ending: str) -> str:
    properties = '<w:keepNext w:val="0"/><w:ind w:right="1264"/><w:jc w:val="right"/>'
    return paragraph("Signing", controls.entry_date(_LETTERS, "date", "r"), properties=properties + ending)


_OPINIONS = "review.papers"


def entry_opinion(controls: Controls) -> str:
    """部门入园意见: a page for each department, which ticks, gives its reasons, seals and dates."""

    def cell(name: str, *, span: int = 1) -> TableCell:
        return TableCell([paragraph("CellLarge", controls.entry(_OPINIONS, name, f"o.{name}"))], span=span)

    def boxes(name: str, labels: tuple[str, ...]) -> TableCell:
        runs = []
        for number, text in enumerate(labels):
            gap = "　　" if number + 1 < len(labels) else ""
            runs += [controls.entry_box(_OPINIONS, name, number, "o"), run(f" {text}{gap}")]
        return TableCell([paragraph("CellLarge", *runs)])

    reasons = paragraph("CellLarge", controls.entry(_OPINIONS, "reasons", "o.reasons", multiline=True))
    seal = [
        *[paragraph("CellLarge")] * 3,
        paragraph(
            "CellLarge",
            run("部门（盖章）："),
            controls.entry(_OPINIONS, "signature", "o.signature"),
            properties='<w:ind w:left="948"/>',
        ),
        paragraph("CellLarge"),
        paragraph(
            "CellLarge",
            controls.entry_date(_OPINIONS, "date", "o"),
            properties='<w:ind w:right="948"/><w:jc w:val="right"/>',
        ),
    ]
    rows = [
        TableRow([_large("部　　门"), cell("department")], height=800, whole=True),
        TableRow([_large("项目名称"), cell("project")], height=800, whole=True),
        TableRow([_large("项目单位"), cell("enterprise")], height=800, whole=True),
        TableRow([_large("是否涉及“两重点一重大”"), boxes("hazard", ("是", "否"))], height=1000, whole=True),
        TableRow(
            [_large("入园意见"), boxes("verdict", ("同意", "不同意", "补正后同意"))], height=1000, whole=True
        ),
        TableRow([_large("理　　由"), TableCell([reasons], align="top")], height=3000),
        TableRow([_large("部门盖章"), TableCell(seal, align="bottom")], height=3560, whole=True),
    ]
    return pages_of(_OPINIONS, "o", "部门入园意见", table((2300, 6545), rows))


def _large(text: str) -> TableCell:
    return TableCell([printed("CellLargeLabel", text)])


def review_minutes(controls: Controls) -> str:
    """县级联审会议纪要: 纪要格式 (10.3), 纪要标志 35 mm under the upper edge of the 版心."""

    def line(name: str, *fields: str) -> str:
        return paragraph("FormBody", run(f"{name}：", HEI), *fields, properties='<w:jc w:val="left"/>')

    return "".join(
        (
            printed("RedSpace", ""),
            printed("RedHead", "县级联审会议纪要"),
            FREE_LINE * 2,
            red_rule(controls.text("review.minutes.number")),
            FREE_LINE,
            line("时间", controls.date("review.minutes.date")),
            line("地点", controls.text("review.minutes.place")),
            line("主持", controls.text("review.minutes.chair")),
            line(
                "项目",
                controls.text("project.name"),
                run("（项目单位："),
                controls.text("enterprise.name"),
                run("）"),
            ),
            printed("HeadingOne", "一、各与会单位对项目是否入园的意见"),
            control_line("{%p for o in review.minutes.opinions %}"),
            paragraph(
                "FormBody",
                run("{{ loop.index }}. "),
                controls.entry("review.minutes.opinions", "department", "o.department"),
                run("："),
                controls.entry("review.minutes.opinions", "opinion", "o.opinion", multiline=True),
                properties='<w:jc w:val="left"/>',
            ),
            *_room("o.opinion", 2),
            control_line("{%p endfor %}"),
            printed("HeadingOne", "二、会议结论"),
            paragraph(
                "FormBody",
                controls.text("review.minutes.conclusion", multiline=True),
                properties='<w:keepNext/><w:jc w:val="left"/>',
            ),
            *_room("review.minutes.conclusion", 3),
            imprint(
                [controls.text("agency.name"), tab(), controls.date("review.minutes.issued"), run("印发")],
            ),
            FREE_LINE,
            paragraph(
                "FormBody",
                run("出席：", HEI),
                controls.text("review.minutes.attending"),
                properties='<w:keepLines/><w:jc w:val="left"/>',
            ),
        )
    )


def _room(field: str, count: int) -> Iterator[str]:
    """So many free lines under a field that is left open, to write on."""
    yield control_line(f"{{%p if not {field} %}}")
    yield from [paragraph("FormBody", properties="<w:keepNext/>")] * count
    yield control_line("{%p endif %}")


def _enclosure(controls: Controls, properties: str) -> str:
    return paragraph(
        "FormBody",
        run("{{ loop.index }}. "),
        controls.entry("review.city.enclosures", "", "m"),
        properties=properties + '<w:ind w:left="948" w:firstLine="0"/><w:jc w:val="left"/>',
    )


def city_application(controls: Controls) -> str:
    """市级联审项目申请书: the project unit applies, the 审批局 of the zone hands it on with the enclosures."""
    return "".join(
        (
            title("市级联审项目申请书"),
            paragraph("FormBody", run("市审批局："), properties='<w:ind w:firstLine="0"/>'),
            body(
                blank(controls, "enterprise.name"),
                run("（项目单位名称）拟入台头化工园区建设"),
                blank(controls, "project.name"),
                run("（项目名称），项目代码"),
                blank(controls, "project.code"),
                run("。该项目为“两重点一重大”化工项目，已于"),
                controls.date("review.minutes.date", UNDERLINED),
                run("通过县级联审。"),
            ),
            body(
                run(
                    "现将《项目安全风险评估报告》《县级联审会议纪要》及征求相关各县级单位意见等全套资料报上，申请启动市级联审。"
                )
            ),
            FREE_LINE,
            paragraph("FormBody", run("附件："), properties="<w:keepNext/>"),
            control_line("{%p for m in review.city.enclosures %}"),
            # The last one goes with the signatures, so that no page holds these alone.
            control_line("{%p if loop.last %}"),
            _enclosure(controls, "<w:keepNext/>"),
            control_line("{%p else %}"),
            _enclosure(controls, ""),
            control_line("{%p endif %}"),
            control_line("{%p endfor %}"),
            signing_pair(
                (
                    "项目单位（盖章或签字）：",
                    controls.text("review.city.signature"),
                    controls.date("review.city.date"),
                ),
                (
                    "开发区审批局（盖章）：",
                    controls.text("review.city.agency_signature"),
                    controls.date("review.city.agency_date"),
                ),
            ),
        )
    )
