"""Which room answers which address?"""

from django.urls import include, path

from playground import health
from playground.embeds.urls import of_a_cluster
from playground.kubeapi import views as kubeapi

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("clusters/<str:id>/kubeconfig", kubeapi.download, name="kubeconfig"),
    path("clusters/<str:id>/", include(of_a_cluster)),
    path("", include("playground.courses.urls")),
    path("", include("playground.embeds.urls")),
    path("", include("playground.pages.urls")),
]

handler400 = "playground.pages.errors.bad_request"
handler403 = "playground.pages.errors.forbidden"
handler404 = "playground.pages.errors.missing"
handler500 = "playground.pages.errors.failed"
