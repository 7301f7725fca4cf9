"""People who click: each with a session of their own, the next page after 2 to 5 seconds, every answer timed."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

_THINK_S = (2.0, 5.0)


@dataclass
class Answers:
    """Seconds by kind of page; what was answered with anything but a page."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def at(self, kind: str, share: float) -> float:
        """The time, in ms, within which this share of the answers of a kind came."""
        ordered = sorted(self.seconds[kind])
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Clicker:
    """A session on a connection that is kept."""

    def __init__(self, port: int, name: str, password: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        _, page = self.get("/account/login/")
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
        form = {"csrfmiddlewaretoken": token, "username": name, "password": password}
        self._ask("POST", "/account/login/", urllib.parse.urlencode(form))

    def get(self, path: str) -> tuple[int, str]:
        """Status and page."""
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].strip().partition("=")
            self._cookies[name] = value
        return response.status, response.read().decode()


def click(
    people: list[Clicker], seconds: float, choose: Callable[[random.Random], tuple[str, str]]
) -> Answers:
    """Let them click for so long. ``choose``: the next page as its kind and its path."""
    answers, guard, end = Answers(), threading.Lock(), time.monotonic() + seconds

    def go(number: int) -> None:
        chance = random.Random(number)
        time.sleep(chance.uniform(0, _THINK_S[1]))
        while time.monotonic() < end:
            kind, path = choose(chance)
            began = time.perf_counter()
            status, _ = people[number].get(path)
            took = time.perf_counter() - began
            with guard:
                answers.seconds.setdefault(kind, []).append(took)
                if status != 200:
                    answers.wrong.append(f"{path}: {status}")
            time.sleep(chance.uniform(*_THINK_S))

    threads = [threading.Thread(target=go, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
