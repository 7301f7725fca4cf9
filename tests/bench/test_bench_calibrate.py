"""Calibration: what it advises, and the page it writes."""

import numpy as np
import pytest

from bench import calibrate
from bench.calibrate import Advice, Sample, advise, gauges
from bench.calibrate_page import write_page
from extractors.thresholds import load_thresholds


def _sample(value, filled, *, state=None, crop=None):
    state = state or ("filled" if filled else "blank")
    return Sample("text", "contact.name", "A", "grey-200", value, filled, "hand", state, "理由<b>", crop)


def test_thresholds_are_advised_between_blank_and_filled():
    """What is advised leaves every blank below and every filled above."""
    samples = [_sample(value, False) for value in (0, 0, 0.4, 1.2)] + [
        _sample(value, True) for value in (14, 20, 60)
    ]
    advice = advise(samples)
    assert not advice.overlap
    assert 1.2 < advice.blank < advice.filled < 14


def test_blank_and_filled_that_overlap_are_told():
    """A filled threshold is never advised below the highest blank."""
    samples = [_sample(value, False) for value in np.linspace(0, 9, 50)]
    samples += [_sample(value, True) for value in (5, 12, 20)]
    advice = advise(samples)
    assert advice.overlap
    assert advice.filled > 9


def test_nothing_is_advised_from_one_side_alone():
    """Without both kinds of sample there is no advice."""
    assert advise([_sample(3, True)]) == Advice(None, None, False)


def test_the_page_shows_mistakes_and_escapes_what_it_quotes(tmp_path):
    """Every mistake is on the page with its picture, thresholds are drawn, and nothing quoted becomes markup."""
    samples = [_sample(0.0, False)] * 300 + [
        _sample(30, True),
        _sample(33, False, state="filled", crop=b"picture"),
    ]
    every = gauges(load_thresholds())
    page = write_page(
        tmp_path,
        every,
        {gauge.key: samples if gauge.key == "text" else [] for gauge in every},
        {gauge.key: Advice(None, None, False) for gauge in every},
    ).read_text(encoding="utf-8")
    assert page.count("card blank wrong") == 1
    assert "理由&lt;b&gt;" in page
    assert "<b>理由" not in page
    assert "stroke-dasharray" in page
    assert [item.read_bytes() for item in (tmp_path / "crops").iterdir()] == [b"picture"]


@pytest.mark.office
@pytest.mark.slow
def test_calibrating_reads_simulated_returns(issued, tmp_path, capsys):
    """From an issued workspace to the page: readings of simulated returns, none of them the opposite of the truth."""
    calibrate.main([str(issued), str(tmp_path), "--count", "3", "--tier", "A"])
    said = capsys.readouterr().out
    assert "判反 0 处" in said
    assert (tmp_path / "index.html").exists()
