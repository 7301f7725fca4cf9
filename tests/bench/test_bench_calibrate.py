"""Calibration: what it advises, and the page it writes."""

import numpy as np
import pytest

from bench import calibrate
from bench.calibration.decided import decided_labels
from bench.calibration.measures import LabelledReading, SuggestedThresholds, calibrated_measures, suggest
from bench.calibration.page import write_page
from daiban.deciding.labelled import DecidedReading, DecidedReadings
from extractors.model import Measure
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


def _decided(accepted, value, **said):
    """A decision about a text field that the machine was unsure of."""
    return DecidedReading(
        **{
            "issue": "7K3M9QX2",
            "case": "JC-1",
            "form": "f",
            "generation": 1,
            "page": 1,
            "box": (0, 0, 9, 9),
            "field": "contact.name",
            "kind": "text",
            "state": "unsure",
            "confidence": 0.5,
            "code": "field-blank",
            "weight": "review",
            "about": "finding",
            "by": "王",
            "reason": "看过",
            "at": "2026-11-30T08:00:00+00:00",
            "picture": None,
            "accepted": accepted,
            "measures": (Measure("pen", value, 6.0, "mm"),),
            **said,
        }
    )


def test_decisions_become_labels_where_they_mean_one_thing(tmp_path, capsys):
    """What people decided place by place is a label; what may mean several things is left out and told; the thresholds
    that these would suggest are told, and none is changed.
    """
    before = load_thresholds()
    print_ = {"field": None, "kind": None, "state": None, "altered": "changed", "code": "text-altered"}
    signing = {"kind": "signature", "code": "signature-missing"}
    readings = (
        *(_decided(False, value) for value in (0.2, 0.9, 1.1)),
        *(_decided(True, value) for value in (16.0, 22.0)),
        _decided(True, 30.0, about="document"),
        _decided(True, 30.0, **signing),
        _decided(False, 30.0, **signing, pen=True, seals=0),
        _decided(False, 0.3, code="area-not-visible"),
        _decided(False, 9.0, code="field-invalid", state="filled"),
        _decided(True, 4.0, **print_),
    )
    file = tmp_path / "decisions.json"
    file.write_text(DecidedReadings(readings=readings).model_dump_json(), encoding="utf-8")
    calibrate.main([str(tmp_path), str(tmp_path / "out"), "--count", "0", "--decisions", str(file)])
    said = capsys.readouterr().out
    assert "人的决定：5 个带标签的读数" in said and said.count("没有算") == 6
    assert "文字：笔画总长：5 处" in said and "印刷改动 pen：1 处" in said
    suggested = suggest(decided_labels(file, tmp_path, calibrated_measures(before)).readings)
    assert not suggested.overlap and 1.1 < suggested.blank < suggested.filled < 16
    assert load_thresholds() == before


def test_what_is_no_export_is_refused_in_words(tmp_path):
    """A file that is something else, or is not there, ends it with what it should be."""
    file = tmp_path / "decisions.json"
    for content in (None, "{}"):
        if content is not None:
            file.write_text(content, encoding="utf-8")
        with pytest.raises(SystemExit, match=r"decisions\.json"):
            decided_labels(file, tmp_path, calibrated_measures(load_thresholds()))


@pytest.mark.office
@pytest.mark.slow
def test_calibrating_reads_simulated_returns(issued, tmp_path, capsys):
    """From an issued workspace to the page: readings of simulated returns, none of them the opposite of the truth."""
    calibrate.main([str(issued), str(tmp_path), "--count", "3", "--tier", "A"])
    said = capsys.readouterr().out
    assert "判反 0 处" in said
    assert (tmp_path / "index.html").exists()
