"""What a case's files need and hold: nothing incomplete is ever filed as complete."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from daiban.archiving.archive_report import ArchiveCase, ArchiveReport, archive_report
from daiban.cli import cli
from daiban.documents.contents import ArchiveRow
from daiban.documents.return_status import must_return
from daiban.office import Office
from daiban.registry import Generation, PageContent, RecordedPage, Registry
from daiban.workspace import Workspace
from extractors.model import Finding, PageFacts, PageRef, Sighting
from forms.catalogue import Catalogue
from foundation.errors import ExitCode, UsageError
from tests.daiban.on_record import put_out

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
CATALOGUE = Catalogue.load()
NEEDED = tuple(dict.fromkeys(name for ids in CATALOGUE.document("jincheng").archive.values() for name in ids))
BACK = tuple(name for name in NEEDED if must_return(CATALOGUE.form(name)))
AUTHORISATION, COMPLETION, LEDGER = (f"jincheng-{name}" for name in ("authorisation", "completion", "ledger"))


def a_page(number: int) -> RecordedPage:
    """A page of a return on which nothing was seen."""
    facts = PageFacts(
        ref=PageRef("批.pdf", number),
        sighting=Sighting("7K3M9QX2", number, 2, 0, "mark"),
        registered=False,
    )
    return RecordedPage(number=number, source="批.pdf", content=PageContent("c" * 64, number), facts=facts)


def _stage(form_id: str) -> str | None:
    """The first stage whose files need a form that exists per stage."""
    form = CATALOGUE.form(form_id)
    needed = CATALOGUE.document(form.document).archive.items() if form.per_stage else ()
    return next((stage for stage, ids in needed if form_id in ids), None)


class FiledCase:
    """A workspace in which documents are recorded as issued and returned, without making any."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace.create(folder)
        self.numbers: dict[str, str] = {}

    def write_case(self, **changes: Any) -> None:
        case = {
            "id": "A1",
            "document": "jincheng",
            "stage": "竣工验收",
            "project": {"name": "某项目"},
            "enterprise": {"name": "某公司"},
            "agency": {"name": "某局"},
        }
        text = json.dumps(case | changes, ensure_ascii=False)
        (self.workspace.cases / f"{changes.get('id', 'A1')}.json").write_text(text, "utf-8")

    def issue(
        self,
        form_id: str,
        when: datetime = NOW,
        blank: tuple[str, ...] | None = None,
        stage: str | None = None,
    ) -> None:
        """Everything that concerns a return is left open, unless ``blank`` says what is. ``stage``: of a form that
        exists per stage, by default the first that needs it.
        """
        if blank is None:
            blank = tuple(field.id for field in CATALOGUE.form(form_id).fields if "*" not in field.id)
        number = put_out(
            self.workspace,
            "A1",
            form_id,
            when,
            content=form_id.encode(),
            digest=self._digest(form_id),
            blank=blank,
            stage=stage or _stage(form_id),
        )
        self.numbers[form_id] = number

    def _digest(self, form_id: str) -> str:
        opened = Office(self.workspace)
        bound = opened.binder.bound(opened.cases.cases[0], CATALOGUE.form(form_id))
        return opened.binder.digest(bound)

    def bring_back(self, form_id: str, **changes: Any) -> None:
        file = self.returned(form_id)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(form_id.encode())
        pages = tuple(a_page(page) for page in (1, 2))
        generation = Generation(
            issue=self.numbers[form_id],
            generation=1,
            batch="verify-1",
            verdict="complete",
            digest="1" * 64,
            files={file.name: hashlib.sha256(form_id.encode()).hexdigest()},
            recorded_at=LATER,
            filed_at=LATER,
            pages=pages,
        )
        with Registry.open(self.workspace.registry) as registry:
            registry.returns.record(replace(generation, **changes))

    def returned(self, form_id: str) -> Path:
        return self.workspace.returned("A1", form_id) / f"{form_id}.pdf"

    def whole(self) -> None:
        """Everything the files of the case need."""
        for form_id in NEEDED:
            self.issue(form_id)
        for form_id in BACK:
            self.bring_back(form_id)

    def overview(self, *case_ids: str) -> ArchiveReport:
        return archive_report(Office(self.workspace), case_ids)

    def files(self) -> ArchiveCase:
        return self.overview("A1").cases[0]

    def rows(self) -> tuple[ArchiveRow, ...]:
        opened = Office(self.workspace)
        return opened.binder.data(opened.cases.cases[0]).archive


