"""Lists of many projects through the whole command: layout over 1, 40 and 400 rows."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from daiban.registry import Registry

pytestmark = pytest.mark.office


def listed(rows: int) -> dict[str, Any]:
    projects = [
        {
            "name": f"第{number}号产业园基础设施建设项目",
            "category": "社会投资类",
            "content": "新建标准厂房及配套设施",
            "initiation": {"department": "市发展改革委", "limit": "1个工作日"},
        }
        for number in range(1, rows + 1)
    ]
    return {
        "id": f"L-{rows}",
        "document": "anshan",
        "project": {"name": "全市项目"},
        "enterprise": {"name": "市营商环境建设局"},
        "projects": projects,
    }


def test_lists_keep_their_layout(
    workspace: Callable[..., Path], run: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    """Every row is printed once and whole, the heading rows stand on every page, and pages lie on their side."""
    folder = workspace([listed(rows) for rows in (1, 40, 400)])
    code, told = run("generate", folder)
    assert code == 0
    assert [item["form"] for item in told["issued"]] == ["anshan-social-investment"] * 3
    for item in told["issued"]:
        rows = int(item["case"].removeprefix("L-"))
        document = pdfium.PdfDocument(folder / item["pdf"])
        try:
            texts = [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
            assert all(page.get_width() > page.get_height() for page in document)
        finally:
            document.close()
        assert all("形象进度" in text and "施工许可" in text for text in texts)
        names = [sum(f"第{number}号产业园" in text for text in texts) for number in range(1, rows + 1)]
        assert names == [1] * rows


def test_cases_of_an_office_make_its_lists(
    workspace: Callable[..., Path], run: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    """Every project of an office stands in its list, status knows of it, and again nothing is issued twice."""
    cases = [
        {
            "id": f"J-{number}",
            "document": "晋开",
            "project": {"name": f"第{number}期工程"},
            "enterprise": {"name": "园区公司"},
        }
        for number in range(3)
    ]
    folder = workspace(cases)
    code, told = run("generate", folder)
    assert code == 0
    assert {(item["case"], item["form"]) for item in told["issued"]} == {
        ("jinkai-全部项目", "jinkai-weekly-summary"),
        ("jinkai-全部项目", "jinkai-annual-projects"),
    }
    with Registry.open(folder / "registry.sqlite") as registry:
        values = registry.find(told["issued"][0]["issue"]).values  # type: ignore[union-attr]
    assert [values[f"projects.{number}.name"] for number in range(3)] == [f"第{n}期工程" for n in range(3)]
    _, again = run("generate", folder)
    assert (len(again["issued"]), len(again["unchanged"])) == (0, 2)
    _, status = run("status", folder)
    assert [one["case"] for one in status["cases"] if one["forms"]] == ["jinkai-全部项目"]


def test_a_list_nobody_is_in_is_refused(
    workspace: Callable[..., Path], run: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    """Asked for a list without a project for it, the command says so."""
    folder = workspace(1)
    code, told = run("generate", folder, "--form", "anshan-social-investment")
    assert code == 20
    assert "没有可以列入" in told["failed"][0]["problems"][0]["problem"]


def test_one_case_alone_may_have_its_row_printed(
    workspace: Callable[..., Path], run: Callable[..., tuple[int, dict[str, Any]]]
) -> None:
    """Asked for by one case alone, a list holds that one project, under the case's own name."""
    one = {
        "id": "A-1",
        "document": "鞍山",
        "project": {"name": "某项目", "category": "工业四改"},
        "enterprise": {"name": "某厂"},
    }
    folder = workspace([one])
    code, told = run("generate", folder, "--case", "A-1", "--form", "anshan-industrial-upgrade")
    assert code == 0
    assert [(item["case"], item["form"]) for item in told["issued"]] == [("A-1", "anshan-industrial-upgrade")]
