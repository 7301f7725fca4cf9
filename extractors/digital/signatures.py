"""Digital signatures of a PDF (电子签名): the one place that knows pyHanko.

Three facts are kept separate, as the AdES standards do: whether the signed bytes are unchanged (intact), whether
the signature fits them and the certificate (valid), whether the certificate leads to a root somebody here
trusts (trusted). What a later revision changed is kept beside them. Nothing is fetched: revocation cannot be
asked on an office intranet.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import crl, ocsp, x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import SigningError, find_unique_cms_attribute
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from extractors.digital.pdf_form import written_values
from extractors.model import DigitalSignature

# What pyHanko logs about an unknown certificate is said in a signature's reason, not on the terminal.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


_ADOBE_REVOCATION = "adobe_revocation_info_archival"
_HAS_REVOCATION = "文件里带有吊销信息"
_NO_REVOCATION = "文件里没有吊销信息，证书是否已吊销没有核对"


def read_signatures(path: Path, roots: Sequence[x509.Certificate] = ()) -> tuple[DigitalSignature, ...]:
    """Every digital signature of a PDF, each judged alone, in the order of its fields.

    One that cannot be taken apart, or is made by a method that is not known here (SM2, the seals of GM/T 0031, anything
    that is no CMS), is in it as one that cannot be verified. So is one that only the file's bytes speak of, where the
    file is damaged and its form leads to none.
    """
    content = path.read_bytes()
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        found = [
            _signature(reader, str(name), field, roots)
            for name, value, field in enumerate_sig_fields(reader)
            if value is not None
        ]
    except Exception:  # a broken file makes its readers raise anything
        found = []
    spoken_of = len(re.findall(rb"/Type\s*/Sig\b", content)), content.count(b"/ByteRange")
    if max(spoken_of) > len(found):
        found.append(_unverifiable(None, "未知签署人", "文件里有电子签名的痕迹，但按文件结构找不到它"))
    return tuple(found)


def _signature(
    reader: PdfFileReader, name: str, field: Any, roots: Sequence[x509.Certificate]
) -> DigitalSignature:
    signer = "未知签署人"
    try:
        embedded = EmbeddedPdfSignature(reader, field, name)
        signer = _signer(embedded)
        brought = _Brought.by(reader, embedded)
        status = validate_pdf_signature(embedded, brought.context(roots, "soft-fail"))
        changed, filled = _changed_after(embedded, status)
        return DigitalSignature(
            field=name,
            signer=signer,
            signed_at=status.signer_reported_dt.isoformat() if status.signer_reported_dt else None,
            intact=bool(status.intact),
            valid=bool(status.valid),
            trusted=bool(status.trusted),
            covers_all=changed == "" and bool(status.docmdp_ok),
            reason=_reason(status, signer, changed),
            filled_later=filled if status.docmdp_ok else (),
            holders=_holders(embedded),
            doubts=tuple(_doubts(embedded, status, is_revoked=_is_revoked(embedded, brought, roots))),
            remarks=(_NO_REVOCATION if brought.says_nothing else _HAS_REVOCATION,),
        )
    except (
        Exception
    ) as error:  # each signature alone: whatever one does to its reader says nothing of the others
        return _unverifiable(name, signer, _why(error))


def _why(error: Exception) -> str:
    known = (SignatureValidationError, SigningError, NotImplementedError, UnsupportedAlgorithm)
    return (
        "签名的格式或算法本程序不支持"
        if isinstance(error, known)
        else f"签名数据读不出来，{type(error).__name__}"
    )


@dataclass(frozen=True, slots=True)
class _Brought:
    """What a file brings along about certificates: the store of the document (DSS), and the signature's own list."""

    certificates: tuple[x509.Certificate, ...]
    answers: tuple[ocsp.OCSPResponse, ...]
    lists: tuple[crl.CertificateList, ...]

    @classmethod
    def by(cls, reader: PdfFileReader, embedded: EmbeddedPdfSignature) -> _Brought:
        """What a signature and its file bring; what cannot be read is not there."""
        certificates: list[x509.Certificate] = []
        answers: list[ocsp.OCSPResponse] = []
        lists: list[crl.CertificateList] = []
        with suppress(Exception):  # most files have none, and what is in it may be anything
            store = DocumentSecurityStore.read_dss(reader)
            certificates += store.load_certs()
            answers += (ocsp.OCSPResponse.load(one.get_object().data) for one in store.ocsps)
            lists += (crl.CertificateList.load(one.get_object().data) for one in store.crls)
        with suppress(Exception):
            own = find_unique_cms_attribute(embedded.signer_info["signed_attrs"], _ADOBE_REVOCATION)
            answers += own["ocsp"] or ()
            lists += own["crl"] or ()
        return cls(tuple(certificates), tuple(answers), tuple(lists))

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing in it about revocation."""
        return not self.answers and not self.lists

    def context(self, roots: Sequence[x509.Certificate], mode: str) -> ValidationContext:
        """What a certificate is held against: our roots, and what the file brings; nothing is asked over a network."""
        return ValidationContext(
            trust_roots=list(roots),
            allow_fetching=False,
            other_certs=list(self.certificates),
            ocsps=list(self.answers),
            crls=list(self.lists),
            revocation_mode=mode,
        )


def _is_revoked(embedded: EmbeddedPdfSignature, brought: _Brought, roots: Sequence[x509.Certificate]) -> bool:
    """Whether the file itself says so. A certificate that names no list is not looked up in one unless that is asked
    for; and then one without an entry anywhere is not trusted, so it is asked apart.
    """
    if brought.says_nothing:
        return False
    return bool(validate_pdf_signature(embedded, brought.context(roots, "require")).revoked)


def _holders(embedded: Any) -> tuple[str, ...]:
    """Every name the certificate gives its holder: person, organisation, department, codes."""
    found: list[str] = []
    for value in embedded.signer_cert.subject.native.values():
        found += value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(str(one) for one in found if one))


def _doubts(embedded: Any, status: Any, *, is_revoked: bool) -> Iterator[str]:
    certificate, now = embedded.signer_cert, datetime.now(UTC)
    begins, ends = certificate.not_valid_before, certificate.not_valid_after
    signed_at = status.signer_reported_dt
    if status.revoked or is_revoked:
        yield "证书已被吊销"
    if now > ends:
        yield f"证书已于{ends:%Y年%m月%d日}过期"
    elif now < begins or (signed_at is not None and not begins <= signed_at <= ends):
        yield "签署时间不在证书有效期内"


def _unverifiable(field: str | None, signer: str, why: str) -> DigitalSignature:
    return DigitalSignature(
        field=field,
        signer=signer,
        signed_at=None,
        intact=None,
        valid=None,
        trusted=False,
        covers_all=False,
        reason=f"“{signer}”的电子签名本程序核验不了（{why}），请用签名软件核验",
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
