"""What does each CoreDNS Pod answer?  Each is a process with a Corefile as it last read it, and a cache of its own.

Source: cmd/kubeadm/app/phases/addons/dns/manifests.go (the file comes from a ConfigMap, as a volume); coredns
plugin/reload (the file is looked at every so often, and read when it has changed; the cache begins empty then);
pkg/kubelet/kubelet.go (syncFrequency: a changed ConfigMap is written into volumes within a minute).
Simplified: a process that starts reads the ConfigMap as it is; without one, or with one that cannot be read, it answers by
the file that kubeadm ships, where the real one would not start. The interval of reload has no jitter.
"""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver.machinery import Machinery
from playground.kube.apiserver.objects import Object, Pod
from playground.kube.clock import SECOND
from playground.kube.dns.caching import Cache, aged, covers, lasting, served
from playground.kube.dns.corefile import Corefile, shipped
from playground.kube.dns.directory import Directory
from playground.kube.dns.message import FAMILIES, Answer, Dependency
from playground.kube.dns.reading import BadCorefile, read
from playground.kube.dns.records import Records, Upstream, no_upstream
from playground.kube.dns.walk import Query

RELOAD = "coredns.reload"
FILE = "Corefile"
WRITTEN_WITHIN = 60 * SECOND
KNOWN_KEPT, BOOKS_KEPT = 10_000, 16


class Reply(msgspec.Struct, frozen=True, gc=False):
    """The answers to both questions for a name; `ages` in seconds since they were cached, -1 for a fresh one, () if both are."""

    query: Query
    ages: tuple[int, ...] = ()


class Known(msgspec.Struct, frozen=True, gc=False):
    """The answers for a name as the records are now, and for how many seconds each may be cached, () if the cache has nothing to do with it."""

    reply: Reply
    lasts: tuple[int, ...] = ()


class Book:
    """All that servers with one Corefile know; what was looked up is kept until a record changes."""

    __slots__ = ("corefile", "known", "records")

    def __init__(self, corefile: Corefile, records: Records):
        self.corefile = corefile
        self.records = records
        self.known: dict[str, Known] = {}

    def learn(self, name: str) -> Known:
        caching = self.corefile.caching
        if caching is None or not covers(caching, name.lower()):
            return Known(Reply(Query(name, *(self.records.answer(name, type) for type in FAMILIES))))
        found = [self.records.ask(name, type) for type in FAMILIES]
        lasts = tuple(lasting(caching, name.lower(), answer) for answer in found)
        passed_on = [served(answer, ttl) if ttl else answer for answer, ttl in zip(found, lasts, strict=True)]
        return Known(Reply(Query(name, *passed_on)), lasts)


class Server:
    """One process: `text` is the Corefile that it runs with, "" for the one that kubeadm ships."""

    __slots__ = ("book", "cache", "pod", "starts", "text")

    def __init__(self, pod: Pod, text: str, book: Book):
        self.pod = pod
        self.starts = _starts(pod)
        self.text = text
        self.book = book
        self.cache = Cache()


