"""Which copy of a page counts: the more readable of one batch, the better one against what is back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daiban.registry import Generation, PageContent
from daiban.verifying.assembling.best_copies import AssembledDocument, IssueArrival, assemble
from daiban.verifying.assembling.previous_return import PreviousReturn, ReturnedFile
from daiban.verifying.reading.returned_page import ReturnedPage
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

MakePage = Callable[..., ReturnedPage]


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
def page(tmp_path: Path) -> MakePage:
    """A page that came back, signed or not."""
    made = iter(range(1000))

    def make(number: int, state: FieldState, readability: float = 0.5, content: str = "") -> ReturnedPage:
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
        return ReturnedPage(
            ref=ref,
            content=content_of(content or name),
            issue="7K3M9QX2",
            number=number,
            turn=0,
            readability=readability,
            registered=True,
            folder=tmp_path,
            pdf=tmp_path / "page.pdf",
            recorded=facts,
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
        for facts in (*returned.digital, *returned.beside)
        if facts.added_pages
    ]
    weights = {item.weight for item in findings} - {"note"}
    verdict: Any = "incomplete" if "incomplete" in weights else "review" if weights else "complete"
    return Judgement(verdict=verdict, observations=tuple(seen), findings=tuple(findings))


def back(pages: Mapping[int, ReturnedPage]) -> PreviousReturn:
    """These pages as what is back already."""
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
    kept = {number: replace(page, came_now=False) for number, page in pages.items()}
    return PreviousReturn(newest=newest, pages=kept, known=frozenset(page.content for page in kept.values()))


def again(document: AssembledDocument, known: frozenset[PageContent] = frozenset()) -> PreviousReturn:
    """A document as it is back once it was filed; ``known``: contents of pages on record before."""
    findings = [
        Finding(code=item.code, weight=item.weight, message="", page=item.page)
        for item in document.judgement.findings
    ]
    files = tuple(replace(item, came_now=False) for item in document.digital)
    previous = replace(back(document.pages), digital=files)
    newest = replace(previous.newest, findings=tuple(findings))
    return replace(previous, newest=newest, known=previous.known | known)


def contents(document: AssembledDocument) -> list[str]:
    return [page.content.sha256 for page in document.pages.values()]


def test_the_more_readable_copy_counts(issue: IssuedDocument, page: MakePage) -> None:
    """Of two copies of a page in one batch the more readable one counts, and the other is a duplicate."""
    dim, clear = page(1, "filled", 0.3), page(1, "filled", 0.9)
    document = assemble(issue, IssueArrival([dim, clear, page(2, "filled")]), None, judge)
    assert document.pages[1] is clear
    assert document.other_pages == (dim,)
    assert [facts.ref for facts in document.returned.duplicates] == [dim.ref]


def test_a_copy_that_was_not_registered_never_counts_before_one_that_was(
    issue: IssuedDocument, page: MakePage
) -> None:
    """A picture in which nothing could be made out gives way to one that was read, whatever its readability."""
    lost, read = replace(page(1, "filled", 1.0), registered=False), page(1, "filled", 0.1)
    assert assemble(issue, IssueArrival([lost, read]), None, judge).pages[1] is read


def test_a_signed_page_replaces_the_unsigned_one(issue: IssuedDocument, page: MakePage) -> None:
    """A later page that makes the document better takes the place of the one that is back."""
    previous = back({1: page(1, "blank", 0.9), 2: page(2, "filled")})
    signed = page(1, "filled", 0.4)
    document = assemble(issue, IssueArrival([signed]), previous, judge)
    assert document.judgement.verdict == "complete"
    assert document.pages[1] is signed and not document.kept_better


@pytest.mark.parametrize("state", ["blank", "unsure", "filled"])
def test_a_worse_or_equal_page_replaces_nothing(
    issue: IssuedDocument, page: MakePage, state: FieldState
) -> None:
    """A complete document stays as it is whatever comes later, however readable; what came is listed."""
    previous = back({1: page(1, "filled", 0.2), 2: page(2, "filled", 0.2)})
    late = page(1, state, 1.0)
    document = assemble(issue, IssueArrival([late]), previous, judge)
    assert document.judgement.verdict == "complete"
    assert document.pages[1] is previous.pages[1]
    assert document.other_pages == (late,) and document.kept_better


def test_the_same_page_again_is_the_page_that_is_back(issue: IssuedDocument, page: MakePage) -> None:
    """A page of the same content is found, not a duplicate, and keeps its place against a clearer copy."""
    previous = back({1: page(1, "filled", 0.3, "same"), 2: page(2, "filled")})
    again, clearer = page(1, "filled", 0.3, "same"), page(1, "filled", 0.8)
    document = assemble(issue, IssueArrival([again, clearer]), previous, judge)
    assert contents(document) == ["same", previous.pages[2].content.sha256]
    assert document.other_pages == (clearer,)


def test_pages_add_up(issue: IssuedDocument, page: MakePage) -> None:
    """A page that was missing joins what is back."""
    previous = back({1: page(1, "filled")})
    document = assemble(issue, IssueArrival([page(2, "filled")]), previous, judge)
    assert list(document.pages) == [1, 2]
    assert document.judgement.verdict == "complete"


@pytest.mark.parametrize("clearer", [0.1, 0.9])
def test_copies_of_one_batch_that_differ_are_for_a_person(
    issue: IssuedDocument, page: MakePage, clearer: float
) -> None:
    """A page that came signed and unsigned in one batch is never complete, whichever is the clearer; nor is it once it
    is on record and both come again.
    """
    signed, unsigned = page(1, "filled", 0.5, "signed"), page(1, "blank", clearer, "unsigned")
    batch = IssueArrival([signed, unsigned, page(2, "filled", content="two")])
    first = assemble(issue, batch, None, judge)
    assert first.judgement.verdict == "review"
    assert contents(first) == ["signed", "two"]
    second = assemble(issue, batch, again(first), judge)
    assert second.judgement == first.judgement and contents(second) == contents(first)
    alone = assemble(issue, IssueArrival(batch.pages[:1]), again(first), judge)
    assert alone.judgement.verdict == "complete"


@pytest.mark.parametrize("clearer", [0.1, 0.9])
def test_a_signed_page_beside_the_unsigned_one_that_is_back(
    issue: IssuedDocument, page: MakePage, clearer: float
) -> None:
    """A folder that still holds the old unsigned page, and now the signed one too, makes the document complete; and
    verified again it stays so.
    """
    unsigned, two = page(1, "blank", clearer, "unsigned"), page(2, "filled", content="two")
    before = assemble(issue, IssueArrival([unsigned, two]), None, judge)
    assert before.judgement.verdict == "incomplete"
    batch = IssueArrival([unsigned, two, page(1, "filled", 0.5, "signed")])
    first = assemble(issue, batch, again(before), judge)
    assert first.judgement.verdict == "complete"
    assert [item.content.sha256 for item in first.other_pages] == ["unsigned"]
    second = assemble(issue, batch, again(first, frozenset({content_of("unsigned")})), judge)
    assert second.judgement == first.judgement and contents(second) == contents(first)


def test_two_worse_copies_change_nothing(issue: IssuedDocument, page: MakePage) -> None:
    """Two unsigned copies that come after the signed page leave the complete document as it is."""
    previous = back({1: page(1, "filled"), 2: page(2, "filled")})
    late = [page(1, "blank", 0.9), page(1, "blank", 0.8)]
    document = assemble(issue, IssueArrival(late), previous, judge)
    assert document.judgement.verdict == "complete" and document.kept_better
    assert document.other_pages == tuple(late)


def test_the_very_same_page_twice_in_one_batch_is_told_each_time(
    issue: IssuedDocument, page: MakePage
) -> None:
    """A file that lies in a batch twice is a duplicate the first time, and the same one when all of it comes again."""
    batch = IssueArrival(
        [page(1, "filled", content="one"), page(1, "filled", content="one"), page(2, "filled")]
    )
    first = assemble(issue, batch, None, judge)
    second = assemble(issue, batch, again(first), judge)
    assert second.judgement == first.judgement
    assert [item.code for item in second.judgement.findings] == ["page-duplicate"]
    assert len(first.other_pages) == len(second.other_pages) == 1


@pytest.fixture
def docx() -> ReturnedFile:
    """A DOCX that came back with something added to it."""
    facts = DigitalFacts(
        ref=PageRef("a.docx", 1),
        issue="7K3M9QX2",
        format="docx",
        observations=(),
        pages_seen=(1, 2),
        added_pages=1,
    )
    return ReturnedFile(facts=facts, sha256="docx", file=Path("a.docx"))


def test_a_whole_return_on_paper_takes_the_place_of_a_spoilt_file(
    issue: IssuedDocument, page: MakePage, docx: ReturnedFile
) -> None:
    """A DOCX with something wrong in it does not spoil the sound paper that comes after it, in whatever folder; what
    comes together is held against each other, also when it comes again.
    """
    paper = [page(1, "filled", content="one"), page(2, "filled", content="two")]
    before = assemble(issue, IssueArrival([], [docx]), None, judge)
    assert before.judgement.verdict == "incomplete"
    for batch in (IssueArrival(paper), IssueArrival(paper, [docx])):
        first = assemble(issue, batch, again(before), judge)
        assert first.judgement.verdict == "complete" and not first.digital
        assert assemble(issue, batch, again(first), judge).judgement == first.judgement
    half = assemble(issue, IssueArrival(paper[:1]), again(before), judge)
    assert half.digital
    together = assemble(issue, IssueArrival(paper, [docx]), None, judge)
    assert together.judgement.verdict == "incomplete" and together.digital
    assert (
        assemble(issue, IssueArrival(paper, [docx]), again(together), judge).judgement == together.judgement
    )
    assert assemble(issue, IssueArrival(paper), again(together), judge).judgement.verdict == "complete"


def test_a_page_is_never_taken_without_what_its_file_says(
    issue: IssuedDocument, page: MakePage, docx: ReturnedFile
) -> None:
    """A page that looks signed, of a PDF whose own facts speak against it, does not make a document complete that came
    back unsigned before, as a file or on paper; nor does it spoil one that is complete.
    """
    sound = replace(docx, sha256="sound", facts=replace(docx.facts, format="pdf", added_pages=0))
    false = replace(sound, sha256="false", facts=replace(sound.facts, added_pages=1))
    looks = [page(number, "filled", 0.9, f"false:{number}") for number in (1, 2)]
    files = [page(number, "blank", 0.5, f"sound:{number}") for number in (1, 2)]
    scans = [page(number, "blank", 0.5, f"scan:{number}") for number in (1, 2)]
    signed = [page(number, "filled", 0.5, f"signed:{number}") for number in (1, 2)]
    for before in (IssueArrival(files, [sound]), IssueArrival(scans)):
        previous = again(assemble(issue, before, None, judge))
        document = assemble(issue, IssueArrival(looks, [false]), previous, judge)
        assert document.judgement.verdict == "incomplete"
    previous = again(assemble(issue, IssueArrival(signed), None, judge))
    document = assemble(issue, IssueArrival(looks, [false]), previous, judge)
    assert document.judgement.verdict == "complete" and not document.digital
    assert assemble(issue, IssueArrival(looks, [false]), None, judge).judgement.verdict == "incomplete"
