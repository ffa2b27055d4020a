"""What do the tests of the socket stand on?  The same as those of the door."""

from tests.clusters.conftest import cluster, elsewhere, here, limits

__all__ = ["cluster", "elsewhere", "here", "limits"]
