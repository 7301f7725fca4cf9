"""被征地农民社会保障: what the 审核表 of the county's 人社局 says of a plot to be expropriated.

Source: 阳政办函〔2026〕9号, 四(十一): 指导被征地村完成拟征收地块被征地农民养老保险费的核定工作.
"""

from __future__ import annotations

from pydantic import Field

from cases.model.field_types import FieldGroup, Line, Text


class SocialSecurity(FieldGroup):
    """被征地农民社会保障落实情况."""

    village: Line = Field(default=None, title="被征地村")
    plot: Text = Field(default=None, title="拟征收地块")
    contribution: Text = Field(default=None, title="养老保险费核定情况")
