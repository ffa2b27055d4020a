"""Who takes a connection? Django takes HTTP, the live room takes WebSockets of allowed origins."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
http = get_asgi_application()  # Sets Django up; what follows needs it.

from django.conf import settings  # noqa: E402

from playground import daphne_bounds  # noqa: E402
from playground.live.routing import websocket_urlpatterns  # noqa: E402
from playground.origins import OriginCheck  # noqa: E402

daphne_bounds.install(settings.LIMITS)
application = ProtocolTypeRouter({"http": http, "websocket": OriginCheck(URLRouter(websocket_urlpatterns))})
