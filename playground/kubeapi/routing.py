"""Which application answers which address of the API?"""

from django.urls import re_path

from playground.kubeapi.application import api
from playground.kubeapi.sockets import execute
from playground.kubeapi.tunnels import forward

http_urlpatterns = [re_path(r"^w/", api)]  # type: ignore[arg-type]
websocket_urlpatterns = [
    re_path(r"^w/.*/portforward/?$", forward),  # type: ignore[arg-type]
    re_path(r"^w/", execute),  # type: ignore[arg-type]
]
