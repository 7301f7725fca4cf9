"""The interface for other systems: by token only, the same answers as the command, and nothing it breaks on."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.office


@pytest.fixture
def system(page: Path) -> Callable[..., Any]:
    """``system("市一体化平台", may_write=True)``: a client with a token of its own."""
    from django.test import Client

    from daiban.web.api.models import SystemToken

    def client(name: str = "市一体化平台", *, may_write: bool = True) -> Client:
        _, secret = SystemToken.objects.create_key(name=name, may_write=may_write, made_by="test")
        return Client(headers={"authorization": f"Bearer {secret}"})

    return client


def test_a_token_is_shown_once_and_kept_as_a_hash(administrator: Any, stranger: Any) -> None:
    """What the page shows lets in; the database does not hold it; revoked, it is worth nothing."""
    import re

    from daiban.web.api.models import SystemToken

    shown = administrator.post("/account/tokens/make/", {"name": "平台"}).content.decode()
    secret = re.findall(r'class="secret">([^<]+)<', shown)[0]
    assert secret not in administrator.get("/account/tokens/").content.decode()
    kept = SystemToken.objects.values().get()
    assert secret.partition(".")[2] not in json.dumps(kept, default=str)
    headers = {"authorization": f"Bearer {secret}"}
    assert stranger.get("/api/v1/cases", headers=headers).status_code == 200
    assert stranger.post("/api/v1/issue", "{}", "application/json", headers=headers).status_code == 401
    administrator.post(f"/account/tokens/{kept['prefix']}/revoke/")
    assert stranger.get("/api/v1/cases", headers=headers).status_code == 401


def test_without_a_token_nothing_is_told(stranger: Any, staff: Any) -> None:
    """Neither a stranger nor somebody logged in calls the interface; the refusal is JSON that says what to do."""
    for client in (stranger, staff):
        response = client.get("/api/v1/cases")
        assert response.status_code == 401
        assert "令牌" in response.json()["problems"][0]["problem"]


def test_it_answers_what_the_command_prints(system: Callable[..., Any], page: Path) -> None:
    """A case's status, a document and its findings are the operations' own JSON."""
    from daiban.office import Office
    from daiban.status import workspace_status

    client = system()
    office = Office.open(page)
    expected = workspace_status(office, ["JC-2026-001"]).model_dump(mode="json")
    assert client.get("/api/v1/cases/JC-2026-001").json()["cases"] == expected["cases"]
    number, latest = next(iter(office.returns.items()))
    document = client.get(f"/api/v1/documents/{number}").json()
    assert document["returned"]["verdict"] == latest.newest.verdict
    findings = client.get(f"/api/v1/documents/{number}/findings").json()
    assert (findings["issue"], findings["verdict"]) == (number, latest.newest.verdict)
    pdf = client.get(f"/api/v1/documents/{number}/pdf")
    assert pdf["Content-Type"] == "application/pdf" and "attachment" in pdf["Content-Disposition"]
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_it_issues_and_verifies_by_jobs(
    system: Callable[..., Any], writable_page: Path, work_off: Callable[[], Any]
) -> None:
    """An order becomes a job; its result is the command's JSON; another system does not see it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, other = system(), system("别的系统")
    order = {"cases": ["JC-2026-003"], "forms": ["jincheng-authorisation"]}
    started = client.post("/api/v1/issue", json.dumps(order), "application/json")
    assert started.status_code == 202
    url = started.json()["url"]
    assert client.get(f"{url}/result").status_code == 404
    work_off()
    assert client.get(url).json()["state"] == "done"
    issued = client.get(f"{url}/result").json()["issued"]
    assert [item["form"] for item in issued] == ["jincheng-authorisation"]
    assert other.get(url).status_code == 404
    upload = SimpleUploadedFile("../../回件 1.pdf", (writable_page / issued[0]["pdf"]).read_bytes())
    url = client.post("/api/v1/verify", {"files": upload}).json()["url"]
    work_off()
    report = client.get(f"{url}/result").json()
    assert [item["issue"] for item in report["documents"]] == [issued[0]["issue"]]
    assert report["documents"][0]["verdict"] == "incomplete"
    assert report["documents"][0]["pages"][0]["source"].endswith("回件 1.pdf")


def test_it_withdraws_and_cancels_with_a_persons_reason(
    system: Callable[..., Any], writable_page: Path, work_off: Callable[[], Any]
) -> None:
    """As on a case's page: a job, whose result is the command's JSON; the person and the system are on record."""
    from daiban.office import Office

    client = system()
    number = Office.open(writable_page).issues_of_case["JC-2026-001"][0].number
    orders = (f"documents/{number}/withdraw", f"documents/{number}/restore", "cases/JC-2026-001/cancel")
    for path in orders:
        wish = json.dumps({"by": "王芳", "reason": "填错了"})
        started = client.post(f"/api/v1/{path}", wish, "application/json")
        assert started.status_code == 202
        work_off()
        result = client.get(f"{started.json()['url']}/result").json()
        assert (result["done"], result["by"]) == (path.rpartition("/")[2], "王芳（系统 市一体化平台）")
    assert client.post(f"/api/v1/{orders[0]}", "{}", "application/json").status_code == 422
    wish = json.dumps({"reissue": {"by": "王芳", "reason": "改名"}})
    assert client.post("/api/v1/issue", wish, "application/json").status_code == 400


def test_nothing_sent_breaks_it(page: Path, connection_kept: None) -> None:
    """Whatever the description admits, and some that it does not, is answered and no bug (schemathesis, shortly)."""
    import schemathesis
    from django.core.wsgi import get_wsgi_application
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error

    from daiban.web.api.models import SystemToken

    _, secret = SystemToken.objects.create_key(name="schemathesis", may_write=True, made_by="test")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    limits = settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 9
    for operation in operations:

        @limits
        @given(operation.as_strategy())
        def try_one(case: Any) -> None:
            response = case.call(headers={"Authorization": f"Bearer {secret}"})
            case.validate_response(response, checks=[not_a_server_error])

        try_one()


@pytest.fixture
def connection_kept() -> Iterator[None]:
    """As Django's own test client does: a request's end does not close the test's connection."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
