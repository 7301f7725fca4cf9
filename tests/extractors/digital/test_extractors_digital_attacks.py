"""What a person sees is what counts: a file that holds one thing and shows another is never complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from extractors.digital import read_docx_return, read_pdf_return
from extractors.judge import judge
from extractors.model import (
    DigitalFacts,
    DigitalSignature,
    IssuedDocument,
    Judgement,
    PageRef,
    ReturnedDocument,
)
from extractors.thresholds import load_thresholds
from forms.catalogue import Catalogue
from tests.extractors.digital.attacks import SPOILS, Spoil, pasted_seal, spoilt, stamped_seal
from tests.extractors.digital.attacks_docx import DOCX_SPOILS, spoilt_docx

pytestmark = pytest.mark.office

DATE = "handover.manager_date"
ANSWERS = {"handover.enterprise_date": "2026年8月29日", DATE: "2026-08-29"}
PLACES = ("handover.enterprise_signature", "handover.manager_signature")


@pytest.fixture(scope="module")
def completion(issued: Any) -> IssuedDocument:
    return issued.of("completion")


@pytest.fixture(scope="module")
def sound(completion: IssuedDocument, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document filled in by an ordinary program."""
    target = tmp_path_factory.mktemp("sound") / "回件.pdf"
    writer = PdfWriter(clone_from=PdfReader(completion.pdf))
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, ANSWERS, auto_regenerate=False)
    writer.write(target)
    return target


@pytest.fixture
def judged(issued: Any, completion: IssuedDocument) -> Callable[[Path], tuple[Judgement, DigitalFacts]]:
    """A file's verdict, as if both signing places had a whole digital signature: all else hangs on what the file
    shows.
    """
    places = {page: (completion.number, page) for page in range(1, completion.pages + 1)}
    signatures = tuple(
        DigitalSignature(
            field=place,
            signer="签署人",
            signed_at=None,
            intact=True,
            valid=True,
            trusted=True,
            covers_all=True,
            reason="",
        )
        for place in PLACES
    )

    def judge_it(path: Path) -> tuple[Judgement, DigitalFacts]:
        (facts,) = read_pdf_return(path, path.name, places, issued.lookup)
        facts = replace(facts, signatures=signatures)
        verdict = judge(
            ReturnedDocument(issue=completion, digital=(facts,)),
            Catalogue.load().form(completion.form_id),
            today=dt.date(2026, 9, 15),
            thresholds=load_thresholds(),
        )
        return verdict, facts

    return judge_it


def test_an_ordinary_return_is_complete(judged: Any, sound: Path) -> None:
    """A return filled in by an ordinary program and signed is complete, and nothing about it is doubtful."""
    verdict, facts = judged(sound)
    assert (verdict.verdict, facts.doubts, facts.alterations) == ("complete", (), ())


@pytest.mark.parametrize("way", SPOILS)
def test_what_is_not_seen_as_it_is_held_is_for_a_person(
    judged: Any, sound: Path, tmp_path: Path, way: str
) -> None:
    """A value that does not show, shows otherwise, or shows without being held sends the document to a person; it
    accuses nobody."""
    verdict, facts = judged(spoilt(sound, tmp_path / "回件.pdf", SPOILS[way], DATE))
    assert verdict.verdict == "review", (way, verdict.findings)
    assert facts.doubts


@pytest.mark.parametrize("put", [pasted_seal, stamped_seal])
def test_a_picture_of_a_seal_is_no_signature(
    issued: Any, completion: IssuedDocument, sound: Path, tmp_path: Path, put: Spoil
) -> None:
    """A picture of a seal, as page content or as a stamp, is said to be one and satisfies no place by itself."""
    path = spoilt(sound, tmp_path / "回件.pdf", lambda pdf, _: [put(pdf, one) for one in PLACES], DATE)
    places = {page: (completion.number, page) for page in range(1, completion.pages + 1)}
    (facts,) = read_pdf_return(path, path.name, places, issued.lookup)
    form = Catalogue.load().form(completion.form_id)
    returned = ReturnedDocument(issue=completion, digital=(facts,))
    verdict = judge(returned, form, today=dt.date(2026, 9, 15), thresholds=load_thresholds())
    assert verdict.verdict == "review"
    for place in PLACES:
        assert any(one.field == place and "图片" in one.message for one in verdict.findings), place


@pytest.fixture
def judged_docx(issued: Any) -> Callable[[Path], tuple[Judgement, DigitalFacts]]:
    """The verdict of a returned DOCX of a form that nobody signs."""
    suggestions = issued.of("suggestions")
    form = Catalogue.load().form(suggestions.form_id)

    def judge_it(path: Path) -> tuple[Judgement, DigitalFacts]:
        facts = read_docx_return(path, PageRef(path.name, 1), [form], lambda _: [suggestions])
        assert facts is not None
        verdict = judge(
            ReturnedDocument(issue=suggestions, digital=(facts,)),
            form,
            today=dt.date(2026, 9, 15),
            thresholds=load_thresholds(),
        )
        return verdict, facts

    return judge_it


def test_a_docx_as_it_was_issued_is_complete(judged_docx: Any, issued: Any) -> None:
    """A DOCX that comes back as the office filled it is complete, and nothing about it is doubtful."""
    verdict, facts = judged_docx(issued.of("suggestions").docx)
    assert (verdict.verdict, facts.doubts, facts.alterations) == ("complete", (), ())


@pytest.mark.parametrize("way", DOCX_SPOILS)
def test_what_a_docx_does_not_show_is_never_complete(
    judged_docx: Any, issued: Any, tmp_path: Path, way: str
) -> None:
    """A DOCX that hides, covers or doubles something, or may show it otherwise, is for a person or incomplete."""
    path = spoilt_docx(issued.of("suggestions").docx, tmp_path / "回件.docx", DOCX_SPOILS[way])
    verdict, _ = judged_docx(path)
    assert verdict.verdict != "complete", way
