"""Work beside the server's own, in a thread, for as long as a block runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def beside(work: Callable[[threading.Event], None], *, name: str, patience_s: float = 0.0) -> Iterator[None]:
    """Run ``work`` meanwhile. It is given the event by which it is told to end; at the end of the block it is waited
    for so long, and not held up by any longer.
    """
    ending = threading.Event()
    thread = threading.Thread(target=work, args=(ending,), name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(patience_s)
