"""Outline of the 签署指引: what to do on each page of a packet, with room for a picture of it, and how to return it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.drafting.markup import Controls, TableCell, TableRow, loop_row, paragraph, run, table
from tools.drafting.outlines.parts import head_row, title

_HOW = (
    "1. 按上表逐页填写、签字或盖章；写明“盖章或签字”的，有一样即可。日期写全年、月、日。",
    "2. 每页右上角、左下角的二维码不要遮住、涂改或剪掉；印好的文字不要改动，有误请联系重新出具。",
    "3. 也可以在电脑上打开 PDF 直接填写，打印后签字盖章，或用电子签名。",
    "4. 交回时每一页都要有。扫描（200 dpi 以上，最好彩色）或拍照（一页一张，四角拍全，光线均匀）均可。",
)


def guide(controls: Controls) -> str:
    """签署指引."""
    entry = controls.entry
    cells = [
        TableCell(
            [
                paragraph("CellText", entry("guide.pages", "form", "p.form")),
                paragraph("CellText", entry("guide.pages", "page", "p.page")),
                paragraph("CellText", run("编号 "), entry("guide.pages", "issue", "p.issue")),
            ]
        ),
        TableCell([paragraph("CellText", entry("guide.pages", "picture", "p.picture"))]),
        TableCell([paragraph("CellText", entry("guide.pages", "todos", "p.todos", multiline=True))]),
    ]
    under = '<w:spacing w:after="120" w:line="579" w:lineRule="exact"/>'
    small = '<w:spacing w:line="360" w:lineRule="exact"/><w:jc w:val="left"/>'
    return "".join(
        (
            title("签署指引", gap=240),
            paragraph("Normal", run("项目单位："), controls.text("enterprise.name")),
            paragraph("Normal", run("项目名称："), controls.text("project.name"), properties=under),
            table(
                (2300, 2400, 4145),
                [
                    head_row(("表单和页", "位置", "请您做的")),
                    loop_row("{%tr for p in guide.pages %}", 3),
                    TableRow(cells, height=2800, whole=True),
                    loop_row("{%tr endfor %}", 3),
                ],
            ),
            paragraph("PartHeading", run("交回办法"), properties='<w:keepNext/><w:spacing w:before="200"/>'),
            *(paragraph("CellText", run(text), properties=small) for text in _HOW),
            paragraph(
                "CellText",
                run("5. 交到："),
                controls.text("agency.name"),
                run("，联系人："),
                controls.text("manager.name"),
                run("，电话："),
                controls.text("manager.phone"),
                run("。"),
                properties=small,
            ),
        )
    )


OUTLINES: Mapping[str, Callable[[Controls], str]] = {"guide": guide}
