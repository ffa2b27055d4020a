"""Which embed does somebody want, and what is to be copied for it?  A form of the options, with what it gives beside it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from playground.clusters import scenes
from playground.clusters.models import Cluster
from playground.embeds import links, options, snippets
from playground.embeds.gate import owner_view
from playground.embeds.models import ShareLink
from playground.embeds.sheets import sheet

HIDES = tuple((name, name.capitalize()) for name in options.HIDEABLE)


@require_safe
@owner_view
def build(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """?what= is `scene` or a share link of the cluster; the rest are options of the embed."""
    offered = list(links.of(cluster))
    scene = scenes.named(cluster.scene)
    link = next((each for each in offered if each.pk == request.GET.get("what")), None if scene else next(iter(offered), None))
    problem, chosen = "", options.Options()
    try:
        chosen = options.read(_asked(request.GET, link), options.OF_ALL if link else options.OF_A_BEGINNING)
    except options.BadOptions as bad:
        problem = str(bad)
    context = {
        "links": offered,
        "scene": scene,
        "link": link,
        "chosen": chosen,
        "problem": problem,
        "typed_seed": request.GET.get("seed", ""),
    }
    context |= {"hides": HIDES, "themes": options.THEMES, "title": "Embed in a page"}
    if link or scene:
        context["snippets"] = _snippets(request, cluster, link, chosen)
    return sheet(request, cluster, "embeds/_embed.html", context)


def _asked(typed: QueryDict, link: ShareLink | None) -> QueryDict:
    """A form sends each hidden part as a field of its own, and fields that were left empty."""
    asked = QueryDict(mutable=True)
    known = options.OF_ALL if link else options.OF_A_BEGINNING
    for name in known:
        value = ",".join(typed.getlist(name)) if name == "hide" else typed.get(name, "")
        if value:
            asked[name] = value
    return asked


def _snippets(request: HttpRequest, cluster: Cluster, link: ShareLink | None, chosen: options.Options) -> snippets.Snippets:
    origin = request.build_absolute_uri("/").rstrip("/")
    path = f"/embed/shared/{link.pk}/" if link else f"/embed/cluster/{cluster.scene}/"
    what = {"share": link.pk} if link else {"scene": cluster.scene}
    address = origin + path + (f"?{chosen.query}" if chosen.query else "")
    title = f"Switchyard: {cluster.title}"
    return snippets.Snippets(address, snippets.iframe(address, title), snippets.element(origin, what, chosen, title), address)
