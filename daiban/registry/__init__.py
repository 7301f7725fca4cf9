"""The registry (登记库): what was issued, where its fields are, what came back.

Everything in it is written and read as the types exported here; how a value is laid out in a column is nobody else's
business (:mod:`daiban.registry.tables`).
"""

from daiban.registry.batches import Batches, VerifiedBatch
from daiban.registry.decisions import Decision, DecisionKind, Decisions
from daiban.registry.facts import RecordedFile
from daiban.registry.issues import IssueRecord, IssueSummary, PaperKey, PrintedValues
from daiban.registry.registry import Registry
from daiban.registry.returns import (
    Generation,
    GenerationSummary,
    LatestReturn,
    PageContent,
    RecordedPage,
    Returns,
)

__all__ = [
    "Batches",
    "Decision",
    "DecisionKind",
    "Decisions",
    "Generation",
    "GenerationSummary",
    "IssueRecord",
    "IssueSummary",
    "LatestReturn",
    "PageContent",
    "PaperKey",
    "PrintedValues",
    "RecordedFile",
    "RecordedPage",
    "Registry",
    "Returns",
    "VerifiedBatch",
]
