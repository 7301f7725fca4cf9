"""What people signed stands until a person says otherwise; each stage has papers of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daiban.history import case_history
from daiban.issuing import GenerateRequest, GenerateResult, Reissue, generate
from daiban.issuing.withdrawal import restore, withdraw
from daiban.office import Office
from daiban.registry import Generation, Registry
from daiban.status import FormStatus, workspace_status
from daiban.workspace import Workspace
from foundation.errors import UsageError

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FORM = "jincheng-authorisation"
FIRST, SECOND = "立项用地规划许可", "工程建设许可"
WISH = Reissue("王建国", "联系电话变了")


class OneCase:
    """A workspace of one case whose 委托书 is issued as DOCX alone: no converter is there."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace.create(folder)
        settings = self.workspace.path / "daiban.toml"
        settings.write_text('[converter]\npath = "/nowhere/soffice"\n', "utf-8")
        self.write()

    def write(self, phone: str = "13800138000", stage: str = FIRST) -> None:
        case = {
            "id": "A1",
            "document": "jincheng",
            "stage": stage,
            "project": {"name": "某项目"},
            "enterprise": {"name": "某公司"},
            "agency": {"name": "某局"},
            "contact": {"name": "李明", "phone": phone},
            "authorisation": {"items": ["企业投资项目备案"]},
        }
        (self.workspace.cases / "A1.json").write_text(json.dumps(case, ensure_ascii=False), "utf-8")

    @property
    def office(self) -> Office:
        return Office.open(self.workspace.path)

    def generate(self, **wish: Any) -> GenerateResult:
        return generate(self.office, GenerateRequest(cases=("A1",), forms=(FORM,), workers=1, **wish))

    def issue(self) -> str:
        (item,) = self.generate().issued
        return item.issue

    def bring_back(self, number: str, verdict: Any = "complete") -> None:
        back = Generation(
            issue=number,
            generation=1,
            batch="verify-1",
            verdict=verdict,
            digest="1" * 64,
            files={"received.pdf": "a" * 64},
            recorded_at=NOW,
            filed_at=NOW,
        )
        with Registry.open(self.workspace.registry) as registry:
            registry.returns.record(back)
        folder = self.workspace.returned("A1", FORM)
        (folder / "evidence").mkdir(parents=True)
        (folder / "evidence" / "sign.png").write_bytes(b"picture")
        (folder / "received.pdf").write_bytes(number.encode())

    def forms(self) -> list[FormStatus]:
        (case,) = workspace_status(self.office).cases
        return [form for form in case.forms if form.form == FORM]

    def files(self) -> dict[str, bytes]:
        roots = (self.workspace.issued_root, self.workspace.returned_root)
        found = (path for root in roots for path in root.rglob("*") if path.is_file())
        return {self.workspace.relative(path): path.read_bytes() for path in found}


@pytest.fixture
def case(tmp_path: Path) -> OneCase:
    return OneCase(tmp_path / "ws")


def test_changed_data_never_void_what_came_back_complete(case: OneCase) -> None:
    """The signed paper stands under its number, not a file is touched, and what has changed is told in both places."""
    number = case.issue()
    case.bring_back(number)
    before = case.files()
    case.write(phone="13900139000")
    result = case.generate()
    (kept,) = result.unchanged
    assert (result.issued, kept.issue) == ((), number)
    assert [(change.field, change.before, change.after) for change in kept.changes] == [
        ("contact.phone", "13800138000", "13900139000")
    ]
    assert any("照旧有效" in warning.problem for warning in result.warnings)
    assert case.files() == before
    (form,) = case.forms()
    assert (form.state, form.issue, form.changes) == ("issued", number, kept.changes)


@pytest.mark.parametrize("verdict", ["incomplete", "review"])
def test_what_is_not_complete_is_made_anew_as_before(case: OneCase, verdict: str) -> None:
    """A paper that lacks something, or that nobody has looked at, is issued anew when its data change."""
    case.bring_back(case.issue(), verdict)
    case.write(phone="13900139000")
    assert len(case.generate().issued) == 1


def test_a_person_can_have_it_anew_with_the_reason_on_record(case: OneCase) -> None:
    """With --reissue a new issue supersedes the signed one; who asked, why, and what came of it are on record."""
    number = case.issue()
    case.bring_back(number)
    assert case.generate(reissue=WISH).issued == ()  # nothing has changed
    case.write(phone="13900139000")
    (new,) = case.generate(reissue=WISH).issued
    with Registry.open(case.workspace.registry) as registry:
        (decision,) = registry.decisions.of_case("A1")
        old = registry.find(number)
    assert (decision.kind, decision.subject, decision.outcome) == ("reissue", number, new.issue)
    assert (decision.by, decision.reason) == (WISH.by, WISH.reason)
    assert old is not None
    assert old.superseded_by == new.issue
    assert [change.field for change in new.changes] == ["contact.phone"]


def test_to_have_it_anew_the_case_is_named(case: OneCase) -> None:
    """Nobody voids the signed papers of a whole workspace by one word."""
    with pytest.raises(UsageError, match="--case"):
        generate(case.office, GenerateRequest(reissue=WISH))


