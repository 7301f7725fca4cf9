"""Reading back (回收核验): returned files into verdicts, filed and shown; :func:`verify` is the whole way."""

from typing import TYPE_CHECKING

from daiban.verifying.outcome import BatchReport, DocumentOutcome, FailedFile, UnplacedPage

if TYPE_CHECKING:
    from daiban.verifying.run import VerifyRequest, verify

__all__ = ["BatchReport", "DocumentOutcome", "FailedFile", "UnplacedPage", "VerifyRequest", "verify"]


def __getattr__(name: str) -> object:
    """The whole way is imported when it is asked for: who only shows what came of it needs no reader."""
    if name in ("VerifyRequest", "verify"):
        from daiban.verifying import run

        return getattr(run, name)
    raise AttributeError(name)
