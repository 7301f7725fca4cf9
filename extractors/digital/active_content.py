"""What a PDF would do, or bring along, when somebody opens it: scripts, programs to start, data to send.

Nothing of it is ever run or followed here; it is named, so that the file is kept where nobody opens it unawares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf

#: Kinds of actions (ISO 32000-1, 12.6.4) that do more than show another place of the document.
_ACTIONS = {
    "/JavaScript": "脚本",
    "/Launch": "启动程序的动作",
    "/SubmitForm": "向外发送填写内容的动作",
    "/ImportData": "导入数据的动作",
    "/GoToE": "打开内嵌文件的动作",
    "/GoToR": "打开别的文件的动作",
    "/Rendition": "播放多媒体的动作",
    "/RichMediaExecute": "播放多媒体的动作",
}
#: Kinds of annotations (12.5.6) that play something.
_PLAYERS = frozenset({"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"})


@dataclass(frozen=True, slots=True)
class ActiveContent:
    """``kinds``: what the file would do, each kind once, in Chinese; ``files``: names of the files it brings along,
    wherever they hang: on the document, on a page, or behind a pin on it.
    """

    kinds: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def active_content(path: Path) -> ActiveContent:
    """What there is of it; nothing where the file cannot be taken apart."""
    try:
        with pikepdf.open(path) as pdf:
            entries = list(_entries(pdf))
            kinds = dict.fromkeys(kind for one in entries for kind in _kinds(one))
            files = dict.fromkeys(_name(one) for one in entries if "/EF" in one)
            return ActiveContent(tuple(kinds), tuple(files))
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return ActiveContent()


def _entries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file. Those within one another are looked for by a list, however deep they are."""
    waiting: list[object] = [pdf.trailer, *pdf.objects]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            inner = list(one)
        elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            yield one
            inner = list(one.values())
        else:
            continue
        # What is an object of its own is looked at by itself.
        waiting += (child for child in inner if isinstance(child, pikepdf.Object) and not child.is_indirect)


def _kinds(one: pikepdf.Object) -> Iterator[str]:
    action = one.get("/S")
    if isinstance(action, pikepdf.Name) and str(action) in _ACTIONS:
        yield _ACTIONS[str(action)]
    elif "/JS" in one:
        yield _ACTIONS["/JavaScript"]
    if isinstance(one.get("/Subtype"), pikepdf.Name) and str(one.Subtype) in _PLAYERS:
        yield "多媒体"
    if "/XFA" in one:
        yield "动态表单（XFA）"


def _name(one: pikepdf.Object) -> str:
    """What an embedded file is called (7.11.3)."""
    names = (one.get(key) for key in ("/UF", "/F"))
    return next((str(name) for name in names if isinstance(name, pikepdf.String)), "未命名")
