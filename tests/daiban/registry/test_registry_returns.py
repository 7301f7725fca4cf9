"""What came back, on record: generations, what is back now, runs of verify."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from daiban.registry import Generation, PageContent, RecordedFile, RecordedPage, Registry, VerifiedBatch
from extractors.model import (
    Alteration,
    CheckboxObservation,
    DateObservation,
    DigitalFacts,
    Finding,
    Measure,
    PageFacts,
    PageRef,
    Seal,
    Sighting,
    SignatureObservation,
    TextObservation,
)
from forms.geometry import Box

NOW = dt.datetime(2026, 3, 5, 14, 15, tzinfo=dt.UTC)
ISSUE = "7K3M9QX2"
SIGHTING = Sighting(ISSUE, 1, 2, 180, "mark")


def observed(field: str) -> TextObservation:
    return TextObservation(
        id=field, state="blank", page=1, confidence=0.9, reason="空着", box=Box(1, 2, 3, 4)
    )


def page(number: int) -> RecordedPage:
    """A page with something of everything a page can have; pictures left out."""
    facts = PageFacts(
        ref=PageRef("批.pdf", number),
        sighting=SIGHTING,
        registered=True,
        observations=(
            observed("contact.phone"),
            CheckboxObservation(id="a.b", state="filled", page=1, confidence=1, reason="勾", mark="tick"),
            DateObservation(
                id="a.c", state="unsure", page=1, confidence=1, reason="日", slots=("filled", "blank")
            ),
            SignatureObservation(
                id="a.d",
                state="filled",
                page=1,
                confidence=1,
                reason="章",
                pen=False,
                seals=(Seal(Box(0, 0, 9, 9), "round", 42.0, True),),
                measures=(Measure("seal", 42.0, None, "mm"),),
            ),
        ),
        alterations=(
            Alteration(page=1, box=Box(5, 6, 7, 8), how="struck", text="六", confidence=0.8, reason="划掉"),
        ),
        unseen=(Box(0, 0, 1, 1),),
        readability=0.5,
        residual_mm=0.1,
        dpi=150.0,
        seam=(Measure("seam", 1.0, 2.0),),
    )
    return RecordedPage(number=number, source="批.pdf", content=PageContent("c" * 64, number), facts=facts)


def digital() -> RecordedFile:
    ref = PageRef("电子件.pdf", 1)
    facts = DigitalFacts(ref=ref, issue=ISSUE, format="pdf", observations=(observed("a.e"),), pages_seen=(1,))
    return RecordedFile(file="received.pdf", content="e" * 64, facts=facts)


def generation(number: int, *pages: int, filed: bool = False) -> Generation:
    """A generation with these pages, and a finding for itself."""
    return Generation(
        issue=ISSUE,
        generation=number,
        batch="verify-1",
        verdict="incomplete",
        digest=str(number) * 64,
        files={"a.pdf": "ab"},
        recorded_at=NOW,
        filed_at=NOW if filed else None,
        pages=tuple(map(page, pages)),
        digital=(digital(),),
        observations=(observed("contact.phone"),),
        findings=(
            Finding(code="field-blank", weight="incomplete", message=f"第{number}代", box=Box(1, 2, 3, 4)),
            Finding(code="inconsistent", weight="note", message="不一致"),
        ),
    )


def seen_as_recorded(found: Generation | None) -> Generation | None:
    """With the one sighting of these tests, which is compared by identity, in place of an equal one."""
    if found is None:
        return None
    for item in found.pages:
        assert (item.facts.sighting.issue, item.facts.sighting.by) == (ISSUE, "mark")
    pages = (replace(item, facts=replace(item.facts, sighting=SIGHTING)) for item in found.pages)
    return replace(found, pages=tuple(pages))


def test_a_generation_comes_back_as_it_was(tmp_path: Path) -> None:
    """What is recorded of a generation is read again, whole; recording it again replaces it."""
    with Registry.open(tmp_path / "r.sqlite") as registry:
        assert registry.returns.newest(ISSUE) is None
        for _ in range(2):
            registry.returns.record(generation(1, 1, 2))
        assert seen_as_recorded(registry.returns.newest(ISSUE)) == generation(1, 1, 2)
        registry.returns.mark_filed(ISSUE, 1, NOW)
        assert seen_as_recorded(registry.returns.generation(ISSUE, 1)) == generation(1, 1, 2, filed=True)


def test_the_latest_return_is_the_newest_generation(tmp_path: Path) -> None:
    """Pages and findings of the latest return are the newest generation's alone; older ones stay on record."""
    with Registry.open(tmp_path / "r.sqlite") as registry:
        registry.returns.record(generation(1, 1))
        registry.returns.record(generation(2, 1, 2))
        latest = registry.returns.latest()[ISSUE]
        assert latest.newest.generation == 2
        assert latest.pages == (1, 2)
        assert [item.message for item in latest.findings] == ["第2代", "不一致"]
        assert [item.generation for item in registry.returns.generations(ISSUE)] == [1, 2]


def test_pages_are_found_by_the_file_they_came_in(tmp_path: Path) -> None:
    """What pages are is known of every generation; a page is found by its file's hash, and by no other."""
    with Registry.open(tmp_path / "r.sqlite") as registry:
        registry.returns.record(generation(1, 1))
        registry.returns.record(generation(2, 1, 2))
        contents = [PageContent("c" * 64, number) for number in (1, 2)]
        assert registry.returns.contents(ISSUE) == {1: (contents[0],), 2: tuple(contents)}
        assert [item.number for item in registry.returns.pages_from(ISSUE, "c" * 64)] == [1, 1, 2]
        assert registry.returns.pages_from(ISSUE, "c") == registry.returns.pages_from("other", "c" * 64) == []


def test_a_page_is_named_in_digests_as_ever() -> None:
    """The text of a page's content is part of generations' digests, old ones too: it never changes."""
    assert str(PageContent("ab", 3)) == "ab:3"


def test_a_batch_is_found_by_its_digest(tmp_path: Path) -> None:
    """A batch is found again by what went in and came out, and by nothing else."""
    row = VerifiedBatch(
        name="verify-1", digest="d", checked_at=NOW, sources=("a",), reports=("reports/a.html",)
    )
    with Registry.open(tmp_path / "r.sqlite") as registry:
        registry.batches.record(row)
        assert registry.batches.latest("d") == row
        assert registry.batches.latest("e") is None
