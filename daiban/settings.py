"""The office's own settings: ``WS/daiban.toml``.

Staff edit the file with whatever editor is at hand, so it may come back with a byte-order mark or in GBK;
both are read. An unknown key is an error that names the nearest known one, because a mistyped setting that is
silently ignored looks exactly like a setting that does not work. All problems are reported at once, in Chinese.

Shapes: names and phones are text, dates are ``datetime.date``, ``deadline_s`` is seconds, ``workers`` a count
(0: as many as the machine has processors).
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cases.calendar import WorkdayCalendar
from cases.model.people import LeadingGroup
from cases.values.documents import document_name, read_document
from cases.values.invalid import InvalidValue
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel
from foundation.nearest import did_you_mean
from foundation.os_errors import reason_of
from foundation.reading import TomlBoundsError, parse_toml, read_file, text_of

DEFAULT_TEXT = """\
# 代办工作区设置。井号后面是说明；改完保存即可，下一次运行时生效。

[agency]
# “全代办”机构名称（审批部门）。案件里没有另写时，各表都用这个名称。
name = ""
# 交回文书的地址（含窗口），印在材料包的签署指引上。
address = ""

[packet]
# 材料包请项目单位在几个工作日内交回，印在签署指引上；0 表示不写期限。
days = 5

[cases]
# 本单位按哪份文件办理：晋城、阳城、鞍山、交城、晋开。写一个，案件没写“文件”的就按它；
# 写几个，每个案件都要写明“文件”；空着，就按晋城。例：documents = ["阳城"]
documents = []

[manager]
# 项目长（管家、代办员）的默认姓名和电话。案件里写了的，以案件为准。
name = ""
phone = ""

[leading_group]
# 领导小组名单。空着就用文件印发的名单；人员变动后把三项都写全，一人一条“姓名 职务”。
# 例：members = ["刘彧 县政府办副主任", "茹仓龙 白桑镇人大主席"]
leaders = []
deputies = []
members = []

[calendar]
# 工作日历的补充。国务院当年的放假安排已经内置；尚未公布的年份，或本单位另有安排时写在这里。
# 例：workdays = [2027-02-07, 2027-02-20]
workdays = []   # 周末调休上班的日子
holidays = []   # 工作日放假的日子

[fonts]
# 本机已装正版字体，或想换一种代用字体时，写“公文字体名 = 本机字体名”。可用 daiban doctor 查看现状。
# 例："仿宋_GB2312" = "FandolFang"

[converter]
# LibreOffice 的 soffice 程序位置；空着就自动查找。
path = ""
# 一次排版最多等多少秒；一次排几份，程序每份再加 1 秒。超过就中止，拆小再排，仍排不出的那一份不出，其余继续。
deadline_s = 60

[work]
# 同时排版的进程数；0 表示按本机处理器个数。
workers = 0

[reading]
# 核验时，“该填该签的地方放着别的东西（污渍、指纹、别的戳记）却被当成已填”的比例，最多容许多少。
# 不写就用程序自带的值；写小一点更稳妥，送人工核对的会多一些，写大一点相反。0.001 至 0.2。
# 例：risk = 0.01   # 百分之一

[decisions]
# 写 true 时两人复核：收下或退回一份文书，要另一个人再定一次同样的才算数；在那以前照机器的结论。
second_person = false

[signatures]
# 核验电子签名时信任的根证书：PEM 或 DER 文件，路径相对于本工作区。空着时签名照样核验，只说明签署人身份未经证实。
# 例：roots = ["证书/根证书.cer"]
roots = []
# 写 true 时，签名完好但证书不受信任的文书也要人工核对。
require_trusted = false

[page]
# 网页（daiban serve）。别的电脑的浏览器用来打开它的名称或地址，写在这里。例：hosts = ["daiban.example", "10.1.2.3"]
hosts = []
# 前面有 HTTPS 代理（如本机的 nginx）时写 true：Cookie 只经 HTTPS 发送，访问者的地址以本机代理报来的为准。
https = false
# 一次上传最多多少兆字节。
upload_mb = 200
# 扫描仪存放文件的文件夹（绝对位置，或相对于本工作区）：放进去的文件自动核验，做完移到其中的“已核验”。空着就不看。
watch = ""
# 项目单位用浏览器打开本系统的网址，如 "https://daiban.example.gov.cn"。写了它，材料包的签署指引上就印网址、二维码和访问码；
# 空着就不印。
address = ""
# 访问码有效多少天。
code_days = 60
# 项目单位上传了没有交的文件，留多少天；过了自动删去。交了的不删。
draft_days = 30

