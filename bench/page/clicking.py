"""People who click: each with a session of their own, the next page after a while, every answer timed."""

from __future__ import annotations

import http.client
import random
import re
import secrets
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Answers:
    """Seconds by kind of page; what was answered with anything but a page."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Of all kinds."""
        return sum(map(len, self.seconds.values()))

    def at(self, kind: str, share: float) -> float:
        """The time, in ms, within which this share of the answers of a kind came."""
        ordered = sorted(self.seconds[kind])
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Clicker:
    """A session on a connection that is kept."""

    def __init__(self, port: int, name: str, password: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        form = {"csrfmiddlewaretoken": self._token("/account/login/"), "username": name, "password": password}
        self._ask("POST", "/account/login/", urllib.parse.urlencode(form).encode(), _FORM)

    def get(self, path: str) -> tuple[int, str]:
        """Status and page."""
        return self._ask("GET", path)

    def send(self, path: str, files: Iterable[Path]) -> int:
        """Send files from the form of a page; the status of the answer."""
        border = secrets.token_hex(16)
        parts = [_part(border, "csrfmiddlewaretoken", self._token(path).encode())]
        parts += [_part(border, "pile", file.read_bytes(), file.name) for file in files]
        body = b"".join(parts) + f"--{border}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={border}")[0]

    def _token(self, path: str) -> str:
        return str(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path)[1])[0])

    def _ask(self, method: str, path: str, body: bytes | None = None, media: str = "") -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = media
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].strip().partition("=")
            self._cookies[name] = value
        return response.status, response.read().decode()


_FORM = "application/x-www-form-urlencoded"


def _part(border: str, name: str, content: bytes, file: str = "") -> bytes:
    named = f'; filename="{file}"' if file else ""
    head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def click(
    people: list[Clicker],
    seconds: float,
    think_s: tuple[float, float],
    choose: Callable[[random.Random], tuple[str, str]],
) -> Answers:
    """Let them click for so long. ``choose``: the next page as its kind and its path; ``think_s``: between an answer
    and the next click, at least and at most.
    """
    answers, guard, end = Answers(), threading.Lock(), time.monotonic() + seconds

    def go(number: int) -> None:
        chance = random.Random(number)
        time.sleep(chance.uniform(0, think_s[1]))
        while time.monotonic() < end:
            kind, path = choose(chance)
            began = time.perf_counter()
            status, _ = people[number].get(path)
            took = time.perf_counter() - began
            with guard:
                answers.seconds.setdefault(kind, []).append(took)
                if status != 200:
                    answers.wrong.append(f"{path}: {status}")
            time.sleep(chance.uniform(*think_s))

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
