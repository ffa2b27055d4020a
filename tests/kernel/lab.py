"""Two Nodes, four Pods and two clients of a real kernel: how are they wired, and who answers whom?

A fabric with a silent gateway joins the Nodes and clients; each Pod has a veth of its own to its Node, and is reached by a route.
"""

from __future__ import annotations

import errno
import selectors
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from itertools import cycle
from typing import NamedTuple

from tests.kernel.namespaces import Namespace
from tests.kube.kubeproxy.scenarios import CLIENTS, GATEWAYS, NODES, POD_NETWORK, PODS, TARGETS, Scenario, node_of

GATEWAY = "192.168.50.1"
RANGES = {"node-a": "10.244.1.0/24", "node-b": "10.244.2.0/24"}
PATIENCE = 5.0
SILENCE = 0.2
# Taken in turn: a port that is used again soon would find what connection tracking remembers of its last use.
CLIENT_PORTS = range(33_000, 61_000)
# What the network of Pods does beside kube-proxy.
LEAVING = f"*nat\n-A POSTROUTING -s {POD_NETWORK} ! -d {POD_NETWORK} -j MASQUERADE --random-fully\nCOMMIT\n"
SETTINGS = {
    "net.ipv4.ip_forward": "1",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv4.conf.all.route_localnet": "1",
    "net.ipv4.conf.all.send_redirects": "0",
    "net.ipv4.conf.default.send_redirects": "0",
    "net.ipv4.icmp_ratelimit": "0",
}


class Answer(NamedTuple):
    """`outcome` is ok, refused, timeout or the name of another error; if ok, the Pod that answered and the sender that it saw."""

    outcome: str
    pod: str = ""
    seen: str = ""


class Call(NamedTuple):
    """A connection from a Pod, Node or client. `patience` is how long to wait for an answer, in seconds."""

    place: str
    ip: str
    port: int
    patience: float = PATIENCE


