"""A workbook's package as openpyxl expects it: part names with slashes, Transitional namespaces.

Some programs write part names with backslashes; Excel's “Strict Open XML” (ISO/IEC 29500-1) differs from what others
write in the names of its namespaces alone, as far as a roster goes. Such a package is made anew in memory; every other
one is used as it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"
_TEXTS = (".xml", ".rels")

Source = Path | io.BytesIO
"""What a package is opened from."""


def package_source(path: Path) -> Source:
    """The file itself, or a mended copy in memory where it needs one."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        slashed = {name.replace("\\", "/"): name for name in names}
        relations = slashed.get("_rels/.rels")
        strict = relations is not None and _STRICT.search(archive.read(relations)) is not None
        if not strict and "xl\\workbook.xml" not in names:
            return path
        return _mended(archive, slashed)


def _mended(archive: zipfile.ZipFile, slashed: dict[str, str]) -> io.BytesIO:
    mended = io.BytesIO()
    with zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, written in slashed.items():
            if name.endswith(_TEXTS):  # pictures and drawings hold no data
                target.writestr(name, _STRICT.sub(_TRANSITIONAL, archive.read(written)))
    return mended
