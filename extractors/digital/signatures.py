"""Digital signatures of a PDF (电子签名): the one place that knows pyHanko.

Three facts are kept separate, as the AdES standards do: whether the signed bytes are unchanged (intact), whether
the signature fits them and the certificate (valid), whether the certificate leads to a root somebody here
trusts (trusted). What a later revision changed is kept beside them. Nothing is fetched: revocation cannot be
asked on an office intranet.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pypdf.errors import PyPdfError

from extractors.digital.pdf_form import written_values
from extractors.model import DigitalSignature

# What pyHanko logs about an unknown certificate is said in a signature's reason, not on the terminal.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


#: What taking a file apart raises that is not made as the standard says.
_BROKEN = (
    *(PdfError, PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError),
    NotImplementedError,
)


def read_signatures(path: Path, roots: Sequence[x509.Certificate] = ()) -> tuple[DigitalSignature, ...]:
    """Every digital signature of a PDF, in the order they were made; none for a PDF without, or a broken one."""
    try:
        with path.open("rb") as file:
            reader = PdfFileReader(file, strict=False)
            return tuple(_signature(embedded, roots) for embedded in reader.embedded_regular_signatures)
    except (OSError, *_BROKEN):
        # A file that pyHanko cannot take apart has no signature that can be believed; opening it has its own checks.
        return ()


def _signature(embedded: Any, roots: Sequence[x509.Certificate]) -> DigitalSignature:
    field, signer = str(embedded.field_name), _signer(embedded)
    context = ValidationContext(trust_roots=list(roots), allow_fetching=False)
    try:
        status = validate_pdf_signature(embedded, context)
        changed, filled = _changed_after(embedded, status)
    except (SignatureValidationError, SigningError, *_BROKEN) as error:
        return _unverifiable(field, signer, error)
    return DigitalSignature(
        field=field,
        signer=signer,
        signed_at=status.signer_reported_dt.isoformat() if status.signer_reported_dt else None,
        intact=bool(status.intact),
        valid=bool(status.valid),
        trusted=bool(status.trusted),
        covers_all=changed == "" and bool(status.docmdp_ok),
        reason=_reason(status, signer, changed),
        filled_later=filled if status.docmdp_ok else (),
    )


def _unverifiable(field: str, signer: str, error: Exception) -> DigitalSignature:
    return DigitalSignature(
        field=field,
        signer=signer,
        signed_at=None,
        intact=None,
        valid=None,
        trusted=False,
        covers_all=False,
        reason=f"“{signer}”的电子签名本程序核验不了（{type(error).__name__}），请用签名软件核验",
    )


def _signer(embedded: Any) -> str:
    certificate = embedded.signer_cert
    if certificate is None:
        return "未知签署人"
    named = certificate.subject.native
    return str(named.get("common_name") or certificate.subject.human_friendly)


def _changed_after(embedded: Any, status: Any) -> tuple[str, tuple[str, ...]]:
    """What was changed after signing, in Chinese, empty if nothing or only what further signatures need; and the
    fields, if filling fields is all that happened."""
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "", ()
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return "签名没有覆盖整个文件", ()
    level = status.modification_level
    if level is None or level > ModificationLevel.FORM_FILLING:
        return "签署以后内容被改动", ()
    filled = tuple(sorted(_values_changed(embedded)))
    return (f"签署以后又填写了{'、'.join(filled)}" if filled else ""), filled


def _values_changed(embedded: Any) -> Iterator[str]:
    """Names of fields whose value is another one than when it was signed; further signatures aside.

    A signature covers the file up to the end of its second byte range: the revision that was signed.
    """
    stream = embedded.reader.stream
    stream.seek(0)
    content = stream.read()
    *_, start, length = embedded.byte_range
    signed = written_values(content[: start + length])
    for name, value in written_values(content).items():
        if value != signed.get(name):
            yield name


def _reason(status: Any, signer: str, changed: str) -> str:
    if not status.intact:
        return f"“{signer}”的电子签名无效：签署以后文件被改动"
    if not status.valid:
        return f"“{signer}”的电子签名无效：签名与证书不符"
    said = f"“{signer}”的电子签名完好"
    if changed:
        said += f"，但{changed}"
    if not status.trusted:
        said += "；签署人证书不在本单位信任名单内，身份未经核实"
    return said
