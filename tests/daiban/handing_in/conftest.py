"""A workspace with two cases' papers out, and pages as a company photographs them."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from cases.samples import load_sample
from daiban import rosters
from daiban.issuing.run import GenerateRequest, generate
from daiban.office import Office
from daiban.registry import Registry
from daiban.workspace import Workspace

CASE, OTHER = "JC-2026-006", "JC-2026-001"
INTERNAL = "jincheng-ledger"


@pytest.fixture(scope="session")
def issued_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The 办结单 and the internal 台账 of one case and the 委托书 of another, out; not to be written to."""
    made = Workspace.create(
        tmp_path_factory.mktemp("handing-in") / "ws", agency_name="晋城市行政审批服务管理局"
    )
    rosters.write_new(made.roster, [case for case in load_sample() if case.id in (CASE, OTHER)])
    Registry.open(made.registry).close()
    papers = {CASE: ("jincheng-completion", INTERNAL), OTHER: ("jincheng-authorisation",)}
    for case, forms in papers.items():
        assert not generate(Office(made), GenerateRequest((case,), forms, workers=1)).failed
    return made


@pytest.fixture
def office(issued_workspace: Workspace, tmp_path: Path) -> Office:
    """An office of its own over a copy."""
    shutil.copytree(issued_workspace.path, tmp_path / "ws")
    return Office.open(tmp_path / "ws")


@pytest.fixture
def photo(office: Office) -> Callable[..., bytes]:
    """A JPEG of one issued page (from 1), as it is or with strokes at some boxes (mm)."""

    def take(case: str, form: str, page: int, signed: tuple[tuple[float, ...], ...] = ()) -> bytes:
        with pdfium.PdfDocument(office.workspace.issued(case, form, ".pdf")) as document:
            image = document[page - 1].render(scale=200 / 72, may_draw_forms=False).to_pil().convert("RGB")
        pen = ImageDraw.Draw(image)
        for x0, y0, x1, y1 in signed:
            _scribble(pen, [side * 200 / 25.4 for side in (x0, y0, x1, y1)])
        out = io.BytesIO()
        image.save(out, "JPEG", quality=85)
        return out.getvalue()

    return take


def _scribble(pen: ImageDraw.ImageDraw, box: list[float]) -> None:
    x0, y0, x1, y1 = box
    step = (x1 - x0) / 8
    points = [(x0 + step * at, y0 if at % 2 else y1) for at in range(9)]
    pen.line(points, fill=(20, 20, 90), width=5, joint="curve")


def noise(size: int = 400) -> bytes:
    """A picture of something that is no page."""
    out = io.BytesIO()
    Image.effect_noise((size, size), 90).save(out, "JPEG")
    return out.getvalue()
