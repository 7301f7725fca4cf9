"""The registry (登记库): what was issued, where its fields are, what came back.

Everything in it is written and read as the types exported here; how a value is laid out in a column is nobody else's
business (:mod:`daiban.registry.tables`).
"""

from daiban.registry.batches import Batches, VerifiedBatch
from daiban.registry.decisions import Answer, Decision, DecisionKind, Decisions, standing
from daiban.registry.facts import RecordedFile
from daiban.registry.issues import IssueRecord, IssueSummary, PaperKey, PrintedValues
from daiban.registry.queue import QueueFilter, QueueQueries, QueueRow
from daiban.registry.registry import Registry
from daiban.registry.returns import (
    Generation,
    GenerationSummary,
    LatestReturn,
    PageContent,
    RecordedPage,
    Returns,
)
from daiban.registry.rulings import GivenAnswer, Queue, ReturnRuling, ruling
from daiban.registry.unplaced import UnplacedPages, UnplacedRecord, page_number, page_subject

__all__ = [
    "Answer",
    "Batches",
    "Decision",
    "DecisionKind",
    "Decisions",
    "Generation",
    "GenerationSummary",
    "GivenAnswer",
    "IssueRecord",
    "IssueSummary",
    "LatestReturn",
    "PageContent",
    "PaperKey",
    "PrintedValues",
    "Queue",
    "QueueFilter",
    "QueueQueries",
    "QueueRow",
    "RecordedFile",
    "RecordedPage",
    "Registry",
    "ReturnRuling",
    "Returns",
    "UnplacedPages",
    "UnplacedRecord",
    "VerifiedBatch",
    "page_number",
    "page_subject",
    "ruling",
    "standing",
]
