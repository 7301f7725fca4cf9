"""A case (案件): one project that an office handles for an enterprise, as the tree of field ids.

The tree's keys are the field ids that template, content control, PDF form field, registry and report
share; each has its Chinese title. Only 编号, 文件, 项目名称 and 项目单位 are always required: what else
a form needs, its definition says. A case never changes; what is absent is None or empty. Read one with
:func:`cases.checking.check_case`, which says in Chinese everything that is wrong with it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from cases.model.assessment import Assessment
from cases.model.checklist import Checklist
from cases.model.contradictions import Rulings
from cases.model.field_types import (
    CaseId,
    CaseStage,
    Day,
    DocumentId,
    Entries,
    FieldGroup,
    Line,
    Phone,
    ProjectCode,
    RequiredLine,
    StageText,
    Text,
    Uscc,
    invalid_value,
    none_as_empty,
    one_of,
)
from cases.model.joint_review import JointReview
from cases.model.papers.anshan import Circular, Dispatches, Oversights
from cases.model.papers.coordination import Coordination
from cases.model.papers.jiaocheng import Rectifications
from cases.model.papers.jincheng import Consultation, Correction, Deliveries, JointSurvey, MaterialsNotice
from cases.model.papers.jinkai import Decisions
from cases.model.papers.portfolio import Portfolio
from cases.model.papers.yangcheng import AgentTeam, Assignment, Replacements
from cases.model.people import LeadingGroup
from cases.model.procedures import Procedures
from cases.model.progress import CaseProgress, Suspension
from cases.model.projects import Category, Listing, Projects, Situation
from cases.model.service_plan import ServicePlan
from cases.model.social_security import SocialSecurity
from cases.model.supervision import JointMeeting, Supervision
from cases.model.tasks import TaskForce, Tasks


class Project(FieldGroup):
    """项目. “一站式”机制 第五条: type, site, scale, content and funding must be known before a project starts."""

    name: RequiredLine = Field(title="项目名称")
    code: ProjectCode = Field(default=None, title="项目代码")
    plot: Line = Field(default=None, title="地块编号")
    type: Text = Field(default=None, title="项目类型")
    site: Text = Field(default=None, title="建设地点")
    scale: Text = Field(default=None, title="建设规模")
    content: Text = Field(default=None, title="建设内容")
    funding: Text = Field(default=None, title="资金来源")
    land: Text = Field(default=None, title="用地情况")
    category: Category = Field(default=None, title="清单类别")
    progress: Text = Field(default=None, title="形象进度")
    manager: Line = Field(default=None, title="项目经理")


class Enterprise(FieldGroup):
    """项目单位."""

    name: RequiredLine = Field(title="项目单位")
    uscc: Uscc = Field(default=None, title="统一社会信用代码")
    legal_representative: Line = Field(default=None, title="法定代表人")
    address: Text = Field(default=None, title="地址")


class Contact(FieldGroup):
    """项目联系人."""

    name: Line = Field(default=None, title="项目联系人")
    phone: Phone = Field(default=None, title="联系电话")


class Agency(FieldGroup):
    """“全代办”机构, the 审批部门; by default the name in the office's settings."""

    name: Line = Field(default=None, title="“全代办”机构名称")


class Manager(FieldGroup):
    """项目长 (管家, 代办员)."""

    name: Line = Field(default=None, title="项目长")
    phone: Phone = Field(default=None, title="项目长电话")


class Authorisation(FieldGroup):
    """委托: the stages and matters for which an enterprise authorises the office."""

    stage: StageText = Field(default=None, title="委托阶段")
    items: Entries = Field(default=(), title="委托事项")


#: 代办服务办结或终止单 of 阳政办函〔2026〕9号, 五(五): exactly one outcome, and 终止 for one of three printed reasons.
TERMINATED = "终止"
OUTCOMES = ("办结", TERMINATED)
TERMINATION_REASONS = (
    "因重大政策调整等原因无法完成审批",
    "企业主动提出要求终止",
    "企业不履行代办委托书中规定义务",
)
Outcome = Annotated[str | None, BeforeValidator(one_of({name: name for name in OUTCOMES}))]
TerminationReason = Annotated[
    str | None, BeforeValidator(one_of({name: name for name in TERMINATION_REASONS}))
]


class Handover(FieldGroup):
    """办结 (or 终止): what was finished and when, how it ended, and which papers were handed over."""

    outcome: Outcome = Field(default=None, title="办结或终止")
    reason: TerminationReason = Field(default=None, title="终止原因")
    stage: StageText = Field(default=None, title="完结阶段")
    date: Day = Field(default=None, title="完结日期")
    materials: Entries = Field(default=(), title="移交材料")

    @model_validator(mode="after")
    def _one_outcome(self) -> Handover:
        if self.outcome == "终止" and self.reason is None:
            raise invalid_value("是终止，但没有终止原因", f"填{'、'.join(TERMINATION_REASONS)}之一")
        if self.outcome != "终止" and self.reason is not None:
            raise invalid_value("写了终止原因，结果却不是终止", "结果改为终止，或删去终止原因")
        return self


class LedgerEntry(FieldGroup):
    """One line of the 台账."""

    date: Day = Field(default=None, title="时间")
    content: Text = Field(default=None, title="内容")
    completed: Text = Field(default=None, title="完成许可事项情况")

    @model_validator(mode="after")
    def _says_something(self) -> LedgerEntry:
        if self.date is None and self.content is None and self.completed is None:
            raise invalid_value("这一条台账是空的", "填写时间和内容，或删去这一条")
        return self


