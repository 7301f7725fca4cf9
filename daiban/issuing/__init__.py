"""Issuing (出具): which documents a workspace's cases call for, made, recorded and published.

``selection`` decides, ``layout_workers`` makes, ``publishing`` records and puts in place, ``set_aside`` keeps what
people made of older files; :func:`generate` is the whole way.
"""

from daiban.issuing.result import FailedItem, GenerateResult, IssuedItem, PlannedItem
from daiban.issuing.run import GenerateRequest, generate
from daiban.issuing.selection import Reissue

__all__ = [
    "FailedItem",
    "GenerateRequest",
    "GenerateResult",
    "IssuedItem",
    "PlannedItem",
    "Reissue",
    "generate",
]
