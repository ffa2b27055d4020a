"""Which view answers which address?"""

from django.urls import URLPattern, include, path

from playground.pages.views import about, actions, adding, assistance, clusters, objects, requests, terminal

of_a_cluster: list[URLPattern] = [
    path("", clusters.playground, name="playground"),
    path("objects/", objects.table, name="objects"),
    path("objects/<str:kind>/<str:namespace>/<str:name>/", objects.inspector, name="inspector"),
    path("nodes/<str:node>/iptables.txt", objects.iptables, {"family": "IPv4"}, name="iptables"),
    path("nodes/<str:node>/ip6tables.txt", objects.iptables, {"family": "IPv6"}, name="ip6tables"),
    path("requests/", requests.table, name="requests"),
    path("requests/<int:number>/", requests.card, name="request"),
    path("what-if/", requests.what_if, name="what_if"),
    path("new/", adding.new, name="new"),
    path("proposal/", adding.proposal, name="proposal"),
    path("selector/", assistance.selector, name="selector"),
    path("selecting/", assistance.selecting, name="selecting"),
    path("lint/", assistance.lint, name="lint"),
    path("terminal/places/", terminal.choices, name="places"),
    path("terminal/completion/", terminal.completion, name="completion"),
    path("actions/<str:verb>/", actions.act, name="act"),
]

urlpatterns = [
    path("", clusters.home, name="home"),
    path("clusters/", clusters.clusters, name="clusters"),
    path("clusters/<str:id>/", include(of_a_cluster)),
    path("fidelity/", about.fidelity, name="fidelity"),
]
