"""How does a learner run something in a container?  `kubectl exec` and `attach`: a session of the simulated shell behind a WebSocket.

Source: pkg/registry/core/pod/rest/subresources.go (ExecREST, AttachREST), kubelet pkg/cri/streaming/remotecommand.
A command that the API server refuses has no WebSocket: kubectl then asks again by POST, and is answered with a Status. What a kubelet refuses
is said in the WebSocket (apiserver pkg/util/proxy/streamtranslator.go).
Simplified: to attach to a container that takes input begins its command anew, for there is no program behind the first one; with
its end, the container's ends too. Of any other container one sees what it prints from now on.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from playground.clusters import looks
from playground.clusters.driving import Door
from playground.kube.actions import Crash
from playground.kube.cluster import Cluster as Kube
from playground.kube.errors import Refusal, bad_request
from playground.kubeapi import channels, logs, writing
from playground.kubeapi.exchange import Request
from playground.kubeapi.streams import Stream
from playground.rest import reading
from playground.rest.exchange import not_there
from playground.rest.paths import Target, target
from playground.terminal.sessions import Container, NoProgram, Session, start

INTERNAL = 500
logger = logging.getLogger(__name__)
JSON = dict[str, Any]


class Presence(Stream):
    """As long as a session runs, somebody watches its cluster."""

    def hear(self, kube: Any, run: str) -> None:
        pass


class Begun:
    """What goes on: a session; or without one what a container prints (`presence`), or only why there is none (`why`, in the container runtime's words)."""

    def __init__(
        self,
        request: Request,
        presence: Stream,
        session: Session | None = None,
        why: str = "",
        attached: Container | None = None,
    ):
        self.presence, self.session, self.why = presence, session, why
        self.door = Door(request.cluster, writing.LIMITS)
        self.attached = attached


def refusal(request: Request, kube: Kube, aim: Target) -> Refusal:
    """What is answered to who comes without a WebSocket: why there could be none, or that one is needed."""
    try:
        _session(request, kube, aim)
    except Refusal as refused:
        return refused
    except NoProgram:
        pass
    return bad_request("Upgrade request required")


def begin(request: Request, loop: asyncio.AbstractEventLoop) -> Begun:
    """Raises Refusal."""
    with looks.alone(request.cluster), looks.at(request.cluster) as kube:
        aim = target(request.path, kube)
        attaches = aim.subresource == "attach"
        try:
            session = _session(request, kube, aim)
        except NoProgram as missing:
            return Begun(request, Presence(request.cluster, loop), why=str(missing))
        except Refusal as refused:
            if refused.code != INTERNAL:
                raise
            return Begun(request, Presence(request.cluster, loop), why=refused.message)
        if attaches and not _spec(request, kube, aim).get("stdin"):
            return Begun(request, logs.follow(request, kube, aim, loop))
        if not request.flag("stdin"):
            session.close_input()
        return Begun(request, Presence(request.cluster, loop), session, attached=session.container if attaches else None)


def _session(request: Request, kube: Kube, aim: Target) -> Session:
    """Raises Refusal, NoProgram."""
    if aim.resource.kind != "Pod" or aim.subresource not in ("exec", "attach"):
        raise not_there()
    if not request.writes:
        raise writing.refuse_reader(request, aim, "create")
    if aim.subresource == "exec":
        words = request.query.get("command", [])
    else:
        own = _spec(request, kube, aim)
        words = [str(word) for word in (*own.get("command", ()), *own.get("args", ()))] if own.get("stdin") else []
        words = words or ["sh"]  # an image's own program is not known; where there is no input, none is run
    if not words:
        raise bad_request("you must specify at least 1 command for the container")
    return start(kube, aim.found_in, aim.name, request.asked("container"), words, request.flag("tty"))


def _spec(request: Request, kube: Kube, aim: Target) -> JSON:
    """What the Pod says of the container that is asked for, or of its first."""
    listed, name = reading.found(kube, aim).spec.get("containers", ()), request.asked("container")
    return next((each for each in listed if each["name"] == name), listed[0])


def end(begun: Begun, code: int) -> bytes:
    """An attached container ends with what it ran, and that is no failure of the attaching."""
    place = begun.attached
    if place is None:
        return channels.ended(code)
    try:
        begun.door.act(Crash(place.pod, place.namespace, place.name, code))
    except Refusal:
        logger.debug("the container has ended already")
    return channels.ended(0)