class Servers:
    """The CoreDNS processes of a cluster. While it is `closed`, nothing is put into a cache."""

    def __init__(self, machinery: Machinery, upstream: Upstream):
        self._machinery = machinery
        self._store = machinery.store
        self._upstream = upstream
        self._shipped = shipped(machinery.settings.domain)
        self._directory = Directory(machinery, self._shipped)
        self._books: dict[Corefile, Book] = {}
        self._needing: dict[Dependency, list[tuple[Book, str]]] = {}
        self._count = 0
        self._servers: dict[str, Server] = {}
        self.closed = False
        self._directory.listen(self._changed)
        self._store.watch("ConfigMap", self._file_changed)
        machinery.clock.on(RELOAD, self._reload)

    # --- asking

    def ask(self, pod: Pod, name: str) -> Reply:
        """The answers of the CoreDNS in a Pod to A and AAAA for a name with its last dot."""
        server = self._servers.get(pod.uid)
        if server is None or server.pod is not pod:
            server = self._server(pod)
        known = server.book.known.get(name) or self._learn(server.book, name)
        if known.lasts:
            return self._through_cache(server, known)
        return self._continued(pod, known.reply) if _leads_out(known.reply.query) and server.book.corefile.caching else known.reply

    def answer(self, pod: Pod, name: str, type: str) -> Answer:
        """The whole message of the CoreDNS in a Pod to one question, for a name with its last dot."""
        if type in FAMILIES:
            reply = self.ask(pod, name)
            place = FAMILIES.index(type)
            found = (reply.query.ipv4, reply.query.ipv6)[place]
            if found.records or found.authority:
                return aged(found, reply.ages[place]) if reply.ages else found
        server = self._server(pod)
        return self._cached(server, (name.lower(), type), server.book.records.ask(name, type))

    def shuffles(self, pod: Pod) -> bool:
        """Whether the CoreDNS in a Pod gives several addresses in an order of chance."""
        return self._server(pod).book.corefile.shuffles

    def _cached(self, server: Server, key: tuple[str, str], fresh: Answer) -> Answer:
        """An answer of any type as its server gives it: one of the kubernetes plugin's reverse zones, or of a server upstream, may be kept."""
        caching, now = server.book.corefile.caching, self._machinery.now
        kept = server.cache.find(key, now)
        if kept is not None:
            return aged(kept.answer, (now - kept.at) // SECOND)
        lasts = lasting(caching, key[0], fresh) if caching and covers(caching, key[0]) else 0
        if not lasts:
            return fresh
        answer = served(fresh, lasts)
        if not self.closed:
            server.cache.keep(key, answer, lasts, now)
        return answer

    def _through_cache(self, server: Server, known: Known) -> Reply:
        now, fresh = self._machinery.now, known.reply.query
        answers: list[Answer] = []
        ages: list[int] = []
        for type, answer, lasts in zip(FAMILIES, (fresh.ipv4, fresh.ipv6), known.lasts, strict=True):
            key = fresh.name.lower(), type
            kept = server.cache.find(key, now)
            if kept is None and lasts and not self.closed:
                server.cache.keep(key, answer, lasts, now)
            answers.append(answer if kept is None else kept.answer)
            ages.append(-1 if kept is None else (now - kept.at) // SECOND)
        if ages == [-1, -1]:
            return known.reply
        same = answers[0] is fresh.ipv4 and answers[1] is fresh.ipv6
        return Reply(fresh if same else Query(fresh.name, *answers), tuple(ages))

    def _continued(self, pod: Pod, alias: Reply) -> Reply:
        """An alias that leads out of the cluster: the server asks itself for the other name, and so its cache (plugin/pkg/upstream)."""
        query = alias.query
        rest = self.ask(pod, query.ipv4.forwarded)
        ages = rest.ages or (-1, -1)
        answers = [
            _joined(first, second, max(age, 0))
            for first, second, age in zip((query.ipv4, query.ipv6), (rest.query.ipv4, rest.query.ipv6), ages, strict=True)
        ]
        return Reply(Query(query.name, *answers), rest.ages)

    def _learn(self, book: Book, name: str) -> Known:
        if self._count >= KNOWN_KEPT:
            for each in self._books.values():
                each.known.clear()
            self._needing, self._count = {}, 0
        known = book.known[name] = book.learn(name)
        query = known.reply.query
        for need in dict.fromkeys((*query.ipv4.needs, *query.ipv6.needs)):
            self._needing.setdefault(need, []).append((book, name))
        self._count += 1
        return known

    def _changed(self, need: Dependency) -> None:
        for book, name in self._needing.pop(need, ()):
            book.known.pop(name, None)

    # --- the processes and their files

    def runs_by(self, pod: Pod) -> str:
        """The text of the Corefile that the process in a Pod runs with, "" for the one that kubeadm ships."""
        server = self._servers.get(pod.uid)
        return server.text if server is not None and server.starts == _starts(pod) else self._text(pod)

    def _server(self, pod: Pod) -> Server:
        server = self._servers.get(pod.uid)
        if server is not None and server.starts == _starts(pod):
            server.pod = pod
            return server
        return self._start(pod, self._text(pod))

    def _start(self, pod: Pod, text: str) -> Server:
        self._servers = {uid: each for uid, each in self._servers.items() if self._store.by_uid(uid) is not None}
        server = self._servers[pod.uid] = Server(pod, text, self._book(text))
        return server

    def _book(self, text: str) -> Book:
        try:
            corefile = read(text).corefile if text else self._shipped
        except BadCorefile:
            corefile = self._shipped
        if corefile not in self._books:
            if len(self._books) >= BOOKS_KEPT:
                self._books = {each.book.corefile: each.book for each in self._servers.values()}
            upstream = self._upstream if corefile.forwards else no_upstream
            self._books[corefile] = Book(corefile, Records(self._machinery, corefile, upstream, self._directory))
        return self._books[corefile]

    def _text(self, pod: Pod) -> str:
        """What stands in the file of a process that starts now."""
        name = file_source(pod.spec)
        return text_of(self._store.get("ConfigMap", pod.namespace, name)) if name else ""

    def _file_changed(self, old: Object | None, new: Object | None) -> None:
        """The processes that run have the file as it was, until they look again. A deleted ConfigMap leaves the files as they are."""
        if new is None or text_of(old) == text_of(new):
            return
        for pod in self._store.list("Pod", new.namespace):
            if file_source(pod.spec) != new.name or not any(each.state == "running" for each in pod.state.containers):
                continue
            server = self._servers.get(pod.uid)
            if server is None or server.starts != _starts(pod):
                server = self._start(pod, text_of(old))
            interval = server.book.corefile.reload
            if interval:
                delay = self._machinery.chance.below(WRITTEN_WITHIN) + self._machinery.chance.below(interval * SECOND)
                self._machinery.clock.after(delay, RELOAD, pod.uid, server.starts)

    def _reload(self, uid: str, starts: int) -> None:
        """A process looks at its file; one that cannot be read leaves it as it is."""
        server, pod = self._servers.get(uid), self._store.by_uid(uid)
        if server is None or pod is None or not server.starts == starts == _starts(pod):
            return
        text = self._text(pod)
        if text in ("", server.text) or not _is_good(text):
            return
        server.text, server.book, server.cache = text, self._book(text), Cache()

    # --- saving

    def state(self) -> dict[str, Any]:
        """Only what a process that started now would not have."""
        found: dict[str, Any] = {}
        for uid, server in sorted(self._servers.items()):
            pod = self._store.by_uid(uid)
            if pod is None or _starts(pod) != server.starts:
                continue
            text, cache = server.text, server.cache.state(self._machinery.now)
            if text != self._text(pod) or any(cache):
                found[uid] = [text, cache]
        return found

    def restore(self, state: dict[str, Any]) -> None:
        for uid, (text, cache) in state.items():
            self._start(self._store.by_uid(uid), text).cache.restore(cache)


def _leads_out(query: Query) -> bool:
    """It is an alias, and what it stands for is asked upstream."""
    return query.ipv4.forwarded not in ("", query.name)


def _joined(alias: Answer, rest: Answer, age: int) -> Answer:
    """An alias with what it stands for, which was cached `age` seconds before; the cache gives all records the shortest TTL that is left."""
    own = tuple(record for record in alias.records if record.type == "CNAME")
    left = [record.ttl for record in own] + [record.ttl - age for record in rest.records]
    return served(msgspec.structs.replace(alias, records=(*own, *rest.records)), min(left) + age)


def file_source(spec: dict[str, Any]) -> str:
    """The ConfigMap that a Pod has a Corefile from, "" for none."""
    for volume in spec.get("volumes") or ():
        source = volume.get("configMap") or {}
        if source.get("name") and any(item.get("key") == FILE for item in source.get("items") or ({"key": FILE},)):
            return str(source["name"])
    return ""


def text_of(thing: Object | None) -> str:
    """The Corefile in a ConfigMap, "" for none."""
    data = (thing.rest.get("data") or {}) if thing is not None else {}
    return str(data.get(FILE) or "")


def _is_good(text: str) -> bool:
    try:
        read(text)
    except BadCorefile:
        return False
    return True


def _starts(pod: Pod) -> int:
    return sum(container.restarts for container in pod.state.containers)
