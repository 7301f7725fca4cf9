"""What every fake converter shares: the version answer, the command line, the hand-over to the real one."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path


def answer_version(text: str = "LibreOffice 25.2.3.2 520(Build:2)") -> None:
    """Answer ``--version`` and end."""
    if "--version" in sys.argv:
        print(text)
        sys.exit(0)


def document() -> Path:
    """The DOCX to convert."""
    return Path(sys.argv[-1])


def output() -> Path:
    """Where the PDF belongs."""
    return document().with_suffix(".pdf")


def convert_really(source: Path | None = None) -> None:
    """Let the real LibreOffice convert; ``source`` replaces the document."""
    arguments = [*sys.argv[1:-1], str(source or document())]
    real = os.environ.get("DAIBAN_TEST_SOFFICE", "soffice")
    subprocess.run([real, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def body() -> str:
    """The document part's XML."""
    with zipfile.ZipFile(document()) as package:
        return package.read("word/document.xml").decode()


def rewrite(old: str, new: str) -> None:
    """Change the document before it is converted."""
    with zipfile.ZipFile(document()) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["word/document.xml"] = members["word/document.xml"].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(document(), "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
