"""What a PDF would do, or bring along, when somebody opens it: scripts, programs to start, data to send.

Nothing of it is ever run or followed here; it is named, so that the file is kept where nobody opens it unawares.
"""

from __future__ import annotations

from collections.abc import Iterator
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
_DEEPEST = 12  # direct objects in one another; whatever is an object of its own is looked at by itself


def active_content(path: Path) -> tuple[str, ...]:
    """What there is of it, each kind once, in Chinese; empty where there is none or the file cannot be taken apart."""
    try:
        with pikepdf.open(path) as pdf:
            roots = (pdf.trailer, *pdf.objects)
            return tuple(dict.fromkeys(kind for one in roots for kind in _of(one)))
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return ()


def _of(one: object, depth: int = 0) -> Iterator[str]:
    if isinstance(one, pikepdf.Array):
        inner = list(one)
    elif isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        action = one.get("/S")
        if isinstance(action, pikepdf.Name) and str(action) in _ACTIONS:
            yield _ACTIONS[str(action)]
        elif "/JS" in one:
            yield _ACTIONS["/JavaScript"]
        inner = list(one.values())
    else:
        return
    if depth < _DEEPEST:
        for child in inner:
            if isinstance(child, pikepdf.Object) and not child.is_indirect:
                yield from _of(child, depth + 1)
