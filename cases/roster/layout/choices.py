"""Lists of choices that the case model knows, by the name under which a column's ``choices_from`` asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from cases.model.case import OUTCOMES, TERMINATION_REASONS
from cases.model.joint_review import REVIEW_OUTCOMES, VERDICTS
from cases.model.papers.jincheng import CONSULTATION_MODES, SURVEY_KINDS
from cases.model.progress import SUSPENSION_REASONS
from cases.model.projects import CATEGORIES
from cases.values.documents import DOCUMENTS
from cases.values.stages import STAGE_LABELS

CHOICES: Mapping[str, tuple[str, ...]] = {
    "documents": tuple(DOCUMENTS),
    "stages": STAGE_LABELS,
    "outcomes": OUTCOMES,
    "termination_reasons": TERMINATION_REASONS,
    "suspension_reasons": tuple(str(number) for number in range(1, SUSPENSION_REASONS + 1)),
    "verdicts": VERDICTS,
    "review_outcomes": REVIEW_OUTCOMES,
    "project_categories": CATEGORIES,
    "consultation_modes": CONSULTATION_MODES,
    "survey_kinds": SURVEY_KINDS,
}
