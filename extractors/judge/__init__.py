"""What the observations mean for a form: findings and a verdict."""

from extractors.judge.case import CaseMember, judge_case, with_findings
from extractors.judge.document import judge

__all__ = ["CaseMember", "judge", "judge_case", "with_findings"]
