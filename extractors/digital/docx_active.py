"""What a DOCX would do, or bring along, when somebody opens it: macros, controls, files inside, what it fetches.

Nothing of it is ever run or fetched here; it is named, so that the file is kept where nobody opens it unawares. Looked
at are all relations of the package (ECMA-376 part 2, 8.3): whatever a part loads, it loads by one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from extractors.digital.active_content import ActiveContent
from forms.template.docx_file import DocxFile, Relation
from foundation.errors import UnreadableError

_KINDS = {
    "vbaProject": "宏",
    "wordVbaData": "宏",
    "control": "ActiveX 控件",
    "activeXControlBinary": "ActiveX 控件",
    "oleObject": "OLE 对象",
    "package": "内嵌的文件",
    "aFChunk": "内嵌的文件",
}
#: What people follow by clicking; everything else that stands outside is fetched as the document is opened.
_CLICKED = "hyperlink"
_ON_A_NET = re.compile(r"(?!file:///)\s*(?:[a-z][a-z0-9+.-]+:/?/|[\\/]{2})", re.IGNORECASE)


def docx_active_content(docx: DocxFile) -> ActiveContent:
    """What there is of it, each kind once, in Chinese; names of the files in it."""
    relations = list(_relations(docx))
    inside = [one for one in relations if one.kind in _KINDS and not one.external]
    kinds = [_KINDS[one.kind] for one in relations if one.kind in _KINDS]
    if any(one.external and one.kind != _CLICKED and _ON_A_NET.match(one.target) for one in relations):
        kinds.append("从网上取来的内容")
    files = (posixpath.basename(one.target) for one in inside if _KINDS[one.kind] == "内嵌的文件")
    return ActiveContent(tuple(dict.fromkeys(kinds)), tuple(dict.fromkeys(files)))


def _relations(docx: DocxFile) -> Iterator[Relation]:
    for name in docx.part_names:
        folder, base = posixpath.split(name)
        if posixpath.basename(folder) == "_rels" and base.endswith(".rels"):
            owner = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
            try:
                yield from docx.relations(owner)
            except UnreadableError:
                continue  # no program finds anything by it either
