"""The audit log: it only grows, is exported whole, and holds no personal numbers."""

import csv
import io
import logging
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.office


def test_entries_cannot_be_changed_or_removed(staff: Any) -> None:
    """Neither an object, nor a query, nor plain SQL takes an entry back."""
    from django.db import DatabaseError, connection, transaction

    from daiban.web.audit.models import AuditEntry, AuditLogIsFinal

    entry = AuditEntry.objects.latest("id")
    with pytest.raises(AuditLogIsFinal):
        entry.delete()
    with pytest.raises(AuditLogIsFinal):
        entry.save()
    with pytest.raises(AuditLogIsFinal):
        AuditEntry.objects.all().delete()
    with pytest.raises(AuditLogIsFinal):
        AuditEntry.objects.update(who="别人")
    for statement in ("DELETE FROM audit_auditentry", "UPDATE audit_auditentry SET who = '别人'"):
        with (
            pytest.raises(DatabaseError, match="only grows"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_export_is_whole_and_harmless(administrator: Any, stranger: Any) -> None:
    """Every entry is in the CSV; what a spreadsheet would take for a formula is text."""
    stranger.post("/account/login/", {"username": "=cmd()", "password": "x"})
    content = b"".join(administrator.post("/audit/export/").streaming_content).decode("utf-8")
    assert content.startswith("\ufeff时间,谁,做了什么")
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
    failed = [row for row in rows if row["做了什么"] == "登录未成功"]
    assert [row["谁"] for row in failed] == ["'=cmd()"]
    assert failed[0]["来自"] == "127.0.0.1"
    assert rows[-1]["做了什么"] == "导出操作日志"


def test_entries_are_found(administrator: Any, stranger: Any) -> None:
    """The page finds entries by who and by what was done, and escapes what strangers typed."""
    stranger.post("/account/login/", {"username": "<script>alert(1)</script>", "password": "x"})
    found = administrator.get("/audit/", {"action": "登录未成功"}).content.decode()
    assert "&lt;script&gt;" in found and "<script>alert" not in found


def test_personal_numbers_are_masked(page: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Telephones and identity numbers are masked in the audit log and in the server's log; codes of units are not."""
    from daiban.web.layout.masking import MaskPersonalData, masked

    assert masked("电话13800138000，证件140502199001011234，代码91140522MA0K12348Q") == (
        "电话138****8000，证件140***********1234，代码91140522MA0K12348Q"
    )
    assert masked("0356-2025566 与 2601-140502-04-01-123456") == "035*****5566 与 2601-140502-04-01-123456"
    line = logging.LogRecord("x", logging.ERROR, "x", 1, "拨 %s", ("13800138000",), None)
    assert MaskPersonalData().filter(line)
    assert line.getMessage() == "拨 138****8000"
