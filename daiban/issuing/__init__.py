"""Issuing (出具): which documents a workspace's cases call for, made, recorded and published.

``plan`` decides, ``workshop`` makes, ``publishing`` records and puts in place; :func:`generate` is the whole way.
"""

from daiban.issuing.result import FailedItem, GenerateResult, IssuedItem
from daiban.issuing.run import GenerateRequest, generate

__all__ = ["FailedItem", "GenerateRequest", "GenerateResult", "IssuedItem", "generate"]