def test_the_next_stages_paper_leaves_the_earlier_ones_alone(case: OneCase) -> None:
    """Stage 2's 委托书 takes the usual place; stage 1's stands, with its files and returns under its stage's name."""
    first = case.issue()
    case.bring_back(first)
    docx = case.files()[f"issued/A1/{FORM}.docx"]
    case.write(stage=SECOND)
    (second,) = case.generate().issued
    assert (second.stage, second.docx) == (SECOND, f"issued/A1/{FORM}.docx")
    files = case.files()
    assert files[f"issued/A1/{FIRST}/{FORM}.docx"] == docx != files[f"issued/A1/{FORM}.docx"]
    assert files[f"returned/A1/{FIRST}/{FORM}/received.pdf"] == first.encode()
    assert files[f"returned/A1/{FIRST}/{FORM}/evidence/sign.png"] == b"picture"
    assert not case.workspace.returned("A1", FORM).exists()
    told = {form.stage: form for form in case.forms()}
    assert (told[FIRST].issue, told[FIRST].complete, told[FIRST].called_for) == (first, True, False)
    assert (told[SECOND].issue, told[SECOND].called_for) == (second.issue, True)
    with Registry.open(case.workspace.registry) as registry:
        record = registry.find(first)
    assert record is not None
    assert (record.is_void, record.docx) == (False, f"issued/A1/{FIRST}/{FORM}.docx")
    assert case.workspace.returned_of(record.docx) == case.workspace.returned_root / "A1" / FIRST / FORM
    again = case.generate()
    assert (again.issued, [item.issue for item in again.unchanged]) == ((), [second.issue])


def test_a_kill_while_papers_move_loses_nothing(case: OneCase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the record named the new place: run again, everything is there once, and stage 1's still stands."""
    first = case.issue()
    case.bring_back(first)
    case.write(stage=SECOND)
    move = Registry.move

    def kill(self: Registry, *arguments: Any) -> None:
        move(self, *arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Registry, "move", kill)
        case.generate()
    (second,) = case.generate().issued
    files = case.files()
    assert files[f"returned/A1/{FIRST}/{FORM}/received.pdf"] == first.encode()
    assert f"issued/A1/{FIRST}/{FORM}.docx" in files
    assert {form.issue for form in case.forms()} == {first, second.issue}


def test_a_dry_run_says_what_would_be_and_why_and_writes_nothing(case: OneCase) -> None:
    """New, anew with the values that changed and the number that would be void; no file and no registry is touched."""
    (planned,) = case.generate(dry_run=True).planned
    assert (planned.action, planned.voids, planned.stage) == ("new", None, FIRST)
    assert not (case.workspace.path / "registry.sqlite").exists()
    number = case.issue()
    assert case.generate(dry_run=True).planned == ()
    case.write(phone="13900139000")
    before, record = case.files(), (case.workspace.path / "registry.sqlite").read_bytes()
    result = case.generate(dry_run=True)
    (planned,) = result.planned
    assert (planned.action, planned.voids, result.issued) == ("anew", number, ())
    assert [str(change) for change in planned.changes] == ["联系电话：“13800138000” → “13900139000”"]
    assert case.files() == before
    assert (case.workspace.path / "registry.sqlite").read_bytes() == record
    case.bring_back(number)
    (settled,) = case.generate(dry_run=True).unchanged
    assert settled.issue == number


def test_an_issue_can_be_withdrawn_and_restored(case: OneCase) -> None:
    """Withdrawn, it is out no more, is not made again by itself, and its file is kept; restored, all is as before."""
    number = case.issue()
    before = case.files()
    withdraw(case.office, number, by="王建国", reason="发错了单位")
    assert list(case.files()) == [f"issued/A1/superseded/{FORM}.{number}.docx"]
    (form,) = case.forms()
    assert form.state == "missing"
    assert number in (form.next or "")
    result = case.generate()
    assert (result.issued, [item.form for item in result.held]) == ((), [FORM])
    restore(case.office, number, by="王建国", reason="没有发错")
    assert case.files() == before
    assert [form.issue for form in case.forms()] == [number]
    assert case.generate().issued == ()
    with Registry.open(case.workspace.registry) as registry:
        assert [one.kind for one in registry.decisions.of_case("A1")] == ["withdraw", "restore"]
    events = case_history(case.office, "A1").events
    assert [(event.kind, event.issue, event.reason) for event in events] == [
        ("issued", number, None),
        ("decided", number, "发错了单位"),
        ("decided", number, "没有发错"),
    ]


def test_two_issues_of_one_paper_never_stand_together(case: OneCase) -> None:
    """Once another stands in its place, a withdrawn issue cannot be restored before that one is withdrawn."""
    old = case.issue()
    withdraw(case.office, old, by="王建国", reason="电话写错了")
    case.write(phone="13900139000")
    new = case.issue()
    with pytest.raises(UsageError, match=new):
        restore(case.office, old, by="王建国", reason="改回来")
    withdraw(case.office, new, by="王建国", reason="改回来")
    restore(case.office, old, by="王建国", reason="改回来")
    assert [form.issue for form in case.forms()] == [old]
    for number, message in (("NOSUCHNR", "登记库里没有"), (new, "已经撤回")):
        with pytest.raises(UsageError, match=message):
            withdraw(case.office, number, by="王建国", reason="x")
