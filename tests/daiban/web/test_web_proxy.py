"""HTTPS behind a proxy: Debian's nginx with the documented configuration, before a real server."""

import datetime as dt
import http.cookiejar
import re
import shutil
import sqlite3
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTED = ROOT / "docs" / "serving" / "nginx.conf"
NAME = "daiban.example"
pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="没有 nginx")


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate of the documented name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    pem, private = folder / "daiban.pem", folder / "daiban.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem, private


@pytest.fixture
def proxied(tmp_path: Path, start_page: Any, free_port: Any) -> Iterator[tuple[Any, int, Path]]:
    """A page with ``https = true`` behind nginx; the page, the HTTPS port, the certificate."""
    from daiban.sample import make_workspace

    workspace = make_workspace(tmp_path / "ws", sample=True).path
    settings = workspace / "daiban.toml"
    text = settings.read_text("utf-8").replace("https = false", "https = true")
    settings.write_text(re.sub(r"(?m)^hosts = \[\]", f'hosts = ["{NAME}"]', text), "utf-8")
    page = start_page(workspace)
    pem, key = _certificate(tmp_path)
    plain, secure = free_port(), free_port()
    changes = {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{secure} ssl;",
        "/etc/ssl/certs/daiban.pem": str(pem),
        "/etc/ssl/private/daiban.key": str(key),
        "127.0.0.1:8000": f"127.0.0.1:{page.port}",
    }
    documented = DOCUMENTED.read_text("utf-8")
    for written, changed in changes.items():
        assert written in documented
        documented = documented.replace(written, changed)
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;"
        f"events {{}} http {{ access_log off; {temporary} {documented} }}",
        "utf-8",
    )
    nginx = subprocess.Popen(
        ["nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        yield page, secure, pem
    finally:
        nginx.terminate()
        nginx.wait(20)
        page.process.terminate()
        page.process.wait(60)


def _browser(pem: Path) -> urllib.request.OpenerDirector:
    """What speaks HTTPS to the documented name and keeps cookies, as a browser does."""
    context = ssl.create_default_context(cafile=str(pem))
    context.check_hostname = False  # it is called by its address; the chain is checked all the same
    jar = http.cookiejar.CookieJar()
    return urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(jar)
    )


def _open(browser: Any, address: str, data: dict[str, str] | None = None) -> tuple[str, Any]:
    body = urllib.parse.urlencode(data).encode() if data else None
    headers = {"Host": NAME, "Referer": f"https://{NAME}/account/login/"}
    request = urllib.request.Request(address, body, headers)
    deadline = time.monotonic() + 20
    while True:
        try:
            with browser.open(request, timeout=20) as response:
                return response.read().decode(), response.headers
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_the_documented_proxy_works(proxied: tuple[Any, int, Path]) -> None:
    """Over HTTPS people log in; cookies are for HTTPS only; the log says where they came from; a page that is down is
    said to be so.
    """
    page, port, pem = proxied
    browser = _browser(pem)
    text, headers = _open(browser, f"https://127.0.0.1:{port}/account/login/")
    cookie = next(value for name, value in headers.items() if name.lower() == "set-cookie")
    assert "Secure" in cookie and "HttpOnly" in cookie
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert headers["Server"] == "nginx"
    password = re.findall(r"密码：(\S+)", page.log.read_text("utf-8"))[0]
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[0]
    form = {"csrfmiddlewaretoken": token, "username": "admin", "password": password}
    with suppress(urllib.error.URLError):  # it redirects to the documented name, which nobody resolves here
        _open(browser, f"https://127.0.0.1:{port}/account/login/", form)
    with sqlite3.connect(page.workspace / "page.sqlite") as database:
        entries = database.execute("SELECT who, action, address FROM audit_auditentry").fetchall()
    assert entries == [("admin", "登录", "127.0.0.1")]
    page.process.terminate()
    page.process.wait(60)
    with pytest.raises(urllib.error.HTTPError) as down:
        _open(browser, f"https://127.0.0.1:{port}/")
    with down.value as answer:
        assert answer.code == 503 and "正在重启" in answer.read().decode()