class Lab:
    """`family` is that of its sockets, `saver` the program that prints the rules of a Node."""

    family = socket.AF_INET
    saver = "iptables-save"

    def __init__(self) -> None:
        self._fabric = Namespace()
        self._at = {place: Namespace() for place in (*NODES, *CLIENTS, *PODS)}
        self._ports = {place: cycle(CLIENT_PORTS) for place in self._at}
        self._wire()
        self._served = selectors.DefaultSelector()
        self._closing = False
        self._listen()
        self._server = threading.Thread(target=self._serve, daemon=True)
        self._server.start()
        self._settle()

    def dress(self, made: Scenario) -> Scenario:
        """A scenario as this lab plays it."""
        return made

    def load(self, made: Scenario) -> None:
        """Both Nodes take over the rules of a scenario, in the form that iptables-save prints."""
        for node in NODES:
            self._at[node].run("iptables-restore", text=made.ruleset(node).save())
            self._at[node].run("iptables-restore", "--noflush", text=LEAVING)

    def saved(self, node: str) -> dict[str, list[str]]:
        """The rules of kube-proxy that the kernel of a Node has, by table, as iptables-save prints them."""
        tables: dict[str, list[str]] = {}
        for line in self._at[node].run(self.saver).splitlines():
            if line.startswith("*"):
                rules = tables.setdefault(line[1:], [])
            elif line.startswith("-A ") and "KUBE-" in line:
                rules.append(line)
        return tables

    def ask(self, calls: list[Call]) -> list[Answer]:
        """Make connections, all at once; what came of each."""
        waiting = selectors.DefaultSelector()
        answers: dict[int, Answer] = {}
        began = time.monotonic()
        for number, call in enumerate(calls):
            client = self._connect(call)
            if isinstance(client, Answer):
                answers[number] = client
            else:
                waiting.register(client, selectors.EVENT_WRITE, number)
        while len(answers) < len(calls):
            for key, events in waiting.select(0.02):
                answer = _progress(waiting, key, events)
                if answer is not None:
                    answers[key.data] = answer
            passed = time.monotonic() - began
            for key in [key for key in waiting.get_map().values() if passed > calls[key.data].patience]:
                answers[key.data] = Answer("timeout")
                _finish(waiting, key)
        waiting.close()
        return [answers[number] for number in range(len(calls))]

    def inside(self, place: str) -> AbstractContextManager[None]:
        """The calling thread is where a Pod, Node or client is: sockets that it makes stay there."""
        return self._at[place].inside()

    def close(self) -> None:
        self._closing = True
        self._server.join()
        for key in [*self._served.get_map().values()]:
            _finish(self._served, key)
        for space in (self._fabric, *self._at.values()):
            space.close()

    # --- wiring

    def _wire(self) -> None:
        hosts = {**NODES, **CLIENTS}
        links = [f"link add {place} type veth peer name eth0 netns {self._at[place].path}" for place in hosts]
        joined = [f"link set {place} master br0 up" for place in hosts]
        bridge = ["link set lo up", "link add br0 type bridge", f"addr add {GATEWAY}/24 dev br0", "link set br0 up"]
        self._ip(self._fabric, *bridge, *links, *joined)
        for place, ip in hosts.items():
            way = GATEWAY if place in NODES else NODES[node_of(place)]
            self._ip(self._at[place], "link set lo up", f"addr add {ip}/24 dev eth0", "link set eth0 up", f"route add default via {way}")
        for node in NODES:
            for name, value in SETTINGS.items():
                self._at[node].set(name, value)
            self._wire_pods(node)
            others = [f"route add {RANGES[other]} via {ip}" for other, ip in NODES.items() if other != node]
            self._ip(self._at[node], *others)

    def _wire_pods(self, node: str) -> None:
        for pod in (each for each in PODS if node_of(each) == node):
            made = f"link add v-{pod} type veth peer name eth0 netns {self._at[pod].path}"
            own = f"route add {PODS[pod]}/32 dev v-{pod} src {NODES[node]}"
            self._ip(self._at[node], made, f"addr add {GATEWAYS[node]}/32 dev v-{pod}", f"link set v-{pod} up", own)
            way = [f"route add {GATEWAYS[node]} dev eth0 scope link", f"route add default via {GATEWAYS[node]}"]
            self._ip(self._at[pod], "link set lo up", f"addr add {PODS[pod]}/32 dev eth0", "link set eth0 up", *way)

    def _ip(self, space: Namespace, *commands: str) -> None:
        space.run("ip", "-batch", "-", text="\n".join(commands) + "\n")

    def _settle(self) -> None:
        """The kernel sets links up at most once a second: wait until all Pods answer all, and Nodes refuse."""
        places = (*PODS, *CLIENTS)
        calls = [Call(place, ip, TARGETS[0], 0.2) for place in places for ip in PODS.values() if place in PODS]
        calls += [Call(place, ip, 9, 0.2) for place in places for ip in NODES.values()]
        until = time.monotonic() + PATIENCE
        while any(answer.outcome == "timeout" for answer in self.ask(calls)):
            if time.monotonic() > until:
                raise RuntimeError("the lab's links do not come up")

    # --- talking

    def _listen(self) -> None:
        for pod in PODS:
            for port in TARGETS:
                with self._at[pod].inside():
                    server = socket.create_server(("", port), family=self.family, backlog=512)
                server.setblocking(False)
                self._served.register(server, selectors.EVENT_READ, pod)

    def _serve(self) -> None:
        """Each Pod says its name, and whom it sees."""
        while not self._closing:
            for key, _ in self._served.select(0.05):
                server = key.fileobj
                assert isinstance(server, socket.socket)
                try:
                    client, (seen, *_) = server.accept()
                    client.sendall(f"{key.data} {seen}".encode())
                    client.close()
                except OSError:
                    continue  # the client gave up before

    def _connect(self, call: Call) -> socket.socket | Answer:
        with self._at[call.place].inside():
            client = socket.socket(self.family)
        client.setblocking(False)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        client.bind(("", next(self._ports[call.place])))
        number = client.connect_ex((call.ip, call.port))
        if number in (0, errno.EINPROGRESS):
            return client
        client.close()
        return _failed(number)


def _progress(waiting: selectors.BaseSelector, key: selectors.SelectorKey, events: int) -> Answer | None:
    client = key.fileobj
    assert isinstance(client, socket.socket)
    if events & selectors.EVENT_WRITE:
        number = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            _finish(waiting, key)
            return _failed(number)
        waiting.modify(client, selectors.EVENT_READ, key.data)
        return None
    try:
        pod, seen = client.recv(100).decode().split()
        answer = Answer("ok", pod, seen)
    except OSError as error:
        answer = _failed(error.errno or 0)
    _finish(waiting, key)
    return answer


def _failed(number: int) -> Answer:
    return Answer("refused" if number == errno.ECONNREFUSED else errno.errorcode.get(number, str(number)))


def _finish(waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    waiting.unregister(key.fileobj)
    assert isinstance(key.fileobj, socket.socket)
    key.fileobj.close()


def chains(lines: Iterable[str]) -> dict[str, list[str]]:
    """Rules by the chain that they are in."""
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.split(" ")[1], []).append(line)
    return found
