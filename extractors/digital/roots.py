"""Trusted root certificates (信任根), read from files; apart from what verifies signatures, which is slow to load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from asn1crypto import pem, x509

from foundation.errors import Problem, UnreadableError
from foundation.os_errors import reason_of
from foundation.reading import read_file

_MOST_BYTES = 2**20  # all roots that a browser ships are half of that


def load_roots(files: Sequence[Path]) -> tuple[x509.Certificate, ...]:
    """Trusted root certificates (信任根) from PEM or DER files. Raises UnreadableError naming the file."""
    return tuple(root for file in files for root in _certificates(file))


def _certificates(file: Path) -> list[x509.Certificate]:
    try:
        data = read_file(file, _MOST_BYTES)
    except OSError as error:
        problem = Problem(
            str(file),
            f"证书读不出来：{reason_of(error)}",
            advice="核对 daiban.toml 里 signatures.roots 写的位置",
        )
        raise UnreadableError(problem) from error
    try:
        blocks = [block for _, _, block in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        loaded = [x509.Certificate.load(block) for block in blocks]
        for certificate in loaded:
            certificate.subject  # noqa: B018  # asn1crypto parses when asked
    except ValueError as error:
        problem = Problem(str(file), "不是证书，或已损坏", advice="信任根须是 PEM 或 DER 格式的证书文件")
        raise UnreadableError(problem) from error
    return loaded
