"""The few names of WordprocessingML (ECMA-376) that filling and layout need."""

from __future__ import annotations

from typing import Final

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"

#: Types of content control, of which w:sdtPr holds at most one, after everything named here before them.
SDT_TYPES: Final = frozenset(
    f"{W}{name}"
    for name in (
        "equation",
        "comboBox",
        "date",
        "docPartObj",
        "docPartList",
        "dropDownList",
        "picture",
        "richText",
        "text",
        "citation",
        "group",
        "bibliography",
    )
) | {f"{W14}checkbox"}
