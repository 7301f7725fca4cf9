"""Born-digital returns of the simulator: what the file holds is what the truth says."""

import io

import numpy as np
import pikepdf
import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from extractors.model import IssuedDocument
from forms.template.controls import read_controls
from simulator.digital.returns import WAY_TITLES, WAYS, DigitalReturn, fitting_ways, simulate_digital
from simulator.digital.signing import root_pem
from simulator.truth import CaseContext

pytestmark = pytest.mark.office


def made(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext], way: str, form: str = "completion"
) -> DigitalReturn:
    document = next(item for item in documents if item.form_id == f"jincheng-{form}")
    return simulate_digital(document, np.random.default_rng(2), contexts[document.number], way)


def trusted() -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(root_pem())[2])


def test_every_way_is_named_and_offered(documents: list[IssuedDocument]) -> None:
    """Every way has a Chinese name and fits some document."""
    assert WAYS.keys() == WAY_TITLES.keys() == {way for item in documents for way in fitting_ways(item)}


def test_filled_pdf_holds_what_was_typed(
    documents: list[IssuedDocument], contexts: dict[str, CaseContext]
) -> None:
    """Every typed field stands in the form fields under its own id; a flattened one has no field left."""
    filled = made(documents, contexts, "pdf-filled", "assessment")
    with pikepdf.open(io.BytesIO(filled.data)) as pdf:
        typed = {str(field.get("/V")) for page in pdf.pages for field in page.get("/Annots", [])}
    assert {item.text for item in filled.truth.written if item.filled} <= typed
    flat = made(documents, contexts, "pdf-flattened", "assessment")
    with pikepdf.open(io.BytesIO(flat.data)) as pdf:
        assert "/AcroForm" not in pdf.Root and not any(page.get("/Annots") for page in pdf.pages)


@pytest.mark.parametrize(
    ("way", "signatures", "intact", "complete"),
    [
        ("pdf-signed", 2, True, True),
        ("pdf-one-signature", 1, True, False),
        ("pdf-changed", 2, True, False),
        ("pdf-tampered", 2, False, False),
    ],
)
def test_signed_pdf_is_what_it_claims(
    documents: list[IssuedDocument],
    contexts: dict[str, CaseContext],
    way: str,
    signatures: int,
    intact: bool,
    complete: bool,
) -> None:
    """The signatures are there, intact unless tampered with, and nothing changed after them unless it says so."""
    result = made(documents, contexts, way)
    assert result.truth.complete == complete
    found = PdfFileReader(io.BytesIO(result.data)).embedded_signatures
    assert len(found) == signatures
    statuses = [validate_pdf_signature(item, ValidationContext(trust_roots=[trusted()])) for item in found]
    assert [status.intact for status in statuses] == [intact] * signatures
    whole = all(status.modification_level <= ModificationLevel.FORM_FILLING for status in statuses)
    assert whole == (way != "pdf-changed")


def test_docx_says_what_was_typed(
    documents: list[IssuedDocument],
    contexts: dict[str, CaseContext],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Controls hold what was typed; a deleted one is gone; altered print differs outside every control."""
    folder = tmp_path_factory.mktemp("docx")
    results = {way: made(documents, contexts, way) for way in WAYS if way.startswith("docx-")}
    controls = {}
    for way, result in results.items():
        file = folder / f"{way}.docx"
        file.write_bytes(result.data)
        controls[way] = {item.tag: item.text for item in read_controls(file)}
    said = {item.id: item.text for item in results["docx-filled"].truth.written if item.filled}
    assert said and said.items() <= controls["docx-filled"].items()
    assert controls["docx-altered"] == controls["docx-filled"]
    assert results["docx-altered"].data != results["docx-filled"].data
    gone = results["docx-control-deleted"].truth.expected[0].field
    assert gone in controls["docx-filled"] and gone not in controls["docx-control-deleted"]
