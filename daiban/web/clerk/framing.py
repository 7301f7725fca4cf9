"""Returned pages in the frame of our originals, made once each in a process of its own and kept by what they are of."""

from __future__ import annotations

import io
from pathlib import Path

from daiban.deciding.sheet import framed_page
from daiban.web.configuration import private_folder
from daiban.web.pictures.rendering import file_digest, run_apart
from foundation.digests import sha256_of_bytes
from foundation.errors import UnreadableError
from foundation.writing import write_atomically, writing


def framed_pdf(workspace: Path, file: str, issue: str, page: int) -> Path | None:
    """A page of the issue as a PDF of one picture in the original's frame; None where it does not fit, or cannot be
    made. ``file``: what is filed of the issue, relative to the workspace.
    """
    try:
        name = sha256_of_bytes(f"{file_digest(workspace / file)}:{issue}:{page}".encode())
        kept = private_folder(workspace) / "framed" / name[:2] / f"{name}.pdf"
        if not kept.is_file():
            made = run_apart(draw_framed, str(workspace), issue, page)
            with writing(kept):
                kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_atomically(made, kept)
    except UnreadableError:
        return None  # the file is gone, or the process was lost: not for ever
    return kept if kept.stat().st_size else None


def draw_framed(workspace: str, issue: str, page: int) -> bytes:
    """Runs in the drawing process. Empty: it does not fit."""
    import img2pdf

    picture = framed_page(Path(workspace), issue, page)
    if picture is None:
        return b""
    return bytes(
        img2pdf.convert(io.BytesIO(picture), layout_fun=img2pdf.get_fixed_dpi_layout_fun((150, 150)))
    )
