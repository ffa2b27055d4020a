"""Which application answers which address of the API?"""

from django.urls import re_path

from playground.kubeapi.application import api

http_urlpatterns = [re_path(r"^w/", api)]  # type: ignore[arg-type]
