"""Issuing (出具): which documents a workspace's cases call for, made, recorded and published.

``plan`` decides, ``workshop`` makes, ``publishing`` records and puts in place; :func:`generate` is the whole way.
"""

from daiban.issuing.outcome import FailedItem, IssuedItem, Outcome
from daiban.issuing.run import Request, generate

__all__ = ["FailedItem", "IssuedItem", "Outcome", "Request", "generate"]
