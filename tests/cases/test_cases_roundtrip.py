"""Property tests over whole cases: a roster and a case file say the same thing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases.checking import check_case
from cases.files.case_file import read_case_file
from cases.model.assessment import AssessmentMaterials
from cases.model.case import TERMINATION_REASONS, Case
from cases.roster.cells import escape, unescape
from cases.roster.read import read_roster
from cases.roster.write import write_roster
from cases.values.invalid import InvalidValue
from cases.values.paths import Loc, dotted
from cases.values.stages import Stage
from cases.values.text import clean_line, clean_text

fixed = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TRICKY = [
    "=1+1",
    "@x",
    "#N/A",
    "001",
    "1e5",
    "TRUE",
    "null",
    "~",
    "- a",
    "a: b",
    "{{ x }}",
    "{% y %}",
    "&amp;",
    "<b>",
    "_x000D_",
    "_x005F_x0041_",
    "x005F_",
    "彧喆堃",
    "👨‍👩‍👧",
    "''",
    '"',
    "示例",
    "2026-03-05",
    "市级）",
]


def writable(text: str, clean: Any) -> bool:
    try:
        return bool(clean(text))
    except InvalidValue:
        return False


characters = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"])
lines = (st.sampled_from(TRICKY) | st.text(characters, max_size=40)).filter(
    lambda text: writable(text, clean_line)
)
texts = st.lists(lines, min_size=1, max_size=3).map("\n".join).filter(lambda text: writable(text, clean_text))
days = st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31))


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def group(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(values)


def entries(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, max_size=3)


plans = group(
    items=entries(group(name=lines, authority=some(lines))),
    special_steps=some(texts),
    fees=some(texts),
    materials=entries(lines),
)
findings = group(
    items=group(city=entries(lines), county=entries(lines), province=entries(lines)),
    materials=group(**{name: entries(lines) for name in AssessmentMaterials.model_fields}),
    special_steps=some(texts),
    fees=some(texts),
    tips=some(texts),
    optimisation=some(texts),
)
ledgers = group(date=some(days), content=some(texts), completed=some(texts)).filter(
    lambda entry: any(entry.values())
)


def forward(first: str, second: str) -> Any:
    """Whether two dates of a group run forward, and the later is not alone."""
    return lambda values: values[second] is None or (values[first] or dt.date.max) <= values[second]


steps = group(
    step=lines,
    department=some(lines),
    limit=some(st.sampled_from(["10", "1-3", "约 5 个工作日"])),
    started=some(days),
    finished=some(days),
    remark=some(texts),
).filter(lambda step: step["started"] is None or forward("started", "finished")(step))
pushes = group(item=lines, department=some(lines), completed=some(days), pushed=some(days)).filter(
    forward("completed", "pushed")
)
suspensions = group(
    reason=some(st.sampled_from("1234567")), date=some(days), resumed=some(days), remark=some(texts)
).filter(
    lambda values: (
        (values["reason"] is None) == (values["date"] is None) and forward("date", "resumed")(values)
    )
)


def cases(case_id: str) -> st.SearchStrategy[dict[str, Any]]:
    """Whole cases with any values, as their plain tree."""
    stages = [stage.value for stage in Stage]
    return group(
        id=st.just(case_id),
        document=st.just("jincheng"),
        stage=some(st.sampled_from([stage.label for stage in Stage])),
        project=group(name=lines, plot=some(lines), content=some(texts), land=some(texts)),
        enterprise=group(name=lines, uscc=some(st.just("91140522MA0K12348Q")), address=some(texts)),
        contact=group(name=some(lines), phone=some(st.sampled_from(["13900000000", "0356-2024567"]))),
        agency=group(name=some(lines)),
        plan=st.fixed_dictionaries(
            {"tips": some(texts), "optimisation": some(texts)}, optional=dict.fromkeys(stages, plans)
        ),
        authorisation=group(stage=some(lines), items=entries(lines)),
        handover=group(stage=some(lines), date=some(days), materials=entries(lines)),
        assessment=st.fixed_dictionaries(
            {"filled_by": some(lines)}, optional=dict.fromkeys(stages, findings)
        ),
        ledger=entries(ledgers),
        suggestion=group(opinion=some(texts), remark=some(texts)),
        progress=group(
            start=st.none() | st.just(dt.date(1949, 1, 1)), steps=entries(steps), pushes=entries(pushes)
        ),
        suspension=suspensions,
    )


people = entries(group(name=lines, post=some(lines)))
reviews = group(
    hazard=some(st.sampled_from(["是", "否"])),
    departments=entries(lines),
    referral=group(number=some(lines), date=some(days), materials=entries(lines)),
    opinions=st.lists(
        group(
            department=lines,
            verdict=some(st.sampled_from(["同意", "不同意", "补正后同意"])),
            reasons=some(texts),
            hazard=some(st.sampled_from(["是", "否"])),
        ),
        max_size=3,
        unique_by=lambda opinion: clean_line(opinion["department"]),
    ),
    minutes=group(
        number=some(lines),
        place=some(lines),
        chair=some(lines),
        attending=entries(lines),
        conclusion=some(texts),
        issued=some(days),
    ),
    city=group(enclosures=entries(lines)),
)
terminated = group(outcome=st.just("终止"), reason=st.sampled_from(TERMINATION_REASONS))


def papers(case_id: str) -> st.SearchStrategy[dict[str, Any]]:
    """Whole cases with what the papers of the other documents say."""
    arranged = group(
        duration=some(texts), method=some(texts), department=some(lines), responsible=some(lines)
    )
    return group(
        id=st.just(case_id),
        document=st.sampled_from(["yangcheng", "anshan", "jiaocheng", "jinkai"]),
        project=group(name=lines),
        enterprise=group(name=lines),
        plan=group(approval=arranged, completion=arranged),
        handover=terminated | group(outcome=some(st.just("办结"))),
        leading_group=group(leaders=people, deputies=people, members=people),
        checklist=entries(
            group(item=lines, department=some(lines), materials=some(texts), remark=some(texts))
        ),
        review=reviews,
        joint_meeting=group(date=some(days), issues=entries(group(problem=texts, due=some(days)))),
        supervision=group(
            number=some(lines),
            date=some(days),
            matters=entries(group(matter=texts, status=some(texts))),
            copies=entries(lines),
        ),
        social_security=group(village=some(lines), plot=some(texts), contribution=some(texts)),
        listing=group(year=some(lines), end=some(days)),
        tasks=entries(group(measure=texts, leader=some(lines), progress=some(texts))),
        task_force=group(heads=people, urban=group(leaders=people, members=people)),
    )


class Nowhere:
    def where(self, loc: Loc) -> str:
        return dotted(loc)


def make(raw: dict[str, Any]) -> Case:
    case, problems = check_case(raw, Nowhere())
    assert case is not None, problems
    return case


def plain(tree: dict[str, Any]) -> Any:
    """A tree as JSON data: dates as text."""
    return json.loads(json.dumps(tree, default=str))


@fixed
@given(cases("JC-1"), cases("编号_2"))
def test_a_roster_gives_back_what_was_written(
    tmp_path: Path, one: dict[str, Any], two: dict[str, Any]
) -> None:
    """Any two cases, written to a roster and read, are equal to themselves and keep apart."""
    written = (make(one), make(two))
    path = tmp_path / "r.xlsx"
    write_roster(path, written, overwrite=True)
    found = read_roster(path)
    assert found.rejected == ()
    assert found.cases == written


@fixed
@given(papers("YC-1"), papers("编号_2"))
def test_a_roster_gives_back_papers(tmp_path: Path, one: dict[str, Any], two: dict[str, Any]) -> None:
    """What the other documents' papers say comes back from a roster as it was written, for each case its own."""
    written = (make(one), make(two))
    path = tmp_path / "r.xlsx"
    write_roster(path, written, overwrite=True)
    found = read_roster(path)
    assert found.rejected == ()
    assert found.cases == written


