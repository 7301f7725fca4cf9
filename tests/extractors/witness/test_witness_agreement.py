"""How sure a look must be: of what was counted, no larger a share passes than the risk allows."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.witness.agreement import AgreementLimits
from forms.definition import FieldKind


@given(
    chances=st.lists(st.floats(0, 1), max_size=60),
    others=st.integers(0, 500),
    risk=st.floats(0.0005, 0.3),
)
@example(chances=[0.0, 1.0], others=29, risk=1 / 32)
def test_no_larger_share_passes_than_the_risk(chances: list[float], others: int, risk: float) -> None:
    """Conformal: with one more place that passes, the share among all would still be within the risk."""
    passed = np.sort(np.array(chances, np.float64))[::-1]
    count = len(chances) + others
    limits = AgreementLimits({FieldKind.TEXT: passed}, {FieldKind.TEXT: count})
    limit = limits.filled_from(FieldKind.TEXT, risk)
    passing = int((passed >= limit).sum())
    assert limit > 1 or (passing + 1) / (count + 1) <= risk
