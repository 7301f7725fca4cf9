"""Certificates to sign with, made as a test needs them: their own roots, or of a root that can revoke them."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import cms, crl, keys, x509
from cryptography import x509 as cx509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

ENTERPRISE = "晋城云岭精密铸造有限公司"
_OTHER_USES = dict.fromkeys(
    ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
)


@dataclass(frozen=True)
class Certified:
    """A key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: cx509.Certificate

    @property
    def loaded(self) -> x509.Certificate:
        return x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def signer(self) -> signers.SimpleSigner:
        private = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return signers.SimpleSigner(
            signing_cert=self.loaded,
            signing_key=keys.PrivateKeyInfo.load(private),
            cert_registry=SimpleCertificateStore(),
        )


def certified(
    name: str = ENTERPRISE, *, days: tuple[int, int] = (-1, 30), by: Certified | None = None
) -> Certified:
    """A certificate for a name, valid from and to so many days from now; its own root unless ``by`` issues it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = cx509.Name([cx509.NameAttribute(cx509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    is_root = by is None
    made = (
        cx509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(7 if is_root else 8)
        .not_valid_before(now + dt.timedelta(days=days[0]))
        .not_valid_after(now + dt.timedelta(days=days[1]))
        .add_extension(cx509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(
            cx509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_cert_sign=is_root,
                crl_sign=is_root,
                **_OTHER_USES,
            ),
            critical=True,
        )
        .sign(by.key if by else key, hashes.SHA256())
    )
    return Certified(key, made)


def signed(source: Path, target: Path, by: Certified, field: str) -> Path:
    """A PDF with one more signature, in a field."""
    with source.open("rb") as file, target.open("wb") as out:
        writer = IncrementalPdfFileWriter(file, strict=False)
        signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=field), by.signer, output=out)
    return target


def revoked(source: Path, target: Path, one: Certified, by: Certified) -> Path:
    """A signed PDF that brings along the list of its issuer's that revokes the signer's certificate."""
    now = dt.datetime.now(dt.UTC)
    entry = (
        cx509.RevokedCertificateBuilder()
        .serial_number(one.certificate.serial_number)
        .revocation_date(now - dt.timedelta(hours=12))
        .build()
    )
    made = (
        cx509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(now - dt.timedelta(hours=1))
        .next_update(now + dt.timedelta(days=7))
        .add_revoked_certificate(entry)
        .sign(by.key, hashes.SHA256())
    )
    loaded = crl.CertificateList.load(made.public_bytes(serialization.Encoding.DER))
    target.write_bytes(source.read_bytes())
    with target.open("r+b") as out:
        DocumentSecurityStore.add_dss(out, sig_contents=None, certs=[by.loaded], crls=[loaded])
    return target


def as_sha1(path: Path, by: Certified) -> None:
    """The signature of a PDF made anew as ``adbe.pkcs7.sha1``: what is signed is a SHA-1 digest of the bytes."""
    data = path.read_bytes()
    data = data.replace(b"/adbe.pkcs7.detached", b"/adbe.pkcs7.sha1    ")
    start = data.index(b"<", data.index(b"/Contents <"))
    end = data.index(b">", start) + 1
    digest = hashlib.sha1(data[:start] + data[end:]).digest()  # what the method asks for
    made: cms.ContentInfo = asyncio.run(by.signer.async_sign_general_data(digest, "sha256", detached=False))
    content = made.dump().hex().encode().ljust(end - start - 2, b"0")
    path.write_bytes(data[: start + 1] + content + data[end - 1 :])
