"""The limits of agreement: counted over places that hold something else, and no others."""

from pathlib import Path

import numpy as np

from bench.agreement.counting import Readings, limits, load, report, write
from extractors.witness.agreement import AgreementLimits
from forms.definition import FieldKind


def readings() -> Readings:
    """Places to sign: two signed, two thumbs of which the evidence calls one filled, and one empty."""
    return Readings(
        kind=np.full(5, FieldKind.SIGNATURE.value),
        state=np.array(["filled", "filled", "filled", "blank", "blank"]),
        look=np.array([0.9, 0.8, 0.3, 0.7, 0.0]),
        truth=np.array([True, True, False, False, False]),
        holds=np.array([True, True, True, True, False]),
        tier=np.full(5, "A"),
        source=np.full(5, "drawn"),
        labels=np.array(["signature", "signature", "fingerprint", "fingerprint", ""]),
    )


def test_limits_count_what_holds_something_else(tmp_path: Path) -> None:
    """Of two thumbs one passed the evidence; what is filled or empty counts in neither number."""
    file = tmp_path / "agreement.npz"
    np.savez_compressed(file, **limits(readings()))  # type: ignore[arg-type]
    found = AgreementLimits.load(file)
    assert found.count[FieldKind.SIGNATURE] == 2
    assert found.passed[FieldKind.SIGNATURE].tolist() == [np.float32(0.3)]
    assert found.count[FieldKind.TEXT] == 0 and found.filled_from(FieldKind.TEXT, 0.2) > 1


def test_readings_survive_their_files(tmp_path: Path) -> None:
    """What was read into two files comes out as one table, and its report says what each side kept."""
    for name in ("a.npz", "b.npz"):
        write(readings(), tmp_path / name)
    both = load([tmp_path / "a.npz", tmp_path / "b.npz"])
    assert len(both.truth) == 10 and both.labels.tolist() == 2 * readings().labels.tolist()
    said = report(both, AgreementLimits.load())
    assert "| signature, ordinary returns | evidence alone | | 100.0% (4/4)" in said and "50.0% (2/4)" in said
