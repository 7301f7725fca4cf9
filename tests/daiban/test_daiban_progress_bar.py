"""The progress bar: for people on a terminal only."""

import io
import sys

import pytest

from daiban.progress_bar import ProgressBar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _drawn(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, enabled: bool) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    with ProgressBar(3, "生成", enabled=enabled) as bar:
        bar.advance()
        bar.advance(2)
    return stream.getvalue()


def test_drawn_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the bar shows its label and the count done."""
    monkeypatch.setenv("TERM", "xterm")
    drawn = _drawn(monkeypatch, _Terminal(), enabled=True)
    assert "生成" in drawn
    assert "3/3" in drawn


def test_silent_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe, or with JSON asked for, nothing is drawn at all."""
    assert _drawn(monkeypatch, io.StringIO(), enabled=True) == ""
    assert _drawn(monkeypatch, _Terminal(), enabled=False) == ""
