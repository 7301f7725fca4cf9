"""What stands in a document's folder, ``returned/<case>/<form>/``, by name."""

from __future__ import annotations

from pathlib import Path

#: Pictures of fields and pages; older states of what is back; what was found; a file as it came.
EVIDENCE, HISTORY, FINDINGS, RECEIVED = "evidence", "history", "findings.json", "received"


def bound_name(form_id: str) -> str:
    """The file name of a document's upright PDF."""
    return f"{form_id}.pdf"


def received_name(file: Path) -> str:
    """The name under which a born-digital return is kept as it came: with its signatures, byte for byte."""
    return file.name if file.name.startswith(f"{RECEIVED}.") else f"{RECEIVED}{file.suffix.lower()}"
