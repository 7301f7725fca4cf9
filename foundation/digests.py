"""SHA-256 digests of files, bytes and plain values, as lower-case hexadecimal text.

Everything the program keeps on record is compared by these: issued and returned files by their bytes, documents by
the values they were made from.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from foundation.reading import open_file


def sha256_of_bytes(data: bytes | memoryview) -> str:
    """The digest of bytes in memory."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The digest of a file, read piece by piece.

    :raises OSError: it cannot be read, or is a pipe, socket or device, which is not waited for.
    """
    with open_file(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_file_if_readable(path: Path) -> str | None:
    """The digest of a file; None where there is no such file, or it cannot be read."""
    try:
        return sha256_of_file(path)
    except OSError:
        return None


def sha256_of_value(value: Any, *, sort_keys: bool = False) -> str:
    """The digest of plain data (what JSON can hold), by its JSON text in UTF-8.

    ``sort_keys``: mappings that hold the same in another order are the same.
    """
    return sha256_of_bytes(json.dumps(value, ensure_ascii=False, sort_keys=sort_keys).encode())
