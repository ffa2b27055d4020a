"""What does a learner see and press of CoreDNS?  Its start and stop, and what its Corefile says and who runs by it."""

from __future__ import annotations

from typing import Any

from playground.kube.dns.corefile import Caching, Corefile
from playground.kube.dns.reading import BadCorefile, Reading, read
from playground.kube.dns.servers import FILE, file_source, text_of
from playground.pages.facts import words
from playground.pages.facts.values import DROP, Badge, Button, Fact, Overview, Row

NAMESPACE, SERVICE, DEPLOYMENT = "kube-system", "kube-dns", "coredns"
REPLICAS = 2


def is_corefile(thing: Any) -> bool:
    return thing.kind == "ConfigMap" and thing.key == (NAMESPACE, DEPLOYMENT) and bool(text_of(thing))


def switch(running: Any, thing: Any) -> tuple[Row, ...]:
    """The button that stops or starts CoreDNS, where its Service or its Deployment is looked at."""
    deployment = running.store.get("Deployment", NAMESPACE, DEPLOYMENT)
    if deployment is None or (thing.kind, *thing.key) not in (("Service", NAMESPACE, SERVICE), ("Deployment", NAMESPACE, DEPLOYMENT)):
        return ()
    place = {"kind": "Deployment", "namespace": NAMESPACE, "name": DEPLOYMENT}
    if deployment.spec.get("replicas", 1):
        said = "Scale it to 0: it answers for 5 s more (lameduck), then kube-proxy rejects every query at once"
        return (Row("CoreDNS", (Button("scale", "Stop CoreDNS", place | {"replicas": 0}, said, "danger"),)),)
    return (Row("CoreDNS", (Button("scale", "Start CoreDNS", place | {"replicas": REPLICAS}, f"Scale it to {REPLICAS}", "primary"),)),)


def overview(running: Any, thing: Any) -> Overview:
    text = text_of(thing)
    try:
        found = read(text)
    except BadCorefile as bad:
        said = f"CoreDNS cannot read this Corefile, and goes on with what it had. {bad}."
        return Overview(sentence=said, badge=Badge(DROP, "cannot be read"), facts=_runners(running, thing, text))
    return Overview(sentence=_sentence(found.corefile), badge=None, facts=(*_facts(found), *_runners(running, thing, text)))


def _sentence(corefile: Corefile) -> str:
    when = f"each Pod looks every {corefile.reload} s whether it has changed" if corefile.reload else "a Pod reads it when it starts only"
    return f"The Corefile that CoreDNS runs by: {when}, and its kubelet brings a change within a minute."


def _facts(found: Reading) -> tuple[Fact, ...]:
    corefile = found.corefile
    return (
        Fact("Zones", words.listed(corefile.zones) or "none"),
        Fact("TTL", f"{corefile.ttl} s", note="of the answers for names of the cluster; glibc and musl keep no answer, other clients may"),
        Fact("Pod names", corefile.pods),
        Fact("Cache", *_cache(corefile)),
        Fact("Not followed here", words.listed(found.unread) or "nothing"),
    )


def _cache(corefile: Corefile) -> tuple[str, str, str]:
    """In a fact: the value, no link, and a note."""
    if corefile.caching is None:
        return "none", "", "every answer is of the moment"
    caching: Caching = corefile.caching
    exempt = [zone for zone in caching.success.exempt if zone in caching.denial.exempt]
    value = f"up to {caching.success.most} s, denials {caching.denial.most} s"
    if exempt:
        return f"{value}, but not {words.listed(exempt)}", "", "answers for these zones are of the moment; each Pod has a cache of its own"
    return value, "", "what has changed meanwhile is not seen; each Pod has a cache of its own"


def _runners(running: Any, thing: Any, text: str) -> tuple[Fact, ...]:
    pods = [pod for pod in running.store.list("Pod", thing.namespace) if file_source(pod.spec) == thing.name]
    same = sum(running.resolver.servers.runs_by(pod) == text for pod in pods)
    return (
        Fact(
            "Runs by it",
            f"{same} of {words.counted(len(pods), 'Pod')}",
            note=f"the others have an earlier {FILE}" if same < len(pods) else "",
        ),
    )
