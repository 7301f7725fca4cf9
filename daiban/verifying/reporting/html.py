"""The report of a batch for people: one HTML file that needs nothing beside it and prints on A4.

Pictures are in the file itself. There is no script in it, and a content policy that allows none; every value
is escaped. Complete documents take a line or two, so that the others stand out.
"""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from daiban.verifying.outcome import BatchReport
from daiban.verifying.reporting import view
from extractors.model import VERDICT_NAMES
from foundation.showing import bounded, plain

_TEMPLATE = "report.html.jinja"
#: A batch with more pages than this shows no pictures of complete documents, so that the file can be opened.
PICTURED_PAGES = 200


def write_html(report: BatchReport, path: Path) -> Path:
    """Write the report to ``path`` and return it. Links lead to evidence and filed documents as seen from the
    workspace's ``reports/``.

    :raises OSError: the place cannot be written.
    """
    path.write_text(render(report), encoding="utf-8")
    return path


def render(report: BatchReport) -> str:
    """The whole page as text."""
    pages = sum(len(document.pages) for document in report.documents)
    return _template().render(
        report=report,
        view=view,
        verdict_names=VERDICT_NAMES,
        when=report.checked_at.astimezone(),
        cases=view.by_case(report),
        overview=view.overview(report),
        steps=list(view.next_steps(report)),
        picture_complete=pages <= PICTURED_PAGES,
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(Path(__file__).parent),
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["picture"] = _picture
    environment.filters["link"] = _link
    return environment.get_template(_TEMPLATE)


def _shown(value: object) -> object:
    return bounded(plain(value)) if type(value) is str else value


def _picture(data: bytes) -> Markup:
    """A picture as a data URI, which has nothing to escape; empty for what is neither PNG nor JPEG."""
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg" if data.startswith(b"\xff\xd8") else ""
    return Markup(f"data:image/{kind};base64,{base64.b64encode(data).decode()}" if kind else "")


def _link(path: str) -> str:
    """A workspace path as a link from ``reports/``; each part is quoted, so none can leave the workspace."""
    return "../" + "/".join(
        quote(part, safe="", errors="replace") for part in path.split("/") if part != ".."
    )
