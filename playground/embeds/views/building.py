"""Which embed does somebody want, and what is to be copied for it?  A form of the options, with what it gives beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from playground.clusters.models import Cluster
from playground.embeds import links, openings, options, snippets
from playground.embeds.gate import owner_view
from playground.embeds.sheets import sheet

HIDES = tuple((name, name.capitalize()) for name in options.HIDEABLE)


@require_safe
@owner_view
def build(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    """?what= is `scene` or a share link of the cluster; ?step= one of a lesson's; the rest are options of the embed."""
    offered = list(links.of(cluster))
    thing, what = _thing(cluster, [each.pk for each in offered], request.GET)
    context: dict[str, Any] = {"title": "Embed in a page", "links": offered, "what": what, "typed_seed": request.GET.get("seed", "")}
    context |= {"hides": HIDES, "themes": options.THEMES, "languages": options.languages(), "chosen": options.Options()}
    context["begins"] = _beginning(cluster)
    if thing is not None:
        try:
            context["chosen"] = options.read(_asked(request.GET, thing), thing.options)
        except options.BadOptions as bad:
            context["problem"] = str(bad)
        context["snippets"] = _snippets(request, thing, what, context["chosen"])
    return sheet(request, cluster, "embeds/_embed.html", context)


def _thing(cluster: Cluster, own: list[str], typed: QueryDict) -> tuple[openings.Ready | openings.Shared | None, dict[str, str]]:
    """What is to be shown, and the element's attributes that say so: a link that was chosen, or how the cluster begins, or any link."""
    link = typed.get("what", "")
    if link in own:
        return openings.Shared(link), {"share": link}
    beginning = _beginning(cluster, typed.get("step", ""))
    if isinstance(beginning, openings.Lesson):
        step = {"step": beginning.step.id} if beginning.step else {}
        return beginning, {"lesson": beginning.lesson, **step}
    if beginning is not None:
        return beginning, {"scene": beginning.scene}
    return (openings.Shared(own[0]), {"share": own[0]}) if own else (None, {})


def _beginning(cluster: Cluster, step: str = "") -> openings.Ready | None:
    """What the cluster began as, if that still exists."""
    try:
        return openings.Lesson(cluster.lesson, step) if cluster.lesson else openings.Ready(cluster.scene)
    except KeyError:
        return None


def _asked(typed: QueryDict, thing: openings.Ready | openings.Shared) -> QueryDict:
    """A form sends each hidden part as a field of its own, and fields that were left empty."""
    asked = QueryDict(mutable=True)
    for name in thing.options:
        value = ",".join(typed.getlist(name)) if name == "hide" else typed.get(name, "")
        if value:
            asked[name] = value
    return asked


def _snippets(
    request: HttpRequest, thing: openings.Ready | openings.Shared, what: dict[str, str], chosen: options.Options
) -> snippets.Snippets:
    origin = request.build_absolute_uri("/").rstrip("/")
    address = origin + thing.path + (f"?{chosen.query}" if chosen.query else "")
    title = f"Switchyard: {thing.titled(chosen)}"
    return snippets.Snippets(address, snippets.iframe(address, title), snippets.element(origin, what, chosen, title), address)
