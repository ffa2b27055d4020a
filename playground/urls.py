"""Which room answers which address?"""

from django.urls import include, path

from playground import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("", include("playground.pages.urls")),
]

handler400 = "playground.pages.views.errors.bad_request"
handler403 = "playground.pages.views.errors.forbidden"
handler404 = "playground.pages.views.errors.missing"
handler500 = "playground.pages.views.errors.failed"
