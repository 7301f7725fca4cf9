"""Exact bounds for counted rates (Clopper-Pearson), without a statistics library."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p

CONFIDENCE = 0.95


def upper(events: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided upper bound of the rate of events; without any event about 3 / trials."""
    if events >= trials:
        return 1.0
    return _crossing(lambda rate: _at_most(events, trials, rate) - (1 - confidence))


def lower(events: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided lower bound of the rate of events."""
    return 1.0 - upper(trials - events, trials, confidence) if trials else 0.0


def _at_most(events: int, trials: int, rate: float) -> float:
    """The probability of at most that many events."""
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    return min(sum(exp(_log_probability(count, trials, rate)) for count in range(events + 1)), 1.0)


def _log_probability(count: int, trials: int, rate: float) -> float:
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    return ways + count * log(rate) + (trials - count) * log1p(-rate)


def _crossing(falling: Callable[[float], float]) -> float:
    """Where a falling function of a rate crosses zero."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return high
