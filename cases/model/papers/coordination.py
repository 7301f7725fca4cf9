"""提请协调: what an office cannot settle itself and reports to its government.

Sources: 鞍营商发〔2024〕4号, 三(四): 确需提级由市政府集体决策的事项，要形成专题报告; 阳政办函〔2026〕9号, 五(四):
需要协调解决的代办事项堵点、难点及重大事项，必要时按程序报县政府协调解决.
"""

from __future__ import annotations

from pydantic import Field

from cases.model.field_types import Day, FieldGroup, Text


class Coordination(FieldGroup):
    """One report to the government about one project."""

    date: Day = Field(default=None, title="报告日期")
    problem: Text = Field(default=None, title="难点、堵点问题")
    measures: Text = Field(default=None, title="解决方案和应对措施")
    request: Text = Field(default=None, title="提请协调解决的事项")
