"""The workspace of issued documents that the simulator's tests use too."""

from tests.simulator.conftest import issued

__all__ = ["issued"]