[registry]
# 登记库地址。空着就用工作区里的 registry.sqlite；多台机器共用时可写 PostgreSQL 地址。
url = ""
"""


_MOST_BYTES = 2**20  # nobody writes so many settings


class _Section(FrozenModel):
    """A section: blanks around what people write do not count."""

    model_config = ConfigDict(str_strip_whitespace=True)


class AgencySettings(_Section):
    """``[agency]``: the office itself (审批部门). ``address``: where signed papers are brought back to."""

    name: str = ""
    address: str = ""


class PacketSettings(_Section):
    """``[packet]``: so many working days an enterprise has to bring a packet back; 0: none are named."""

    days: int = Field(default=5, ge=0, le=365)


class CaseSettings(_Section):
    """``[cases]``: the documents (文件) whose forms the office uses, as ids once read."""

    documents: tuple[str, ...] = ()

    @field_validator("documents")
    @classmethod
    def _as_ids(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(dict.fromkeys(read_document(name) for name in names))
        except InvalidValue as error:
            raise ValueError(f"{error.reason}（{error.advice}）" if error.advice else error.reason) from None


class ManagerSettings(_Section):
    """``[manager]``: who is 项目长 when the case names nobody."""

    name: str = ""
    phone: str = ""


class LeadingGroupSettings(_Section):
    """``[leading_group]``: the office's own 名单, each entry ``姓名 职务``; replaces the one its document prints."""

    leaders: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether the office has a list of its own."""
        return bool(self.leaders or self.deputies or self.members)

    @property
    def group(self) -> LeadingGroup:
        """The list as data."""
        return LeadingGroup.model_validate(self.model_dump())


class CalendarSettings(_Section):
    """``[calendar]``: days that differ from weekends and the built-in public holidays."""

    workdays: tuple[date, ...] = ()
    holidays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _no_day_is_both(self) -> CalendarSettings:
        both = sorted(set(self.workdays) & set(self.holidays))
        if both:
            days = "、".join(day.isoformat() for day in both)
            raise ValueError(f"{days} 既写成上班又写成放假，只能留一处")
        return self

    @property
    def working_days(self) -> WorkdayCalendar:
        """The office's working days. Errors: ValueError, which reading the settings excludes."""
        return WorkdayCalendar.of(self.workdays, self.holidays)


class ConverterSettings(_Section):
    """``[converter]``: which soffice lays documents out, and how long one conversion may take, in seconds.

    One more second for each document in it is added when it is laid out. What may be started is said by
    :mod:`daiban.converter` alone.
    """

    path: str = ""
    deadline_s: float = Field(default=60, gt=0, le=3600)


class WorkSettings(_Section):
    """``[work]``: how many layout processes; 0 means one per processor."""

    workers: int = Field(default=0, ge=0, le=64)

    def worker_count(self, asked: int | None = None) -> int:
        """How many processes to use: ``asked`` (on the command line), else this setting, else one per processor."""
        return asked or self.workers or os.cpu_count() or 1


class ReadingSettings(_Section):
    """``[reading]``. ``risk``: of places that hold something else than they should, the share that may pass as filled
    (:mod:`extractors.witness.agreement`); the one number that trades clerks' time against risk. None: that of the
    program's thresholds.
    """

    risk: float | None = Field(default=None, ge=0.001, le=0.2)


class DecisionSettings(_Section):
    """``[decisions]``. ``second_person``: an answer about a return counts only once a second person gave it too
    (两人复核).
    """

    second_person: bool = False

    @property
    def needed(self) -> int:
        """How many people an answer needs."""
        return 2 if self.second_person else 1


class SignatureSettings(_Section):
    """``[signatures]``: root certificates (信任根), files relative to the workspace. ``require_trusted``: a signature
    whose chain does not lead to one of them makes its document one for review; else that is only noted.
    """

    roots: tuple[str, ...] = ()
    require_trusted: bool = False


class PageSettings(_Section):
    """``[page]``: the web page. ``hosts``: names and addresses that browsers call it by, beside this machine's own;
    ``https``: a proxy on this machine speaks HTTPS for it; ``upload_mb``: the largest upload, in MiB.

    ``watch``: a folder (a scanner's), absolute or under the workspace, whose files are verified as they come; empty:
    none. ``address``: where enterprises open it (``https://…``; empty: they do not); ``code_days``: how many days their
    access codes (访问码) last; ``draft_days``: how many days what they uploaded and did not hand in is kept.
    """

    hosts: tuple[str, ...] = ()
    https: bool = False
    upload_mb: int = Field(default=200, ge=1, le=2000)
    watch: str = ""
    address: str = ""
    code_days: int = Field(default=60, ge=1, le=730)
    draft_days: int = Field(default=30, ge=1, le=730)

    @field_validator("address")
    @classmethod
    def _is_address(cls, text: str) -> str:
        parts = urlsplit(text)
        if text and (
            parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment
        ):
            raise ValueError("应为完整的网址，如 https://daiban.example.gov.cn")
        return text.rstrip("/")

    def entrance(self, code: str = "") -> str:
        """The enterprise's door; with a code behind ``#``, which no browser sends and no server logs."""
        if not self.address:
            return ""
        return f"{self.address}/e/" + (f"#{code}" if code else "")


