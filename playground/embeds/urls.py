"""Which view answers which address?"""

from django.urls import path

from playground.embeds.views import building, frames, loader, oembed, sharing

of_a_cluster = [
    path("share/", sharing.share, name="share"),
    path("share/withdraw/", sharing.withdraw, name="withdraw"),
    path("embed/", building.build, name="embed"),
]

urlpatterns = [
    path("embed/cluster/<str:scene>/", frames.ready, name="embed_ready"),
    path("embed/lesson/<str:name>/", frames.lesson, name="embed_lesson"),
    path("embed/lesson/<str:name>/<str:step>/", frames.lesson, name="embed_step"),
    path("embed/shared/<str:link>/", frames.shared, name="embed_shared"),
    path("shared/<str:link>/", sharing.look, name="shared"),
    path("embed.js", loader.loader, name="loader"),
    path("embed.1.js", loader.loader, name="loader_1"),
    path("oembed", oembed.oembed, name="oembed"),
]
