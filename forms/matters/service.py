"""全代办's own rules as data: its clocks, the seven cases of 中止, and matters that exclude each other.

Source: 晋市审管发〔2022〕28号, 工作方案 四; 委托书 三; “项目长”工作机制 四(七).
"""

from __future__ import annotations

from functools import cache

from pydantic import Field

from forms.matters.data_file import FOLDER, read_data
from foundation.frozen_model import FrozenModel


class Clock(FrozenModel):
    """Something to be done within so many working days of something else."""

    id: str
    title: str
    days: int
    place: str
    quote: str


class SuspensionCase(FrozenModel):
    """One of the numbered cases in which the service may be suspended."""

    number: int
    text: str


class Exclusive(FrozenModel):
    """Matters that exclude each other, so that a project needs one of them, and the rule behind it."""

    names: tuple[str, ...]
    basis: str


class Service(FrozenModel):
    """All rules of the service."""

    number: str
    file: str
    clocks: tuple[Clock, ...] = Field(alias="clock")
    suspensions: tuple[SuspensionCase, ...] = Field(alias="suspension")
    exclusives: tuple[Exclusive, ...] = Field(alias="exclusive")

    def clock(self, clock_id: str) -> Clock:
        """A clock by its id."""
        return next(item for item in self.clocks if item.id == clock_id)

    def suspension(self, number: int) -> SuspensionCase:
        """A case of 中止 by its number."""
        return next(item for item in self.suspensions if item.number == number)


@cache
def service() -> Service:
    """The rules of the service."""
    return read_data(FOLDER / "jincheng.toml", Service)
