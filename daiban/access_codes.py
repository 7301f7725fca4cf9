"""Access codes (访问码): with one an enterprise enters the page of its own case, and no other.

A code is random and shown once, when it is made; on record stands only a keyed hash of it (the registry's own key), as
a decision of whoever let the enterprise in. It ends by itself, and a person can end it before; a case may have several,
so that a paper that is out stays good when another packet is made.

Twelve letters of 24 are 55 bits: guessing at the bounded rate of a page hits none, however many cases there are. The
24 are those that nobody takes for another, in print or in handwriting: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U (V stays).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from daiban.office import Office
from daiban.registry import Decision, Registry
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel, Timestamp

ALPHABET = "34679ACDEFGHJKMNPQRTVWXY"
LENGTH = 12
_GROUP = 4
_PURPOSE = b"access-code"


class NewAccessCode(FrozenModel):
    """A code that was just made: the only time its ``letters`` are known. ``address``: the page to open, with the code
    in the part that no browser sends to a server; empty where the settings name no page.
    """

    case: str
    letters: str
    expires_at: Timestamp
    address: str = ""


class AccessCodeStatus(FrozenModel):
    """One code on record, without its letters, which nobody has any more."""

    made_at: Timestamp
    expires_at: Timestamp
    by: str
    state: Literal["stands", "expired", "withdrawn"]


class AccessCodes(FrozenModel):
    """The codes of a case, from old to new. ``made``: one that was made just now; ``withdrawn``: how many were ended
    just now.
    """

    case: str
    codes: tuple[AccessCodeStatus, ...]
    made: NewAccessCode | None = None
    withdrawn: int = 0

    def after(self, withdrawn: int, made: NewAccessCode | None) -> AccessCodes:
        """The same with what was done."""
        return self.model_copy(update={"withdrawn": withdrawn, "made": made})


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a code on record lets in to. ``digest``: of the code, by which it is found again."""

    case_id: str
    digest: str
    made_at: dt.datetime
    expires_at: dt.datetime
    by: str
    withdrawn_at: dt.datetime | None = None

    def stands(self, now: dt.datetime) -> bool:
        """Whether it lets anybody in at this time."""
        return self.withdrawn_at is None and now < self.expires_at


def make_code(office: Office, registry: Registry, case_id: str, *, by: str, reason: str) -> NewAccessCode:
    """A new code for a case, on record from now on."""
    now = dt.datetime.now(dt.UTC)
    expires = now + dt.timedelta(days=office.settings.page.code_days)
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    made = Decision(
        case_id=case_id,
        kind="admit",
        subject=_digest(letters, registry.mark_key()),
        outcome=expires.isoformat(),
        reason=reason,
        by=by,
        at=now,
    )
    registry.decisions.record(made)
    shown = "-".join(letters[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))
    return NewAccessCode(
        case=case_id, letters=shown, expires_at=expires, address=office.settings.page.entrance(shown)
    )


def issue_code(office: Office, case_id: str, *, by: str, reason: str) -> NewAccessCode:
    """The same for a case of an office. The workspace is not locked for it: a row is added, and nobody who asks for a
    code waits for a batch to end.

    :raises UsageError: no such case, or nothing of any went out yet. :raises NotWritableError: the registry is locked
    or cannot be written.
    """
    office.require_cases([case_id])
    with office.registry() as registry:
        if registry is None:
            raise UsageError(Problem(case_id, "还没有出具过文书", advice="先出具，再发访问码"))
        return make_code(office, registry, case_id, by=by, reason=reason)


def withdraw_codes(office: Office, case_id: str, *, by: str, reason: str) -> int:
    """End every code of a case that stands; how many there were. Nor does this lock the workspace.

    :raises NotWritableError: the registry is locked or cannot be written.
    """
    now = dt.datetime.now(dt.UTC)
    with office.registry() as registry:
        standing = [one for one in codes_of(registry, case_id) if one.stands(now)] if registry else []
        for one in standing:
            assert registry is not None
            registry.decisions.record(
                Decision(case_id=case_id, kind="bar", subject=one.digest, reason=reason, by=by, at=now)
            )
    return len(standing)


def admission(registry: Registry, typed: str, now: dt.datetime | None = None) -> Admission | None:
    """What somebody may enter who typed this; None for whatever does not stand: no code of ours, ended, withdrawn."""
    letters = folded(typed)
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return None
    return admission_of(registry, _digest(letters, registry.mark_key()), now)


def admission_of(registry: Registry, digest: str, now: dt.datetime | None = None) -> Admission | None:
    """The same by the digest that a session holds, asked anew at every request: a code may have been ended since."""
    found = next(iter(_admissions(registry.decisions.about(digest))), None)
    return found if found is not None and found.stands(now or dt.datetime.now(dt.UTC)) else None


def access_codes(office: Office, case_id: str) -> AccessCodes:
    """Every code a case ever had, for people.

    :raises UsageError: no such case, now or on record.
    """
    now = dt.datetime.now(dt.UTC)
    with office.registry() as registry:
        found = codes_of(registry, case_id) if registry is not None else []
    if not found:
        office.require_cases([case_id])
    return AccessCodes(case=case_id, codes=tuple(_status(one, now) for one in found))


def _status(one: Admission, now: dt.datetime) -> AccessCodeStatus:
    ended: Literal["expired", "withdrawn"] = "expired" if one.withdrawn_at is None else "withdrawn"
    state = "stands" if one.stands(now) else ended
    return AccessCodeStatus(made_at=one.made_at, expires_at=one.expires_at, by=one.by, state=state)


def codes_of(registry: Registry, case_id: str) -> list[Admission]:
    """Every code a case ever had, in the order they were made."""
    return _admissions(registry.decisions.of_case(case_id))


def folded(typed: str) -> str:
    """The letters of what was typed: any width and case, with or without dashes and spaces."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in text if letter.isalnum())


def _admissions(decisions: Iterable[Decision]) -> list[Admission]:
    found: dict[str, Admission] = {}
    for one in decisions:
        if one.kind == "admit" and one.outcome is not None:
            found[one.subject] = Admission(
                case_id=one.case_id,
                digest=one.subject,
                made_at=one.at,
                expires_at=dt.datetime.fromisoformat(one.outcome),
                by=one.by,
            )
        elif one.kind == "bar" and one.subject in found:
            found[one.subject] = replace(found[one.subject], withdrawn_at=one.at)
    return list(found.values())


def _digest(letters: str, key: bytes) -> str:
    own_key = hmac.digest(key, _PURPOSE, hashlib.sha256)
    return hmac.new(own_key, letters.encode("ascii"), hashlib.sha256).hexdigest()
