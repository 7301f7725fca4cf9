"""A list of people (名单): labels, names and posts in aligned columns, as several documents print it."""

from __future__ import annotations

from collections.abc import Iterable

from tools.drafting.markup import Controls, TableCell, TableRow, loop_row, paragraph, run, table


def people(controls: Controls, groups: Iterable[tuple[str, str]], widths: tuple[int, int, int]) -> str:
    """A table without rules: (label, list id) per group, the label before its first person only."""
    rows: list[TableRow] = []
    for label, list_id in groups:
        first = [run("{%r if loop.first %}"), run(label), run("{%r endif %}")]
        cells = [
            TableCell([paragraph("GroupLabel", *first)], align="top"),
            TableCell([paragraph("GroupName", controls.entry(list_id, "name", "p.name"))], align="top"),
            TableCell([paragraph("GroupPost", controls.entry(list_id, "post", "p.post"))], align="top"),
        ]
        rows += [
            loop_row(f"{{%tr for p in {list_id} %}}", 3),
            TableRow(cells, height=579, whole=True),
            loop_row("{%tr endfor %}", 3),
        ]
    return table(widths, rows, ruled=False)
