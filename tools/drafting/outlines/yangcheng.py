"""Outlines of the forms of 阳政办函〔2026〕9号: 名单, 委托书, 方案, 办结或终止单; the others are beside this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tools.drafting.markup import (
    END,
    HEI,
    UNDERLINED,
    Controls,
    Outline,
    TableCell,
    TableRow,
    control_line,
    loop_row,
    paragraph,
    printed,
    run,
    tab,
    table,
)
from tools.drafting.outlines.parts import (
    blank,
    body,
    field,
    head_row,
    label,
    signing_pair,
    small_label,
    title,
)
from tools.drafting.outlines.people import people
from tools.drafting.outlines.yangcheng_lists import (
    issue_list,
    simulated_checklist,
    social_security_review,
    supervision_notice,
)
from tools.drafting.outlines.yangcheng_papers import PAPERS
from tools.drafting.outlines.yangcheng_review import (
    city_application,
    entry_opinion,
    referral_letter,
    review_minutes,
)


def leading_group(controls: Controls) -> str:
    """领导小组: names and posts in aligned columns, as the notice prints them."""
    groups = (("组　长:", "leaders"), ("副组长:", "deputies"), ("成　员:", "members"))
    listed = [(label, f"leading_group.{group}") for label, group in groups]
    return title("领导小组") + people(controls, listed, (1500, 1500, 5845)) + END


_FIXED = (
    (
        "三、",
        "代办服务免费。代办机构负责指导、协助我单位准备、提供、报送相关申报材料，全程组织协调推进代办工作。",
    ),
    (
        "四、",
        "代办所涉及的行政审批中介服务事项，按照国家、省、市、县相关要求，由我单位、审批部门按要求选择中介服务机构。",
    ),
    (
        "五、",
        "有下列情况之一的，代办服务办结或终止，代办机构及时向我单位移交有关资料，填写《代办服务办结或终止单》：",
    ),
)
_REASONS = (
    "代办服务完成；",
    "因重大政策调整等原因无法完成审批；",
    "企业主动提出要求终止；",
    "企业不履行代办委托书中规定义务。",
)


def authorisation(controls: Controls) -> str:
    """代办服务委托书: after the clauses of 晋城's 委托书; it ends with 办结 or 终止."""
    return "".join(
        (
            title("代办服务委托书"),
            _entrusted(controls),
            *_clauses(controls),
            paragraph("FormBody", run("本委托书自签署之日起生效。"), properties="<w:keepNext/>"),
            signing_pair(
                (
                    "项目单位（盖章或签字）：",
                    controls.text("authorisation.signature"),
                    controls.date("authorisation.date"),
                ),
                (
                    "代办机构（盖章）：",
                    controls.text("authorisation.agency_signature"),
                    controls.date("authorisation.agency_date"),
                ),
            ),
        )
    )


def _entrusted(controls: Controls) -> str:
    """Who entrusts whom with what."""
    return _justified(
        run("根据阳城县化工项目“五办”代办服务机制，"),
        blank(controls, "enterprise.name"),
        run("（项目单位名称）委托"),
        blank(controls, "agency.name"),
        run("（代办机构名称），开展"),
        blank(controls, "project.name"),
        run("（项目名称）代办服务，现对委托内容明确如下："),
    )


def _justified(*runs: str) -> str:
    """Running text whose blanks the office fills before it goes out, but for a few."""
    return paragraph("FormBody", *runs)


def _clauses(controls: Controls) -> Iterator[str]:
    yield printed("HeadingOne", "一、代办服务事项")
    yield _justified(
        run("本次主要是开展"),
        blank(controls, "authorisation.stage"),
        run("阶段代办服务，代办涉及审批事项："),
        blank(controls, "authorisation.items"),
    )
    yield _justified(
        run("二、", HEI),
        run("我单位承诺按时提供真实、准确、完整的申报材料，并指定"),
        blank(controls, "contact.name"),
        run("为我单位项目联系人，联系电话"),
        blank(controls, "contact.phone"),
        run("。"),
    )
    yield from (_justified(run(ordinal, HEI), run(text)) for ordinal, text in _FIXED)
    yield from (printed("FormBody", f"{number}. {text}") for number, text in enumerate(_REASONS, 1))


def completion(controls: Controls) -> str:
    """代办服务办结或终止单: exactly one outcome; for 终止 one of the three printed reasons; both sides sign."""

    def box(field_id: str, indent: int) -> str:
        return paragraph(
            "FormBody",
            controls.box(field_id),
            run(f" {controls.label(field_id)}"),
            properties=f'<w:ind w:left="{indent}" w:firstLine="0"/>',
        )

    return "".join(
        (
            title("代办服务办结或终止单"),
            body(
                blank(controls, "enterprise.name"),
                run("（项目单位名称）委托代办的"),
                blank(controls, "project.name"),
                run("（项目名称），项目代码"),
                blank(controls, "project.code"),
                run("，于"),
                controls.date("handover.date", UNDERLINED),
                run("："),
            ),
            box("handover.outcome.0", 632),
            box("handover.outcome.1", 632),
            paragraph("FormBody", run("终止的原因："), properties='<w:ind w:left="948" w:firstLine="0"/>'),
            *(box(f"handover.reason.{number}", 1264) for number in range(3)),
            body(run("有关资料已向项目单位移交，移交资料如下：")),
            control_line("{%p for m in handover.materials %}"),
            # The last line goes with the signatures: a page that is signed says what was handed over.
            control_line("{%p if loop.last %}"),
            _material(controls, "<w:keepNext/>"),
            control_line("{%p else %}"),
            _material(controls, ""),
            control_line("{%p endif %}"),
            control_line("{%p endfor %}"),
            signing_pair(
                (
                    "项目单位（盖章或签字）：",
                    controls.text("handover.enterprise_signature"),
                    controls.date("handover.enterprise_date"),
                ),
                (
                    "开发区审批局（盖章）：",
                    controls.text("handover.agency_signature"),
                    controls.date("handover.agency_date"),
                ),
            ),
        )
    )