@fixed
@given(cases("JC-1"))
def test_a_roster_and_case_files_give_the_same_case(tmp_path: Path, raw: dict[str, Any]) -> None:
    """One case through a roster, a YAML file and a JSON file is one and the same case."""
    case = make(raw)
    tree = plain(case.tree())
    write_roster(tmp_path / "r.xlsx", [case], overwrite=True)
    (tmp_path / "a.json").write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), "utf-8")
    sets = [
        read_roster(tmp_path / "r.xlsx"),
        *(read_case_file(tmp_path / f"a.{suffix}") for suffix in ("json", "yaml")),
    ]
    assert [found.cases for found in sets] == [(case,)] * 3


@settings(derandomize=True, deadline=None)
@example("_x005F_x0041_")
@example("_x0041_x0041_")
@given(st.lists(st.sampled_from(["_", "x", "0041", "005F", "_x000D_", "甲"])).map("".join))
def test_cell_escapes_read_back(text: str) -> None:
    """Text that looks like an escape is written so that it reads as it was."""
    assert unescape(escape(text)) == text


@pytest.mark.slow
def test_ten_thousand_cases_stay_small(tmp_path: Path) -> None:
    """Reading 10,000 cases with some thirty list rows each keeps within a few hundred megabytes."""
    import resource

    base = make(
        {
            "id": "x",
            "document": "jincheng",
            "project": {"name": "项目"},
            "enterprise": {"name": "公司"},
            "plan": {"approval": {"items": ["甲（市级）"] * 10, "materials": ["乙"] * 10}},
            "ledger": [{"date": "2026-03-05", "content": "丙"}] * 10,
        }
    )
    write_roster(tmp_path / "r.xlsx", (base.model_copy(update={"id": f"JC-{n}"}) for n in range(10_000)))
    assert len(read_roster(tmp_path / "r.xlsx").cases) == 10_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 600 * 1024
