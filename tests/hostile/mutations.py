"""Files changed at random, by a seed: the same each time."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator

Change = Callable[[bytes, random.Random], bytes]


def _place(data: bytes, chance: random.Random) -> int:
    return chance.randrange(max(1, len(data)))


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bits are the other way round."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 8, 64))):
        changed[_place(data, chance)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return data[: _place(data, chance)]


def blanked(data: bytes, chance: random.Random) -> bytes:
    """A stretch of zeros, as a disk leaves it."""
    start = _place(data, chance)
    return data[:start] + bytes(min(512, len(data) - start)) + data[start + 512 :]


def repeated(data: bytes, chance: random.Random) -> bytes:
    """A stretch stands twice."""
    start, length = _place(data, chance), chance.choice((7, 300, 5000))
    return data[: start + length] + data[start:]


def renumbered(data: bytes, chance: random.Random) -> bytes:
    """Digits are others: lengths, offsets and sizes are wrong."""
    changed = bytearray(data)
    digits = [index for index, byte in enumerate(data) if 48 <= byte <= 57]
    for index in chance.sample(digits, min(len(digits), 12)):
        changed[index] = chance.choice(b"0123456789")
    return bytes(changed)


CHANGES: tuple[Change, ...] = (flipped, cut, blanked, repeated, renumbered)


def mutations(data: bytes, count: int, seed: int) -> Iterator[bytes]:
    """So many changed copies, one way after the other; of a zip, every second one changed inside a member."""
    chance = random.Random(seed)
    for number in range(count):
        change = CHANGES[number % len(CHANGES)]
        inside = data.startswith(b"PK\x03\x04") and number % 2
        yield _inside(data, change, chance) if inside else change(data, chance)


def _inside(data: bytes, change: Change, chance: random.Random) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = source.namelist()
        changed = chance.choice(names)
        for name in names:
            content = source.read(name)
            target.writestr(name, change(content, chance) if name == changed else content)
    return packed.getvalue()
