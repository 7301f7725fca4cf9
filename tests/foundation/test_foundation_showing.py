"""Text of any origin is shown so that it does nothing but say what it says."""

from __future__ import annotations

import json

from foundation.showing import bounded, plain, plain_json

HOSTILE = "a\x1b[2J\x9b31m\u202egpj.\ud800\u2028\x7f"


def test_plain_keeps_what_people_write() -> None:
    """Rare characters and symbols of forms stay; control characters do not."""
    assert plain("彧喆𠮷㎡\n（一）①") == "彧喆𠮷㎡\n（一）①"
    assert plain("a\x00b\u200bc\ud800") == "a�bc�"
    assert not set(plain(HOSTILE)) & set("\x1b\x9b\u202e\x7f\ud800")


def test_json_says_the_same_and_moves_no_terminal() -> None:
    """What a terminal would act upon is escaped in JSON, and reads back as it was."""
    text = plain_json(json.dumps({"值": HOSTILE}, ensure_ascii=False, indent=2))
    assert json.loads(text) == {"值": HOSTILE}
    assert not set(text) & set("\x1b\x9b\u202e\u2028\x7f\ud800")
    assert "值" in text


def test_long_text_is_cut_and_says_so() -> None:
    """Two million characters become a line or two, with how long it was."""
    assert len(bounded("长" * 2_000_000)) < 3000
    assert "2000000" in bounded("长" * 2_000_000)
    assert bounded("短") == "短"