Ledger = Annotated[tuple[LedgerEntry, ...], BeforeValidator(none_as_empty)]


class Suggestion(FieldGroup):
    """工作建议表: due within three working days of 办结."""

    opinion: Text = Field(default=None, title="意见和建议")
    remark: Text = Field(default=None, title="备注")


_CONTACT, _AGENCY, _MANAGER, _PLAN = Contact(), Agency(), Manager(), ServicePlan()
_AUTHORISATION, _HANDOVER, _ASSESSMENT, _SUGGESTION = Authorisation(), Handover(), Assessment(), Suggestion()
_PROGRESS, _SUSPENSION = CaseProgress(), Suspension()
_GROUP, _REVIEW, _MEETING, _SUPERVISION = LeadingGroup(), JointReview(), JointMeeting(), Supervision()
_SOCIAL_SECURITY = SocialSecurity()
_CONSULTATION, _SURVEY, _NOTICE, _CORRECTION = Consultation(), JointSurvey(), MaterialsNotice(), Correction()
_SITUATION, _LISTING, _TASK_FORCE = Situation(), Listing(), TaskForce()

_CIRCULAR, _COORDINATION, _AGENTS, _ASSIGNMENT = Circular(), Coordination(), AgentTeam(), Assignment()
_PORTFOLIO = Portfolio()


class Case(FieldGroup):
    """One case, whole."""

    id: CaseId = Field(title="编号")
    document: DocumentId = Field(title="文件")
    stage: CaseStage = Field(default=None, title="阶段")
    project: Project = Field(title="项目")
    enterprise: Enterprise = Field(title="项目单位")
    # Empty groups are shared: they never change, and most of ten thousand cases leave most groups empty.
    contact: Contact = Field(default_factory=lambda: _CONTACT, title="联系人")
    agency: Agency = Field(default_factory=lambda: _AGENCY, title="“全代办”机构")
    manager: Manager = Field(default_factory=lambda: _MANAGER, title="项目长")
    plan: ServicePlan = Field(default_factory=lambda: _PLAN, title="服务方案")
    authorisation: Authorisation = Field(default_factory=lambda: _AUTHORISATION, title="委托")
    handover: Handover = Field(default_factory=lambda: _HANDOVER, title="办结")
    assessment: Assessment = Field(default_factory=lambda: _ASSESSMENT, title="研判")
    ledger: Ledger = Field(default=(), title="台账")
    suggestion: Suggestion = Field(default_factory=lambda: _SUGGESTION, title="工作建议")
    progress: CaseProgress = Field(default_factory=lambda: _PROGRESS, title="办理进度")
    suspension: Suspension = Field(default_factory=lambda: _SUSPENSION, title="中止")
    leading_group: LeadingGroup = Field(default_factory=lambda: _GROUP, title="领导小组")
    checklist: Checklist = Field(default=(), title="模拟清单")
    review: JointReview = Field(default_factory=lambda: _REVIEW, title="联审")
    joint_meeting: JointMeeting = Field(default_factory=lambda: _MEETING, title="联席会议")
    supervision: Supervision = Field(default_factory=lambda: _SUPERVISION, title="督办")
    social_security: SocialSecurity = Field(
        default_factory=lambda: _SOCIAL_SECURITY, title="被征地农民社会保障"
    )

    consultation: Consultation = Field(default_factory=lambda: _CONSULTATION, title="集体会商")
    survey: JointSurvey = Field(default_factory=lambda: _SURVEY, title="联合勘验论证")
    materials_notice: MaterialsNotice = Field(default_factory=lambda: _NOTICE, title="一次性告知")
    correction: Correction = Field(default_factory=lambda: _CORRECTION, title="补正")
    deliveries: Deliveries = Field(default=(), title="办结告知")
    agents: AgentTeam = Field(default_factory=lambda: _AGENTS, title="专职代办员")
    replacements: Replacements = Field(default=(), title="责任人变更")
    assignment: Assignment = Field(default_factory=lambda: _ASSIGNMENT, title="任务交办")
    coordination: Coordination = Field(default_factory=lambda: _COORDINATION, title="提请协调")
    dispatches: Dispatches = Field(default=(), title="调度")
    oversight: Oversights = Field(default=(), title="督查")
    circular: Circular = Field(default_factory=lambda: _CIRCULAR, title="推进情况通报")
    rectifications: Rectifications = Field(default=(), title="挂账整改")
    decisions: Decisions = Field(default=(), title="审批结果")
    portfolio: Portfolio = Field(default_factory=lambda: _PORTFOLIO, title="各项目汇总")

    procedures: Procedures = Field(default=(), title="手续")
    situation: Situation = Field(default_factory=lambda: _SITUATION, title="办理情况")
    projects: Projects = Field(default=(), title="项目清单")
    listing: Listing = Field(default_factory=lambda: _LISTING, title="清单说明")
    tasks: Tasks = Field(default=(), title="任务分工")
    task_force: TaskForce = Field(default_factory=lambda: _TASK_FORCE, title="工作专班")
    rulings: Rulings = Field(default=(), title="研判矛盾的处理")

    def with_agency(self, name: str | None) -> Case:
        """The same case with the office's own 机构名称 where it names none."""
        if self.agency.name is not None or name is None:
            return self
        return self.model_copy(update={"agency": Agency(name=name)})
