"""Shared by all rooms' tests: the built-in forms, a plain case, and where the faulty converters are."""

import datetime as dt
import shlex
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forms.definition import FormDefinition

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def form() -> Callable[[str], FormDefinition]:
    """A built-in form: by its id, or a 晋城 form by its folder's name."""

    def load(name: str) -> FormDefinition:
        folder = ROOT / "forms" / "jincheng" / name
        if not folder.is_dir():
            folder = ROOT / "forms" / name.replace("-", "/", 1)
        definition = tomllib.loads((folder / "form.toml").read_text("utf-8"))
        return FormDefinition.model_validate({**definition, "folder": folder})

    return load


@pytest.fixture
def tree() -> dict[str, Any]:
    """A case as plain data, enough for every form."""
    return {
        "id": "JC-2026-001",
        "document": "jincheng",
        "stage": "立项用地规划许可",
        "project": {
            "name": "年产5万吨高性能陶瓷材料生产线建设项目",
            "code": "2601-140502-04-01-123456",
            "plot": None,
        },
        "enterprise": {"name": "晋城市太行新材料有限公司"},
        "contact": {"name": "李明", "phone": "13800138000"},
        "agency": {"name": "晋城市行政审批服务管理局"},
        "manager": {"name": "王建国"},
        "plan": {
            "approval": {
                "items": [{"name": "企业投资项目备案", "authority": "市级"}],
                "special_steps": "节能审查",
                "fees": "无",
                "materials": ["企业申请备案的文件", "晋城市企业投资项目备案表"],
            },
            "tips": "先办理备案，再办理用地手续。",
            "optimisation": "节能报告与水土保持方案合并评审。",
        },
        "authorisation": {"stage": "立项用地规划许可", "items": ["企业投资项目备案"]},
        "handover": {
            "stage": "竣工验收",
            "date": dt.date(2026, 6, 30),
            "materials": ["企业投资项目备案证", "建设工程规划许可证", "施工许可证"],
        },
        "assessment": {
            "filled_by": "张三",
            "approval": {"items": {"city": ["企业投资项目备案"], "province": ["省级事项一"]}},
            "planning": {"fees": "基础设施配套费"},
        },
        "ledger": [
            {"date": dt.date(2026, 3, 1), "content": "首次对接项目单位。", "completed": "企业投资项目备案"}
        ],
        "suggestion": {"opinion": "建议提前开展联合预审。", "remark": None},
    }


@pytest.fixture
def fake_office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """An executable converter with one fault, by its name (tests/fakes); no such file for other names."""
    folder = tmp_path_factory.mktemp("offices")

    def launcher(fault: str) -> Path:
        program, fake = folder / fault, ROOT / "tests" / "fakes" / f"{fault}.py"
        if fake.exists():
            # The Python of the tests has what the fakes import; the first python3 in PATH may not.
            program.write_text(
                f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(fake))} "$@"\n'
            )
            program.chmod(0o755)
        return program

    return launcher
