"""Counting how well returns are read: the bounds, and a small run from paper to table."""

from pathlib import Path

import pytest

from bench.accuracy.bounds import lower, upper
from bench.accuracy.outcomes import PaperOutcome
from bench.accuracy.report import PROMISES, markdown
from bench.accuracy.trials import Trial, TrialRunner
from bench.bench_accuracy import TODAY


@pytest.mark.parametrize(
    ("events", "trials", "bound"),
    [(0, 1000, 0.002991), (0, 300, 0.009936), (1, 20, 0.216106), (5, 10, 0.777559)],
)
def test_upper_bound_is_clopper_pearson(events: int, trials: int, bound: float) -> None:
    """The one-sided 95 % bound agrees with published values; with no event it is about 3 / n."""
    assert upper(events, trials) == pytest.approx(bound, rel=1e-3)
    assert lower(trials - events, trials) == pytest.approx(1 - bound, rel=1e-3)


def test_bounds_at_the_ends() -> None:
    """Nothing is known of a rate that was never asked, and a rate of one has no upper bound below one."""
    assert upper(0, 0) == 1.0 and lower(0, 0) == 0.0 and upper(7, 7) == 1.0 and lower(0, 7) == 0.0


def outcome(complete: bool, verdict: str, **more: object) -> PaperOutcome:
    return PaperOutcome("A", "colour-200", "f", (1,), complete, verdict, (), **more)  # type: ignore[arg-type]


def test_table_shows_a_missed_limit() -> None:
    """An incomplete document called complete is shown as a missed promise, a right verdict is not."""
    good = [outcome(False, "incomplete"), outcome(True, "complete", pages=(2, 2))]
    row = next(item for item in PROMISES if item.title == "incomplete document called complete")
    assert row.count(good) == (0, 1)
    assert "✗" not in next(line for line in markdown(good, "").splitlines() if row.title in line)
    bad = [*good, outcome(False, "complete")]
    assert "✗ 50 % (1/2)" in next(line for line in markdown(bad, "").splitlines() if row.title in line)


@pytest.mark.office
def test_pages_of_a_clean_scan_are_identified(issued: Path) -> None:
    """Every page of a plain scan is identified and none is taken for another; runs are repeatable."""
    runner = TrialRunner(issued, TODAY)
    results = [runner.run(Trial("A", (1, number), defective=False)) for number in range(3)]
    assert all(item.pages[0] == item.pages[1] > 0 and item.wrong == 0 for item in results)
    again = runner.run(Trial("A", (1, 0), defective=False))
    assert (again.verdict, again.said, again.pages) == (results[0].verdict, results[0].said, results[0].pages)


@pytest.mark.office
def test_missing_page_is_never_complete(issued: Path) -> None:
    """A document that lacks a page is not called complete."""
    result = TrialRunner(issued, TODAY).run(Trial("A", (1, 1), defective=True, only="page-missing"))
    assert not result.complete and result.verdict != "complete"
