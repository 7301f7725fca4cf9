"""What many projects say in sum, as reports about all of them print it: compiled from the cases, never typed again.

Sources: 鞍营商发〔2024〕4号, 二, 四(四); 晋市开办〔2021〕5号, 二6.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import Day, FieldGroup, Line, Text, none_as_empty


class GroupReport(FieldGroup):
    """The projects of one 推进组; counts as they are printed."""

    group: Line = Field(default=None, title="推进组")
    leader: Line = Field(default=None, title="组长")
    projects: Line = Field(default=None, title="项目数")
    finished: Line = Field(default=None, title="已办完事项")
    under_way: Line = Field(default=None, title="正在办理事项")
    late: Line = Field(default=None, title="逾期事项")
    problems: Text = Field(default=None, title="存在问题")


class DepartmentReport(FieldGroup):
    """The matters of all projects that one department handles; counts as they are printed."""

    department: Line = Field(default=None, title="部门")
    total: Line = Field(default=None, title="承办事项")
    finished: Line = Field(default=None, title="已办完")
    in_time: Line = Field(default=None, title="按时办完")
    late: Line = Field(default=None, title="逾期未办完")


class Liaison(FieldGroup):
    """The 联络员 of one department."""

    department: Line = Field(default=None, title="监管部门")
    name: Line = Field(default=None, title="联络员")
    phone: Line = Field(default=None, title="联系电话")


class Portfolio(FieldGroup):
    """The sums of a list of projects; empty for one project. ``start``, ``end``: of the half-month it reports on."""

    start: Day = Field(default=None, title="汇报起始日期")
    end: Day = Field(default=None, title="汇报截止日期")
    by_group: Annotated[tuple[GroupReport, ...], BeforeValidator(none_as_empty)] = Field(
        default=(), title="各推进组"
    )
    by_department: Annotated[tuple[DepartmentReport, ...], BeforeValidator(none_as_empty)] = Field(
        default=(), title="各部门"
    )
    liaisons: Annotated[tuple[Liaison, ...], BeforeValidator(none_as_empty)] = Field(
        default=(), title="联络员"
    )
