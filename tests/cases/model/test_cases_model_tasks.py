"""任务分工: what a case says of the measures its document prints."""

from __future__ import annotations

from cases.model.tasks import TaskAssignment, joined_tasks

PRINTED = tuple(
    TaskAssignment(measure=f"{name}。细则。", leader="甲") for name in ("营造氛围", "放宽准入", "保障用地")
)


def test_a_measure_of_a_case_is_joined_with_the_printed_one() -> None:
    """A row named by the beginning of a measure fills that measure, and the others stay as printed."""
    (task,) = joined = [TaskAssignment(measure="放宽准入。", progress="初稿")]
    found = joined_tasks(joined, PRINTED)
    assert [item.measure for item in found] == [item.measure for item in PRINTED]
    assert (found[1].leader, found[1].progress) == ("甲", task.progress)


def test_an_own_measure_comes_after_the_printed_ones() -> None:
    """A measure that the document does not print is added, and replaces none."""
    own = TaskAssignment(measure="另一项举措")
    assert joined_tasks([own], PRINTED) == (*PRINTED, own)


def test_a_whole_list_of_ones_own_stands() -> None:
    """A case that writes as many measures as are printed has its own list."""
    own = [TaskAssignment(measure=f"举措{number}") for number in range(3)]
    assert joined_tasks(own, PRINTED) == tuple(own)
    assert joined_tasks([], PRINTED) == PRINTED
