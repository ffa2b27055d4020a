"""Which application answers which WebSocket address?"""

from django.urls import path

from playground.live.consumer import live

websocket_urlpatterns = [path("clusters/<str:id>/live", live)]  # type: ignore[arg-type]