def _material(controls: Controls, properties: str) -> str:
    entry = controls.entry("handover.materials", "", "m")
    return paragraph("FormBody", run("{{ loop.index }}. "), entry, properties=properties)


_STAGES = (
    ("立项用地规划许可", "approval"),
    ("工程建设许可", "planning"),
    ("施工许可", "construction"),
    ("竣工验收", "completion"),
)
#: What the plan holds per stage, by table: 审批事项、材料、时限、方式, then 责任分工.
_WHAT = (("审批事项", "items"), ("材料", "materials"), ("时限", "duration"), ("方式", "method"))
_WHO = (
    ("审批牵头部门", "department"),
    ("牵头代办员", "lead_agent"),
    ("协同代办员", "assisting_agents"),
    ("责任人", "responsible"),
    ("时间节点", "milestone"),
)
_STEPS = ("序号", "环节", "责任单位", "完成时限", "计划开始", "计划完成")


def service_plan(controls: Controls) -> str:
    """代办服务方案: matters, responsibilities, timetable with its drawn road map."""
    head = [
        TableRow(
            [
                label("项目名称"),
                field(controls, "project.name"),
                label("项目单位"),
                field(controls, "enterprise.name"),
            ],
            height=680,
            whole=True,
        ),
        TableRow(
            [
                label("联系人及电话"),
                _pair(controls, "contact"),
                label("管家及电话"),
                _pair(controls, "manager"),
            ],
            height=680,
            whole=True,
        ),
    ]
    return "".join(
        (
            title("代办服务方案", gap=240),
            table((1630, 2750, 1390, 3075), head),
            _part("一、审批事项、材料、时限、方式"),
            table(
                (1100, 2400, 2345, 1800, 1200),
                [
                    head_row(("阶段", *(name for name, _ in _WHAT)), small=True),
                    *(_stage(controls, stage, _WHAT) for stage in _STAGES),
                ],
            ),
            _part("二、责任分工"),
            table(
                (1100, 1650, 1250, 1800, 1000, 2045),
                [
                    head_row(("阶段", *(name for name, _ in _WHO)), small=True),
                    *(_stage(controls, stage, _WHO) for stage in _STAGES),
                ],
            ),
            _part("三、时间表"),
            _timetable(controls),
            _part("四、路线图"),
            _road_map(controls),
            END,
        )
    )


def _part(text: str) -> str:
    properties = '<w:keepNext/><w:spacing w:before="160" w:after="80" w:line="400" w:lineRule="exact"/>'
    return paragraph("PartHeading", run(text), properties=properties)


def _pair(controls: Controls, group: str) -> TableCell:
    return TableCell([paragraph("CellText", controls.text(f"{group}.{name}")) for name in ("name", "phone")])


def _stage(controls: Controls, stage: tuple[str, str], columns: tuple[tuple[str, str], ...]) -> TableRow:
    name, key = stage
    cells = [
        TableCell([paragraph("CellSmall", controls.text(f"plan.{key}.{leaf}", multiline=True))])
        for _, leaf in columns
    ]
    return TableRow([small_label(name), *cells], height=700, whole=True)


def _timetable(controls: Controls) -> str:
    names = {
        "step": "CellSmall",
        "department": "CellSmall",
        "limit": "CellTiny",
        "start": "CellTiny",
        "finish": "CellTiny",
    }
    cells = [
        TableCell([paragraph(style, controls.entry("timetable", name, f"e.{name}"))])
        for name, style in names.items()
    ]
    row = TableRow(
        [TableCell([paragraph("CellSmallLabel", run("{{ loop.index }}"))]), *cells], height=440, whole=True
    )
    return table(
        (600, 1600, 1745, 1600, 1650, 1650),
        [
            head_row(_STEPS, small=True),
            loop_row("{%tr for e in timetable %}", 6),
            row,
            loop_row("{%tr endfor %}", 6),
        ],
    )


def _road_map(controls: Controls) -> str:
    """The timetable drawn: a line per step under the first and the last day, and the months between them."""
    days = paragraph(
        "CellTiny",
        controls.date("road_map.first"),
        tab(),
        controls.date("road_map.last"),
        properties='<w:tabs><w:tab w:val="right" w:pos="5830"/></w:tabs>',
    )
    scale = [paragraph("RoadMap", controls.text(f"road_map.{name}")) for name in ("months", "scale")]
    list_id = "road_map.steps"
    row = [
        TableCell([paragraph("CellSmall", controls.entry(list_id, "step", "e.step"))]),
        TableCell([paragraph("RoadMap", controls.entry(list_id, "line", "e.line"))]),
    ]
    return table(
        (2845, 6000),
        [
            TableRow([small_label("环节"), TableCell([days, *scale])], height=440, whole=True, header=True),
            loop_row(f"{{%tr for e in {list_id} %}}", 2),
            TableRow(row, height=400, whole=True),
            loop_row("{%tr endfor %}", 2),
        ],
    )


OUTLINES: Mapping[str, Outline] = {
    "leading-group": leading_group,
    "authorisation": authorisation,
    "service-plan": service_plan,
    "simulated-checklist": simulated_checklist,
    "completion": completion,
    "referral-letter": referral_letter,
    "entry-opinion": entry_opinion,
    "review-minutes": review_minutes,
    "city-application": city_application,
    "issue-list": issue_list,
    "supervision-notice": supervision_notice,
    "social-security-review": social_security_review,
    **PAPERS,
}
