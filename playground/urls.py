"""Which room answers which address?"""

from django.urls import include, path

from playground import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("playground.pages.urls")),
]
