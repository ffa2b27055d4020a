"""Who takes a connection? Django takes HTTP but for the Kubernetes API, the live room takes WebSockets of allowed origins."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
http = get_asgi_application()  # Sets Django up; what follows needs it.

from django.conf import settings  # noqa: E402

from playground import daphne_bounds  # noqa: E402
from playground.kubeapi import routing as kubeapi  # noqa: E402
from playground.live.routing import websocket_urlpatterns  # noqa: E402
from playground.origins import OriginCheck  # noqa: E402

daphne_bounds.install(settings.LIMITS)
application = ProtocolTypeRouter(
    {
        "http": URLRouter([*kubeapi.http_urlpatterns, re_path(r"", http)]),  # type: ignore[arg-type]
        # kubectl says no origin: there the key alone counts.
        "websocket": URLRouter([*kubeapi.websocket_urlpatterns, re_path(r"", OriginCheck(URLRouter(websocket_urlpatterns)))]),  # type: ignore[arg-type]
    }
)
