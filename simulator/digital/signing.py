"""Digital signatures of simulated returns: a root and two certificates, made in memory for the running process."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from asn1crypto import keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from PIL import Image as Pictures
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from simulator.ink import seals

_ROOT_NAME = "Simulated Root CA"


def signed(pdf: bytes, holders: Mapping[str, str], rng: np.random.Generator) -> bytes:
    """The PDF signed at form fields one after the other, each with the picture of a red seal.

    ``holders``: form field → the name in its signer's certificate.
    """
    for place, holder in holders.items():
        pressed = seals.press("round", "晋城市某某有限公司", rng)
        style = TextStampStyle(stamp_text="", background=PdfImage(_picture(pressed)), border_width=0)
        signer = signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name=place, reason="daiban", location="Jincheng"),
            signer=_signer(holder),
            stamp_style=style,
        )
        out = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), existing_fields_only=True)
        pdf = out.getvalue()
    return pdf


def root_pem() -> bytes:
    """The root certificate of all signers as PEM, for a workspace to trust."""
    return _root()[1].public_bytes(serialization.Encoding.PEM)


def _picture(pressed: seals.SealImpression) -> Pictures.Image:
    rows, columns = pressed.alpha.shape
    pixels = np.empty((rows, columns, 4), np.uint8)
    pixels[..., :3] = pressed.colour
    pixels[..., 3] = (pressed.alpha * 255).astype(np.uint8)
    return Pictures.fromarray(pixels)


@lru_cache(maxsize=1)
def _root() -> tuple[rsa.RSAPrivateKey, certificates.Certificate]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key, _certificate(_ROOT_NAME, key.public_key(), _ROOT_NAME, key, authority=True)


@lru_cache(maxsize=64)
def _signer(holder: str) -> signers.SimpleSigner:
    root_key, root = _root()
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = _certificate(holder, key.public_key(), _ROOT_NAME, root_key, authority=False)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(_asn1(root))
    secret = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=_asn1(certificate), signing_key=keys.PrivateKeyInfo.load(secret), cert_registry=store
    )


def _asn1(certificate: certificates.Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _certificate(
    subject: str, public: rsa.RSAPublicKey, issuer: str, signing_key: rsa.RSAPrivateKey, *, authority: bool
) -> certificates.Certificate:
    now = dt.datetime.now(dt.UTC)
    usage = certificates.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        certificates.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(_named(issuer))
        .public_key(public)
        .serial_number(certificates.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=365))
        .add_extension(certificates.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(signing_key, hashes.SHA256())
    )


def _named(text: str) -> certificates.Name:
    return certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, text)])
