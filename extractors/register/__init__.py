"""A returned page brought into the frame of its original."""

from extractors.register.page import register

__all__ = ["register"]
