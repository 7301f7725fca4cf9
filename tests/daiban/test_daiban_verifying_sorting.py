"""Which copy of a page counts: the more readable of one pile, the better one against what is back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daiban.registry import Generation, PageContent
from daiban.verifying.sheets import Sheet
from daiban.verifying.sorting import Arrival, Document, put_together
from daiban.verifying.standing import Digital, Standing
from extractors.model import (
    DigitalFacts,
    FieldState,
    Finding,
    IssuedDocument,
    Judgement,
    PageFacts,
    PageRef,
    ReturnedDocument,
    Sighting,
    SignatureObservation,
)

MakeSheet = Callable[..., Sheet]


def content_of(text: str) -> PageContent:
    """``file:3`` is page 3 of a file, ``file`` its first."""
    name, _, page = text.partition(":")
    return PageContent(name, int(page or 1))


@pytest.fixture
def issue() -> IssuedDocument:
    """An issue of two pages, one signature on each."""
    return IssuedDocument(
        number="7K3M9QX2",
        case_id="A-1",
        form_id="f",
        pages=2,
        values={},
        areas=(),
        page_sizes=((210, 297), (210, 297)),
        docx=Path("a.docx"),
        pdf=Path("a.pdf"),
        docx_sha256="",
        pdf_sha256="",
    )


@pytest.fixture
def sheet(tmp_path: Path) -> MakeSheet:
    """A page that came back, signed or not."""
    made = iter(range(1000))

    def make(number: int, state: FieldState, readability: float = 0.5, content: str = "") -> Sheet:
        name = f"{next(made)}.png"
        ref = PageRef(name, 1)
        seen = SignatureObservation(
            id=f"sign.{number}",
            state=state,
            page=number,
            confidence=1.0,
            reason="",
        )
        facts = PageFacts(
            ref=ref,
            sighting=Sighting("7K3M9QX2", number, 2, 0, "mark"),
            registered=True,
            observations=(seen,),
            readability=readability,
        )
        return Sheet(
            ref=ref,
            content=content_of(content or name),
            issue="7K3M9QX2",
            number=number,
            turn=0,
            readability=readability,
            registered=True,
            folder=tmp_path,
            pdf=tmp_path / "page.pdf",
            stored=facts,
        )

    return make


def judge(returned: ReturnedDocument) -> Judgement:
    """A judge who wants both pages, both signed, and no copies that say something else."""
    findings = [
        Finding(code="page-missing", message="", weight="incomplete", page=number)
        for number in (1, 2)
        if number not in returned.pages
    ]
    seen = [item for facts in returned.pages.values() for item in facts.observations]
    for item in seen:
        if item.state == "blank":
            findings.append(Finding(code="signature-missing", message="", weight="incomplete", field=item.id))
        if item.state == "unsure":
            findings.append(Finding(code="area-not-visible", message="", weight="review", field=item.id))
    for facts in returned.duplicates:
        page = facts.sighting.page
        same = [item.state for item in facts.observations] == [
            item.state for item in returned.pages[page].observations
        ]
        weight: Any = "note" if same else "review"
        findings.append(Finding(code="page-duplicate", message="", weight=weight, page=page))
    findings += [
        Finding(code="text-altered", message="", weight="incomplete")
        for facts in returned.digital
        if facts.added_pages
    ]
    weights = {item.weight for item in findings} - {"note"}
    verdict: Any = "incomplete" if "incomplete" in weights else "review" if weights else "complete"
    return Judgement(verdict=verdict, observations=tuple(seen), findings=tuple(findings))


def back(sheets: Mapping[int, Sheet]) -> Standing:
    """These sheets as what is back already."""
    import datetime as dt

    newest = Generation(
        issue="7K3M9QX2",
        generation=1,
        batch="b",
        verdict="incomplete",
        digest="",
        files={},
        recorded_at=dt.datetime.now(dt.UTC),
    )
    kept = {number: replace(sheet, came_now=False) for number, sheet in sheets.items()}
    return Standing(newest=newest, sheets=kept, known=frozenset(sheet.content for sheet in kept.values()))


def again(document: Document, known: frozenset[PageContent] = frozenset()) -> Standing:
    """A document as it is back once it was filed; ``known``: contents of pages on record before."""
    findings = [
        Finding(code=item.code, weight=item.weight, message="", page=item.page)
        for item in document.judgement.findings
    ]
    files = tuple(replace(item, came_now=False) for item in document.digital)
    standing = replace(back(document.sheets), digital=files)
    newest = replace(standing.newest, findings=tuple(findings))
    return replace(standing, newest=newest, known=standing.known | known)


def contents(document: Document) -> list[str]:
    return [sheet.content.sha256 for sheet in document.sheets.values()]


def test_the_more_readable_copy_counts(issue: IssuedDocument, sheet: MakeSheet) -> None:
    """Of two copies of a page in one pile the more readable one counts, and the other is a duplicate."""
    dim, clear = sheet(1, "filled", 0.3), sheet(1, "filled", 0.9)
    document = put_together(issue, Arrival([dim, clear, sheet(2, "filled")]), None, judge)
    assert document.sheets[1] is clear
    assert document.extra == (dim,)
    assert [facts.ref for facts in document.returned.duplicates] == [dim.ref]


def test_a_copy_that_was_not_registered_never_counts_before_one_that_was(
    issue: IssuedDocument, sheet: MakeSheet
) -> None:
    """A picture in which nothing could be made out gives way to one that was read, whatever its readability."""
    lost, read = replace(sheet(1, "filled", 1.0), registered=False), sheet(1, "filled", 0.1)
    assert put_together(issue, Arrival([lost, read]), None, judge).sheets[1] is read


def test_a_signed_page_replaces_the_unsigned_one(issue: IssuedDocument, sheet: MakeSheet) -> None:
    """A later page that makes the document better takes the place of the one that is back."""
    standing = back({1: sheet(1, "blank", 0.9), 2: sheet(2, "filled")})
    signed = sheet(1, "filled", 0.4)
    document = put_together(issue, Arrival([signed]), standing, judge)
    assert document.judgement.verdict == "complete"
    assert document.sheets[1] is signed and not document.kept_better


@pytest.mark.parametrize("state", ["blank", "unsure", "filled"])
def test_a_worse_or_equal_page_replaces_nothing(
    issue: IssuedDocument, sheet: MakeSheet, state: FieldState
) -> None:
    """A complete document stays as it is whatever comes later, however readable; what came is listed."""
    standing = back({1: sheet(1, "filled", 0.2), 2: sheet(2, "filled", 0.2)})
    late = sheet(1, state, 1.0)
    document = put_together(issue, Arrival([late]), standing, judge)
    assert document.judgement.verdict == "complete"
    assert document.sheets[1] is standing.sheets[1]
    assert document.extra == (late,) and document.kept_better


def test_the_same_page_again_is_the_page_that_is_back(issue: IssuedDocument, sheet: MakeSheet) -> None:
    """A page of the same content is found, not a duplicate, and keeps its place against a clearer copy."""
    standing = back({1: sheet(1, "filled", 0.3, "same"), 2: sheet(2, "filled")})
    again, clearer = sheet(1, "filled", 0.3, "same"), sheet(1, "filled", 0.8)
    document = put_together(issue, Arrival([again, clearer]), standing, judge)
    assert contents(document) == ["same", standing.sheets[2].content.sha256]
    assert document.extra == (clearer,)


def test_pages_add_up(issue: IssuedDocument, sheet: MakeSheet) -> None:
    """A page that was missing joins what is back."""
    standing = back({1: sheet(1, "filled")})
    document = put_together(issue, Arrival([sheet(2, "filled")]), standing, judge)
    assert list(document.sheets) == [1, 2]
    assert document.judgement.verdict == "complete"


@pytest.mark.parametrize("clearer", [0.1, 0.9])
def test_copies_of_one_pile_that_differ_are_for_a_person(
    issue: IssuedDocument, sheet: MakeSheet, clearer: float
) -> None:
    """A page that came signed and unsigned in one pile is never complete, whichever is the clearer; nor is it once it
    is on record and both come again.
    """
    signed, unsigned = sheet(1, "filled", 0.5, "signed"), sheet(1, "blank", clearer, "unsigned")
    pile = Arrival([signed, unsigned, sheet(2, "filled", content="two")])
    first = put_together(issue, pile, None, judge)
    assert first.judgement.verdict == "review"
    assert contents(first) == ["signed", "two"]
    second = put_together(issue, pile, again(first), judge)
    assert second.judgement == first.judgement and contents(second) == contents(first)
    alone = put_together(issue, Arrival(pile.sheets[:1]), again(first), judge)
    assert alone.judgement.verdict == "complete"


@pytest.mark.parametrize("clearer", [0.1, 0.9])
def test_a_signed_page_beside_the_unsigned_one_that_is_back(
    issue: IssuedDocument, sheet: MakeSheet, clearer: float
) -> None:
    """A folder that still holds the old unsigned page, and now the signed one too, makes the document complete; and
    verified again it stays so.
    """
    unsigned, two = sheet(1, "blank", clearer, "unsigned"), sheet(2, "filled", content="two")
    before = put_together(issue, Arrival([unsigned, two]), None, judge)
    assert before.judgement.verdict == "incomplete"
    pile = Arrival([unsigned, two, sheet(1, "filled", 0.5, "signed")])
    first = put_together(issue, pile, again(before), judge)
    assert first.judgement.verdict == "complete"
    assert [item.content.sha256 for item in first.extra] == ["unsigned"]
    second = put_together(issue, pile, again(first, frozenset({content_of("unsigned")})), judge)
    assert second.judgement == first.judgement and contents(second) == contents(first)


def test_two_worse_copies_change_nothing(issue: IssuedDocument, sheet: MakeSheet) -> None:
    """Two unsigned copies that come after the signed page leave the complete document as it is."""
    standing = back({1: sheet(1, "filled"), 2: sheet(2, "filled")})
    late = [sheet(1, "blank", 0.9), sheet(1, "blank", 0.8)]
    document = put_together(issue, Arrival(late), standing, judge)
    assert document.judgement.verdict == "complete" and document.kept_better
    assert document.extra == tuple(late)


def test_the_very_same_page_twice_in_one_pile_is_told_each_time(
    issue: IssuedDocument, sheet: MakeSheet
) -> None:
    """A file that lies in a pile twice is a duplicate the first time, and the same one when all of it comes again."""
    pile = Arrival([sheet(1, "filled", content="one"), sheet(1, "filled", content="one"), sheet(2, "filled")])
    first = put_together(issue, pile, None, judge)
    second = put_together(issue, pile, again(first), judge)
    assert second.judgement == first.judgement
    assert [item.code for item in second.judgement.findings] == ["page-duplicate"]
    assert len(first.extra) == len(second.extra) == 1


@pytest.fixture
def docx() -> Digital:
    """A DOCX that came back with something added to it."""
    facts = DigitalFacts(
        ref=PageRef("a.docx", 1),
        issue="7K3M9QX2",
        format="docx",
        observations=(),
        pages_seen=(1, 2),
        added_pages=1,
    )
    return Digital(facts=facts, content="docx", file=Path("a.docx"))


def test_a_whole_return_on_paper_takes_the_place_of_a_spoilt_file(
    issue: IssuedDocument, sheet: MakeSheet, docx: Digital
) -> None:
    """A DOCX with something wrong in it does not spoil the sound paper that comes after it, in whatever folder; what
    comes together is held against each other, also when it comes again.
    """
    paper = [sheet(1, "filled", content="one"), sheet(2, "filled", content="two")]
    before = put_together(issue, Arrival([], [docx]), None, judge)
    assert before.judgement.verdict == "incomplete"
    for pile in (Arrival(paper), Arrival(paper, [docx])):
        first = put_together(issue, pile, again(before), judge)
        assert first.judgement.verdict == "complete" and not first.digital
        assert put_together(issue, pile, again(first), judge).judgement == first.judgement
    half = put_together(issue, Arrival(paper[:1]), again(before), judge)
    assert half.digital
    together = put_together(issue, Arrival(paper, [docx]), None, judge)
    assert together.judgement.verdict == "incomplete" and together.digital
    assert put_together(issue, Arrival(paper, [docx]), again(together), judge).judgement == together.judgement
    assert put_together(issue, Arrival(paper), again(together), judge).judgement.verdict == "complete"


def test_a_page_is_never_taken_without_what_its_file_says(
    issue: IssuedDocument, sheet: MakeSheet, docx: Digital
) -> None:
    """A page that looks signed, of a PDF whose own facts speak against it, does not make a document complete that came
    back unsigned before, as a file or on paper; nor does it spoil one that is complete.
    """
    sound = replace(docx, content="sound", facts=replace(docx.facts, format="pdf", added_pages=0))
    false = replace(sound, content="false", facts=replace(sound.facts, added_pages=1))
    looks = [sheet(number, "filled", 0.9, f"false:{number}") for number in (1, 2)]
    files = [sheet(number, "blank", 0.5, f"sound:{number}") for number in (1, 2)]
    scans = [sheet(number, "blank", 0.5, f"scan:{number}") for number in (1, 2)]
    signed = [sheet(number, "filled", 0.5, f"signed:{number}") for number in (1, 2)]
    for before in (Arrival(files, [sound]), Arrival(scans)):
        standing = again(put_together(issue, before, None, judge))
        document = put_together(issue, Arrival(looks, [false]), standing, judge)
        assert document.judgement.verdict == "incomplete"
    standing = again(put_together(issue, Arrival(signed), None, judge))
    document = put_together(issue, Arrival(looks, [false]), standing, judge)
    assert document.judgement.verdict == "complete" and not document.digital
    assert put_together(issue, Arrival(looks, [false]), None, judge).judgement.verdict == "incomplete"
