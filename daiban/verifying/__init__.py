"""Reading back (回收核验): returned files into verdicts, filed and shown; :func:`verify` is the whole way."""

from daiban.verifying.outcome import BatchReport, DocumentOutcome, FailedFile, UnplacedPage
from daiban.verifying.run import VerifyRequest, verify

__all__ = ["BatchReport", "DocumentOutcome", "FailedFile", "UnplacedPage", "VerifyRequest", "verify"]