class RegistrySettings(_Section):
    """``[registry]``: a database URL, or empty for the workspace's own registry.sqlite."""

    url: str = ""


class Settings(_Section):
    """A whole daiban.toml. ``fonts`` maps an official font name to the installed family that stands in for
    it."""

    agency: AgencySettings = AgencySettings()
    packet: PacketSettings = PacketSettings()
    cases: CaseSettings = CaseSettings()
    manager: ManagerSettings = ManagerSettings()
    leading_group: LeadingGroupSettings = LeadingGroupSettings()
    calendar: CalendarSettings = CalendarSettings()
    fonts: dict[str, str] = Field(default_factory=dict)
    converter: ConverterSettings = ConverterSettings()
    work: WorkSettings = WorkSettings()
    reading: ReadingSettings = ReadingSettings()
    decisions: DecisionSettings = DecisionSettings()
    signatures: SignatureSettings = SignatureSettings()
    page: PageSettings = PageSettings()
    registry: RegistrySettings = RegistrySettings()


def load_settings(path: Path) -> Settings:
    """Read a daiban.toml.

    :raises UsageError: with every problem in it: unreadable, not TOML, an unknown key, a wrong value.
    """
    raw = _parse(_decode(_read(path), path), path)
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        raise UsageError(*(_problem(item, path) for item in error.errors())) from None


def default_text(agency_name: str = "", documents: Iterable[str] = ()) -> str:
    """The commented file a new workspace starts with. ``documents``: by id."""
    escaped = agency_name.replace("\\", "\\\\").replace('"', '\\"')
    listed = ", ".join(f'"{document_name(document)}"' for document in documents)
    text = DEFAULT_TEXT.replace('name = ""', f'name = "{escaped}"', 1)
    return text.replace("documents = []", f"documents = [{listed}]", 1)


def _read(path: Path) -> bytes:
    try:
        return read_file(path, _MOST_BYTES)
    except OSError as error:
        raise UsageError(
            Problem(str(path), f"设置文件读不出来：{reason_of(error)}", advice="请检查这个文件和它的权限")
        ) from error


def _decode(data: bytes, path: Path) -> str:
    try:
        return text_of(data)
    except UnicodeDecodeError:
        problem = Problem(str(path), "不是文本文件，或编码认不出来", advice="请另存为 UTF-8 编码")
        raise UsageError(problem) from None


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return parse_toml(text)
    except TomlBoundsError as error:
        raise UsageError(Problem(str(path), str(error), advice="请核对这个文件")) from None
    except tomllib.TOMLDecodeError as error:
        # Before Python 3.14 the position is only in the message, in this fixed shape.
        found = re.search(r"line (\d+), column (\d+)", str(error))
        where = f"{path} 第{found[1]}行第{found[2]}列" if found else f"{path} 末尾"
        raise UsageError(
            Problem(
                where,
                "写法不合 TOML 规则",
                advice='文字要放在英文双引号里，如 name = "某某局"；日期写成 2027-02-07',
            )
        ) from None


_KINDS = {
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "string_type": "应为文字，要放在英文双引号里",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "tuple_type": "应为一组值，放在方括号里",
    "dict_type": "应为一节，写成 [节名] 再逐行写",
    "model_type": "应为一节，写成 [节名] 再逐行写",
}


def _problem(error: Mapping[str, Any], path: Path) -> Problem:
    """One pydantic error as a problem at ``daiban.toml 节.键``."""
    place = tuple(error["loc"])
    where = f"{path} {'.'.join(str(part) for part in place)}".rstrip()
    kind = str(error["type"])
    if kind == "extra_forbidden":
        return _unknown_key(place, where)
    context = error.get("ctx") or {}
    if kind == "value_error":
        return Problem(where, str(context["error"]))
    if kind.startswith(("date", "invalid_date")):
        return Problem(where, "应为日期", advice="写成 2027-02-07")
    limits = {"greater_than": ("gt", "应大于"), "greater_than_equal": ("ge", "不应小于")}
    limits["less_than_equal"] = ("le", "不应大于")
    if kind in limits:
        key, words = limits[kind]
        return Problem(where, f"{words} {context[key]}")
    return Problem(where, _KINDS.get(kind, "值不合要求"), advice="可对照新建工作区里的 daiban.toml")


def _unknown_key(place: tuple[Any, ...], where: str) -> Problem:
    known = _known_keys(place[:-1])
    advice = did_you_mean(str(place[-1]), known, f"这里可以写：{'、'.join(known)}")
    return Problem(where, f"没有“{place[-1]}”这项设置", advice=advice)


def _known_keys(place: Iterable[Any]) -> list[str]:
    """The keys allowed at a place in the file."""
    model: type[BaseModel] = Settings
    for part in place:
        # Only sections are models; an unknown key can stand nowhere deeper.
        model = cast(type[BaseModel], model.model_fields[str(part)].annotation)
    return list(model.model_fields)
