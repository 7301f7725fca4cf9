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


def _if(field_id: str, *runs: str) -> tuple[str, ...]:
    """Runs that are there only with the field."""
    return (run(f"{{%r if {field_id} %}}"), *runs, run("{%r endif %}"))


def _letter(controls: Controls) -> tuple[str, ...]:
    """The covering letter: what is enclosed, what to do with it and until when."""
    right = '<w:ind w:right="{}"/><w:jc w:val="right"/>'
    gap = '<w:keepNext w:val="0"/><w:spacing w:after="200" w:line="579" w:lineRule="exact"/>'
    return (
        paragraph(
            "FormBody", controls.text("enterprise.name"), run("："), properties='<w:ind w:firstLine="0"/>'
        ),
        paragraph(
            "FormBody",
            run("现将"),
            controls.text("project.name"),
            run("代办服务的文书送上，请按下表逐页填写、签字或盖章，"),
            *_if("guide.due", run("于"), controls.date("guide.due"), run("前")),
            run("交回（办法见表后）。写明“请留存”的不用交回。"),
        ),
        paragraph("Signing", controls.text("guide.sender"), properties=right.format(632)),
        paragraph("Signing", controls.date("guide.date"), properties=gap + right.format(1264)),
    )


def guide(controls: Controls) -> str:
    """签署指引, with its covering letter."""
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
    small = '<w:spacing w:line="360" w:lineRule="exact"/><w:jc w:val="left"/>'
    return "".join(
        (
            title("签署指引", gap=240),
            *_letter(controls),
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
            # How to return it stays on one page.
            *(paragraph("CellText", run(text), properties="<w:keepNext/>" + small) for text in _HOW),
            paragraph(
                "CellText",
                run("5. 交到："),
                controls.text("agency.name"),
                *_if("guide.address", run("（"), controls.text("guide.address"), run("）")),
                *_if("manager.name", run("，联系人："), controls.text("manager.name")),
                *_if("manager.phone", run("，电话："), controls.text("manager.phone")),
                run("。"),
                properties=small,
            ),
        )
    )


OUTLINES: Mapping[str, Callable[[Controls], str]] = {"guide": guide}
