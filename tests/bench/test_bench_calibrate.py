"""Calibration: what it advises, and the page it writes."""

import numpy as np
import pytest

from bench import calibrate
from bench.calibration.measures import LabelledReading, SuggestedThresholds, calibrated_measures, suggest
from bench.calibration.page import write_page
from extractors.thresholds import load_thresholds


def _reading(value, filled, *, state=None, crop=None):
    state = state or ("filled" if filled else "blank")
    return LabelledReading(
        "text", "contact.name", "A", "grey-200", value, filled, "hand", state, "理由<b>", crop
    )


def test_thresholds_are_advised_between_blank_and_filled():
    """What is advised leaves every blank below and every filled above."""
    readings = [_reading(value, False) for value in (0, 0, 0.4, 1.2)] + [
        _reading(value, True) for value in (14, 20, 60)
    ]
    suggested = suggest(readings)
    assert not suggested.overlap
    assert 1.2 < suggested.blank < suggested.filled < 14


def test_blank_and_filled_that_overlap_are_reported():
    """A filled threshold is never advised below the highest blank."""
    readings = [_reading(value, False) for value in np.linspace(0, 9, 50)]
    readings += [_reading(value, True) for value in (5, 12, 20)]
    suggested = suggest(readings)
    assert suggested.overlap
    assert suggested.filled > 9


def test_nothing_is_advised_from_one_side_alone():
    """Without both kinds of sample there is no suggested."""
    assert suggest([_reading(3, True)]) == SuggestedThresholds(None, None, False)


def test_the_page_shows_mistakes_and_escapes_what_it_quotes(tmp_path):
    """Every mistake is on the page with its picture, thresholds are drawn, and nothing quoted becomes markup."""
    readings = [_reading(0.0, False)] * 300 + [
        _reading(30, True),
        _reading(33, False, state="filled", crop=b"picture"),
    ]
    every = calibrated_measures(load_thresholds())
    page = write_page(
        tmp_path,
        every,
        {measure.key: readings if measure.key == "text" else [] for measure in every},
        {measure.key: SuggestedThresholds(None, None, False) for measure in every},
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
