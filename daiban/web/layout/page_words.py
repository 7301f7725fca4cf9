"""What the library advises as a command is said on pages by the name it has there: who reads a page has no terminal.

Messages are written once, for the command line and the page alike, and name commands (“请运行 daiban generate”). One
middleware puts the page's own name for the step in their place, in text alone: nothing inside tags, and nothing that
somebody typed into a box, is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

#: Command → what the same step is called on the page.
ON_THE_PAGE: Mapping[str, str] = {
    "archive": "归档",
    "cancel": "撤销这个案件",
    "copy": "复制",
    "decide": "决定",
    "export": "全部下载",
    "forms": "自有表单",
    "generate": "出具",
    "history": "经过",
    "merge": "研判合并",
    "packet": "企业材料包",
    "place": "归入",
    "plan": "案件",
    "print": "打印文件",
    "queue": "待核",
    "roster": "花名册",
    "settle": "研判的矛盾",
    "status": "案件",
    "undo": "撤销",
    "verify": "收件",
    "withdraw": "撤回这一份",
}
_FOR_THE_ADMINISTRATOR = "请管理员运行"
#: A command with its words: options, an option's value, anything in Latin letters (paths, numbers of documents).
_WORDS = (
    r"/[^\s，。；、）<]+",
    r"--(?:form|case|reason)\s+[^\s，。；、）<]+",
    r"--?[a-z-]+",
    r"[\w./~-]*[A-Za-z0-9/][\w./~-]*",
)
_COMMAND = re.compile(
    rf"(?:(?P<verb>运行|用) ?)?daiban (?P<name>[a-z]+)(?: (?:{'|'.join(_WORDS)}))* ?", re.ASCII
)
_TAG = re.compile(r"(<textarea\b.*?</textarea>|<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>)", re.DOTALL)


def in_page_words(text: str) -> str:
    """A sentence with the page's names in place of commands; what only a terminal does is left to the administrator."""
    return _COMMAND.sub(_said, text)


def _said(command: re.Match[str]) -> str:
    name = ON_THE_PAGE.get(command["name"])
    if name is None:
        return f"{_FOR_THE_ADMINISTRATOR} {command[0].removeprefix(command['verb'] or '').strip()} "
    return f"点“{name}”" if command["verb"] else f"“{name}”"


class PageWordsMiddleware:
    """Says what every page says in the page's words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's response; a page's text without commands."""
        response = self._get_response(request)
        is_page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        if is_page and b"daiban " in response.content:
            parts = _TAG.split(response.content.decode(response.charset))
            parts[::2] = map(in_page_words, parts[::2])  # every second part is a tag
            response.content = "".join(parts).encode(response.charset)
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        return response