@pytest.fixture
def office(tmp_path: Path) -> FiledCase:
    made = FiledCase(tmp_path / "ws")
    made.write_case()
    return made


def state_of(case: ArchiveCase, form_id: str) -> str:
    return next(item.state for stage in case.stages for item in stage.documents if item.form == form_id)


def test_everything_in_place_can_be_filed(office: FiledCase) -> None:
    """With every needed document out or back complete, and its files there, the case can be filed."""
    office.whole()
    found = office.overview()
    assert (found.cases[0].verdict, found.cases[0].reasons, found.exit_code) == ("complete", (), ExitCode.OK)
    assert [stage.stage for stage in found.cases[0].stages] == list(CATALOGUE.document("jincheng").stages)
    files = {item.form: item.file for stage in found.cases[0].stages for item in stage.documents}
    assert files[AUTHORISATION] == f"returned/A1/{AUTHORISATION}/{AUTHORISATION}.pdf"
    assert files[LEDGER] == f"issued/A1/{LEDGER}.pdf"


FINDING = Finding(code="signature-missing", weight="incomplete", message="没有签字")
SPOILT: dict[str, tuple[Callable[[FiledCase], None], str]] = {
    "incomplete": (
        lambda o: o.bring_back(COMPLETION, verdict="incomplete", findings=(FINDING,)),
        "incomplete",
    ),
    "review": (lambda o: o.bring_back(COMPLETION, verdict="review"), "review"),
    "not-filed": (lambda o: o.bring_back(COMPLETION, filed_at=None), "incomplete"),
    "no-files": (lambda o: o.bring_back(COMPLETION, files={}), "incomplete"),
    "born-digital": (lambda o: o.bring_back(COMPLETION, pages=()), "complete"),
    "one-page": (
        lambda o: o.bring_back(COMPLETION, pages=(a_page(2),)),
        "review",
    ),
    "file-gone": (lambda o: o.returned(COMPLETION).unlink(), "incomplete"),
    "file-changed": (lambda o: o.returned(COMPLETION).write_bytes(b"x") and None, "review"),
    "issued-anew": (lambda o: o.issue(COMPLETION, LATER), "awaited"),
    "data-changed": (lambda o: o.write_case(project={"name": "另一项目"}), "complete"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_one_bad_document_keeps_the_case_from_the_shelf(office: FiledCase, name: str) -> None:
    """Whatever is wrong with one returned document, the case is not filed; a born-digital one has no pages."""
    office.whole()
    spoil, expected = SPOILT[name]
    spoil(office)
    case = office.files()
    assert state_of(case, COMPLETION) == expected
    if name == "data-changed":  # what people signed stands; what nobody signed is to be made anew
        states = {item.form: item.state for stage in case.stages for item in stage.documents}
        assert {form: state for form, state in states.items() if form in BACK} == dict.fromkeys(
            BACK, "complete"
        )
        assert states[LEDGER] == "changed"
        return
    verdict = expected if expected in ("complete", "review") else "incomplete"
    assert (case.verdict, bool(case.reasons)) == (verdict, expected != "complete")
    codes = {"complete": ExitCode.OK, "review": ExitCode.REVIEW, "incomplete": ExitCode.INCOMPLETE}
    assert office.overview().exit_code is codes[verdict]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [(lambda file: file.unlink(), "incomplete"), (lambda file: file.write_bytes(b"x"), "review")],
)
def test_an_issued_document_must_lie_there_as_it_went_out(
    office: FiledCase, spoil: Callable[[Path], Any], expected: str
) -> None:
    """A document that need not come back counts by its PDF, which must be there and unchanged."""
    office.whole()
    spoil(office.workspace.issued("A1", LEDGER, ".pdf"))
    assert state_of(office.files(), LEDGER) == expected


@pytest.mark.parametrize("missing", NEEDED)
def test_each_needed_document_is_needed(tmp_path: Path, missing: str) -> None:
    """Without any one of the documents the case cannot be filed, and the reason names it and what to do."""
    office = FiledCase(tmp_path / "ws")
    office.write_case()
    for form_id in NEEDED:
        if form_id != missing:
            office.issue(form_id)
            if form_id in BACK:
                office.bring_back(form_id)
    case = office.files()
    assert case.verdict == "incomplete"
    assert [CATALOGUE.form(missing).title in reason for reason in case.reasons] == [True]


@pytest.mark.parametrize(
    ("form_id", "blank", "wanted"),
    [
        ("jincheng-suggestions", ("suggestion.remark",), "issued"),
        ("jincheng-suggestions", ("suggestion.opinion",), "returned"),
        (COMPLETION, ("handover.manager_signature",), "returned"),
        (COMPLETION, (), "returned"),  # how many 材料 were printed is not told by what was left open
    ],
)
def test_what_the_office_filled_whole_need_not_come_back(
    office: FiledCase, form_id: str, blank: tuple[str, ...], wanted: str
) -> None:
    """A document in which nothing was left open that a return must have is there as soon as it is out."""
    office.whole()
    office.issue(form_id, LATER, blank)
    case = office.files()
    assert state_of(case, form_id) == ("complete" if wanted == "issued" else "awaited")
    assert (case.verdict == "complete") == (wanted == "issued")


@pytest.mark.parametrize(
    ("ticks", "state"),
    [
        (("assessment.approval.items.city.0",), "complete"),
        (("assessment.approval.items.city.0", "assessment.planning.materials.land.0"), "awaited"),
        ((), "awaited"),
    ],
)
def test_a_merged_assessment_need_not_come_back(
    office: FiledCase, ticks: tuple[str, ...], state: str
) -> None:
    """A 研判表 with 填表人 and a matter in each stage that has 材料 is whole; lines for others do not count."""
    form = CATALOGUE.form("jincheng-assessment")
    said = ("assessment.filled_by", *ticks)
    names = [field.id for field in form.fields if not field.id.endswith(".others")]
    office.issue(form.id, LATER, tuple(name for name in names if name not in said))
    assert state_of(office.files(), form.id) == state


def test_a_case_under_way_is_not_filed(office: FiledCase) -> None:
    """Before the last stage even a case that lacks nothing so far cannot be filed; later stages are not asked for."""
    office.write_case(stage="立项用地规划许可")
    for form_id in CATALOGUE.document("jincheng").archive["立项用地规划许可"]:
        office.issue(form_id)
        if form_id in BACK:
            office.bring_back(form_id)
    case = office.files()
    assert [(stage.stage, stage.verdict) for stage in case.stages] == [("立项用地规划许可", "complete")]
    assert (case.verdict, len(case.reasons)) == ("incomplete", 1)
    assert office.overview().exit_code is ExitCode.INCOMPLETE


def test_each_stage_has_papers_of_its_own(office: FiledCase) -> None:
    """A stage's own 研判表 counts for its files; without one, that of the stage before; the others stay in view."""
    office.whole()
    assessment = "jincheng-assessment"
    first = office.numbers[assessment]
    office.issue(assessment, LATER, stage="工程建设许可")
    stages = {stage.stage: stage.documents for stage in office.files().stages}
    found = {
        stage: next(item for item in documents if item.form == assessment)
        for stage, documents in stages.items()
        if any(item.form == assessment for item in documents)
    }
    assert {stage: (item.issue, item.stage, item.state) for stage, item in found.items()} == {
        "立项用地规划许可": (first, "立项用地规划许可", "complete"),
        "工程建设许可": (office.numbers[assessment], "工程建设许可", "awaited"),
    }
    office.issue(AUTHORISATION, LATER, stage="施工许可")
    assert [(item.form, item.stage) for item in office.files().others] == [(AUTHORISATION, "施工许可")]
    titles = [row.title for row in office.rows() if "委托书" in row.title]
    assert [title.partition("（")[2] for title in titles] == ["立项用地规划许可）", "施工许可）"]


def test_a_suspended_case_is_not_filed(office: FiledCase) -> None:
    """While the service is suspended the case cannot be filed, though every document is there; resumed, it can."""
    office.whole()
    suspension = {"reason": "4", "date": "2026-03-03"}
    office.write_case(suspension=suspension)
    case = office.files()
    assert (case.verdict, len(case.reasons)) == ("incomplete", 1)
    assert "2026-03-03 中止" in case.reasons[0]
    office.write_case(suspension=suspension | {"resumed": "2026-04-01"})
    assert office.files().verdict == "complete"


def test_a_service_that_ends_early_is_held_to_its_end(office: FiledCase) -> None:
    """Once what only the last stage needs is out, the last stage is due, wherever the case stands."""
    office.write_case(stage="立项用地规划许可")
    office.whole()
    case = office.files()
    assert [stage.stage for stage in case.stages] == ["立项用地规划许可", "竣工验收"]
    assert case.verdict == "complete"


@pytest.mark.parametrize(("outcome", "asked"), [("终止", False), ("办结", True)])
def test_an_ended_service_is_not_asked_for_what_it_never_came_to(
    tmp_path: Path, outcome: str, asked: bool
) -> None:
    """终止 before the 县级联审: no 会议纪要 is missed; what went out, and the paper that ends it, still is."""
    office = FiledCase(tmp_path / "ws")
    reason = {"reason": "企业主动提出要求终止"} if outcome == "终止" else {}
    office.write_case(document="yangcheng", handover={"outcome": outcome, **reason})
    office.issue("yangcheng-authorisation")
    (found,) = archive_report(Office(office.workspace)).cases
    named = {document.form for stage in found.stages for document in stage.documents}
    assert ("yangcheng-review-minutes" in named) is asked
    assert {"yangcheng-authorisation", "yangcheng-completion"} <= named
    assert found.verdict == "incomplete"


def test_where_nothing_says_what_is_needed_a_person_decides(office: FiledCase) -> None:
    """A document without a list of what its files need is for a person; lists of projects are left out unless named."""
    office.write_case(document="jinkai", stage="立项用地规划许可")
    assert (office.files().verdict, office.overview().exit_code) == ("review", ExitCode.REVIEW)
    (reason,) = office.files().reasons
    assert "晋市开办〔2021〕5号没有写明一个项目要归档哪些文件" in reason
    assert Catalogue.load().document("jinkai").no_archive in reason
    office.write_case(document="jinkai", projects=[{"name": "某"}])
    assert office.overview().cases == ()
    assert office.files().verdict == "review"


def test_an_unknown_case_names_the_nearest(office: FiledCase) -> None:
    """Asking for a case there is not is wrong usage."""
    with pytest.raises(UsageError, match="A1"):
        office.overview("A11")


def test_the_list_says_what_is_there(office: FiledCase) -> None:
    """A row per document in the order of the stages, dated by its return or its issue, and honest about the rest."""
    office.whole()
    office.bring_back(COMPLETION, verdict="review")
    office.issue("jincheng-suggestions", LATER)
    rows = {row.issue: row for row in office.rows()}
    assert list(rows) == [office.numbers[form_id] for form_id in NEEDED]
    assert rows[office.numbers[AUTHORISATION]] == ArchiveRow(
        issue=office.numbers[AUTHORISATION],
        responsible="某公司",
        title="“全代办”服务委托书",
        date=LATER.astimezone().date().isoformat(),
        pages="2",
        remark=None,
    )
    assert rows[office.numbers[LEDGER]].date == NOW.astimezone().date().isoformat()
    assert rows[office.numbers[COMPLETION]].responsible == "某公司、某局"
    remarks = [rows[office.numbers[name]].remark for name in (LEDGER, COMPLETION, "jincheng-suggestions")]
    assert remarks == [None, "待人工核对", "未交回"]


def test_the_list_is_none_of_its_own_rows(office: FiledCase) -> None:
    """Issuing the list changes neither its rows nor what the case's files hold."""
    office.whole()
    before = office.rows()
    office.issue("archive-contents")
    assert office.rows() == before
    assert office.files().others == ()


def test_the_command_tells_a_clerk(office: FiledCase) -> None:
    """The command says per stage what lies where and what to do about the rest, and ends with the case's code."""
    office.whole()
    office.issue(COMPLETION, LATER)
    result = CliRunner().invoke(cli, ["archive", str(office.workspace.path)], standalone_mode=False)
    assert result.return_value is ExitCode.INCOMPLETE
    assert "不能归档" in result.output and "未交回" in result.output
    assert f"returned/A1/{AUTHORISATION}/{AUTHORISATION}.pdf" in result.output
    told = CliRunner().invoke(cli, ["archive", str(office.workspace.path), "--json"], standalone_mode=False)
    assert json.loads(told.output)["cases"][0]["verdict"] == "incomplete"
