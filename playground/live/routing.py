"""Which application answers which WebSocket address?"""

from django.urls import path

from playground.live.consumer import live
from playground.live.terminal import terminal

websocket_urlpatterns = [
    path("clusters/<str:id>/live", live),  # type: ignore[arg-type]
    path("clusters/<str:id>/terminal", terminal),  # type: ignore[arg-type]
]
