"""What is asked of the API of one cluster?  A request, whose cluster it means, and whether whoever asks may change it."""

from __future__ import annotations

from playground.clusters.models import Cluster
from playground.rest import exchange


class Request(exchange.Request, frozen=True):
    cluster: Cluster
    writes: bool
