"""What do `kubectl create`, `run` and `expose` make?

Source: staging/src/k8s.io/kubectl/pkg/cmd/{create,run,expose}.
`terminal.makings` makes fewer of them for `simulate --at`, which knows no cluster yet when it reads its words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.actions import Create
from playground.kube.cluster import Cluster
from playground.kube.errors import Refusal
from playground.terminal import resolve
from playground.terminal.kubectl import documents, output
from playground.terminal.kubectl.api import Info
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.builder import NOTHING_NAMED, Wish, find
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong, about, misused, together
from playground.terminal.kubectl.flags import required

JSON = dict[str, Any]
COMMON = """allow-missing-template-keys:switch dry-run:text=unchanged field-manager:text output/o:text save-config:switch
    show-managed-fields:switch template:text validate:text=strict"""
CREATE = f"{COMMON} edit:switch filename/f:list kustomize/k:text raw:text recursive/R:switch selector/l:text windows-line-endings:switch"
DEPLOYMENT = f"{COMMON} image:array port:whole replicas/r:whole"
SERVICE = f"{COMMON} tcp:list clusterip:text node-port:whole external-name:text"
CONFIG_MAP = f"{COMMON} append-hash:switch from-literal:array from-file:list from-env-file:list"
RUN = f"""{COMMON} image:text port:text labels/l:text env:array command:switch restart:text rm:switch stdin/i:switch tty/t:switch attach:switch
    quiet/q:switch annotations:array expose:switch image-pull-policy:text override-type:text overrides:text privileged:switch
    cascade:text=background force:switch grace-period:whole wait:switch timeout:span filename/f:list pod-running-timeout:span leave-stdin-open:switch"""
EXPOSE = f"""{COMMON} port:text target-port:text name:text protocol:text cluster-ip:text selector:text labels/l:text type:text external-ip:text
    load-balancer-ip:text session-affinity:text overrides:text override-type:text filename/f:list recursive/R:switch kustomize/k:text"""
TYPES = {"clusterip": "ClusterIP", "nodeport": "NodePort", "loadbalancer": "LoadBalancer"}
EXPOSABLE = ("Deployment", "Pod", "ReplicaSet", "ReplicationController", "Service")


def create(call: Call) -> Program:
    """Of documents."""
    if "filename" not in call.flags:
        if call.words:
            raise misused("create", f"Unexpected args: [{' '.join(call.words)}]")
        raise Wrong("must specify one of -f and -k")
    given = yield from documents.given(call)
    if not given:
        raise Wrong("no objects passed to create")
    errors: list[Exception] = []
    for each in given:
        try:
            made, warnings = yield from submit(call, each.document, strict=True)
        except Refusal as refusal:
            errors.append(about(refusal, "creating", documents.STDIN))
            continue
        yield from told(call, made, "created", warnings)
    wrong = together(errors)
    if wrong is not None:
        raise wrong
    return 0


def submit(call: Call, document: JSON, strict: bool = False) -> Steps:
    """Put a new object in, or find out what would come of it; the object as it is then, and warnings. Raises Refusal."""
    dry = dry_run(call)
    if dry == "client":
        return document, ()
    action = Create([document], "Strict" if strict else "Ignore")
    if dry == "server":
        receipt, made = yield Look(lambda kube: kube.rehearse(action))
        return made[0], receipt.warnings
    receipt = yield Act(action)
    made = yield Look(lambda kube: kube.shown(receipt.refs[0]))
    return made, receipt.warnings


def told(call: Call, document: JSON, verb: str, warnings: tuple[str, ...] = ()) -> Steps:
    """Say what was done, or print the object with -o."""
    yield from err("".join(f"Warning: {each}\n" for each in warnings))
    form = call.flags.text("output")
    if form and form != "name":
        return (yield from out(output.printer(form, output.MADE, call.flags.on("show-managed-fields"))(document)))
    named = output.printer("name")(document).rstrip("\n")
    dry = {"client": " (dry run)", "server": " (server dry run)"}.get(dry_run(call), "")
    return (yield from out(f"{named}\n" if form else f"{named} {verb}{dry}\n"))


def dry_run(call: Call) -> str:
    said = call.flags.text("dry-run", "none")
    if said == "unchanged":
        raise Wrong('--dry-run flag without a value was specified. A value must be set: "none", "server", or "client".')
    if said not in ("none", "client", "server"):
        raise Wrong(f'Invalid dry-run value ({said}). Must be "none", "server", or "client".')
    return said


def _made(call: Call, document: JSON) -> Program:
    """Make an object of words. `failed to create` stands before what the server says of some kinds."""
    if dry_run(call) == "client" and call.flags.of("output") in (None, "name"):
        document = {**document, "metadata": {key: value for key, value in document["metadata"].items() if key != "namespace" or value}}
    shown, warnings = yield from submit(call, document)
    yield from told(call, shown, "created", warnings)
    return 0


def _meta(call: Call, name: str, labels: JSON | None = None, spaced: bool = True) -> JSON:
    """A namespace is written down where it was said, or where the object is really made."""
    space = {"namespace": call.namespace} if spaced and ("namespace" in call.flags or dry_run(call) != "client") else {}
    return {**({"labels": labels} if labels else {}), "name": name, **space}


def _name(call: Call) -> str:
    if len(call.words) != 1:
        raise misused(call.command, f"exactly one NAME is required, got {len(call.words)}")
    return call.words[0]


def namespace(call: Call) -> Program:
    document = {"apiVersion": "v1", "kind": "Namespace", "metadata": _meta(call, _name(call), spaced=False)}
    if dry_run(call) == "client":
        document |= {"spec": {}, "status": {}}
    return (yield from _made(call, document))


def config_map(call: Call) -> Program:
    name = _name(call)
    data: JSON = {}
    for pair in call.flags.of("from-literal", []):
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise Wrong(f"invalid literal source {pair}, expected key=value")
        if key in data:
            raise Wrong(f'cannot add key "{key}", another key by that name already exists in Data for ConfigMap "{name}"')
        data[key] = value.strip("\"'") if value[:1] in "\"'" and value[:1] == value[-1:] else value
    for path in [*call.flags.of("from-file", []), *call.flags.of("from-env-file", [])]:
        raise Wrong(f"error reading {path.partition('=')[2] or path}: no such file or directory")
    return (
        yield from _made(call, {"apiVersion": "v1", **({"data": data} if data else {}), "kind": "ConfigMap", "metadata": _meta(call, name)})
    )


def deployment(call: Call) -> Program:
    required(call.flags, "image")
    name, images = _name(call), call.flags.of("image")
    labels = {"app": name}
    ports = {"ports": [{"containerPort": call.flags.of("port")}]} if call.flags.of("port", -1) >= 0 else {}
    containers = [{"image": image, "name": _container(image), "resources": {}} for image in images]
    containers[0] |= ports
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    spec = {"replicas": call.flags.of("replicas", 1), "selector": {"matchLabels": labels}, "strategy": {}, "template": template}
    document = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": _meta(call, name, labels), "spec": spec, "status": {}}
    try:
        return (yield from _made(call, document))
    except Refusal as refusal:
        raise _failed("deployment", refusal) from None


def _container(image: str) -> str:
    return image.rpartition("/")[2].split("@")[0].split(":")[0].lower().replace("_", "-")


def _failed(what: str, refusal: Refusal) -> Exception:
    return Wrong(f"failed to create {what}: {refusal.message}")


def service(type: str) -> Callable[[Call], Program]:
    return partial(_service, type)


def _service(type: str, call: Call) -> Program:
    name = _name(call)
    if not call.flags.of("tcp") and call.flags.text("clusterip") != "None":
        raise Wrong("at least one tcp port specifier must be provided")
    ports = [_port(each) for each in call.flags.of("tcp", [])]
    if call.flags.of("node-port"):
        ports[0]["nodePort"] = call.flags.of("node-port")
    labels = {"app": name}
    spec: JSON = {"ports": ports, "selector": labels, "type": TYPES[type]}
    spec |= {"clusterIP": call.flags.text("clusterip")} if call.flags.text("clusterip") else {}
    empty = {"status": {"loadBalancer": {}}}
    document = {"apiVersion": "v1", "kind": "Service", "metadata": _meta(call, name, labels), "spec": spec, **empty}
    try:
        return (yield from _made(call, document))
    except Refusal as refusal:
        raise _failed(f"{TYPES[type]} service", refusal) from None


def external_name(call: Call) -> Program:
    required(call.flags, "external-name")
    name = _name(call)
    spec = {"externalName": call.flags.text("external-name"), "selector": {"app": name}, "type": "ExternalName"}
    document = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": _meta(call, name, {"app": name}),
        "spec": spec,
        "status": {"loadBalancer": {}},
    }
    return (yield from _made(call, document))


def _port(text: str) -> JSON:
    """`80` or `80:5000`"""
    port, _, target = text.partition(":")
    number = _port_number(port)
    aim: int | str = _port_number(target or port) if (target or port).isdecimal() else target
    return {"name": text.replace(":", "-"), "port": number, "protocol": "TCP", "targetPort": aim}


def _port_number(text: str) -> int:
    if not text.isdecimal():
        raise Wrong(f'strconv.Atoi: parsing "{text}": invalid syntax')
    if not 1 <= int(text) <= 65535:
        raise Wrong("port must be between 1 and 65535, inclusive")
    return int(text)


def run(call: Call) -> Program:
    """Simplified: what is run is not attached to; -i and --rm are refused."""
    required(call.flags, "image")
    if not call.words:
        raise misused("run", "NAME is required for run")
    if call.flags.on("stdin") or call.flags.on("rm") or call.flags.on("attach"):
        raise Wrong("to attach to what is run is not simulated in this terminal: leave -i, --rm and --attach away, and use kubectl exec")
    name, command = call.words[0], call.words[1:]
    labels = _pairs(call.flags.text("labels")) if call.flags.text("labels") else {"run": name}
    container: JSON = {"image": call.flags.text("image"), "name": name, "resources": {}}
    if command:
        container["command" if call.flags.on("command") else "args"] = command
    if call.flags.text("port"):
        container["ports"] = [{"containerPort": _port_number(call.flags.text("port"))}]
    if call.flags.of("env"):
        container["env"] = [dict(zip(("name", "value"), each.split("=", 1), strict=False)) for each in call.flags.of("env")]
    spec = {"containers": [container], "dnsPolicy": "ClusterFirst", "restartPolicy": call.flags.text("restart", "Always")}
    document = {"apiVersion": "v1", "kind": "Pod", "metadata": _meta(call, name, labels), "spec": spec, "status": {}}
    return (yield from _made(call, document))


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for pair in text.split(","):
        key, equals, value = pair.partition("=")
        if not equals:
            raise Wrong(f"unexpected label spec: {pair}")
        found[key] = value
    return found


def expose(call: Call) -> Program:
    if "filename" in call.flags:
        raise Wrong("expose -f is not simulated in this terminal")
    if not call.words:
        raise Wrong(NOTHING_NAMED)
    found = yield Look(partial(_looked, call))
    if found.error is not None:
        raise found.error
    for info in found.infos:
        document = _exposed(call, info)
        shown, warnings = yield from submit(call, document)
        yield from told(call, shown, "exposed", warnings)
    return 0


def _looked(call: Call, kube: Cluster) -> Any:
    return find(kube, Wish(call.words, call.namespace))


def _exposed(call: Call, info: Info) -> JSON:
    flags, kind = call.flags, info.resource
    if kind.kind not in EXPOSABLE:
        raise Wrong(f"cannot expose a {kind.titled}")
    selector = _pairs(flags.text("selector")) if flags.text("selector") else _selector(info)
    labels = _pairs(flags.text("labels")) if flags.text("labels") else info.document["metadata"].get("labels")
    target = flags.text("target-port")
    ports = []
    for number, protocol in _asked_ports(call, info):
        aim: int | str = int(target) if target.isdecimal() else target or number
        ports.append({"port": number, "protocol": protocol, "targetPort": aim})
    if len(ports) > 1:
        ports = [{"name": f"port-{place}", **port} for place, port in enumerate(ports, 1)]
    spec: JSON = {"ports": ports, "selector": selector}
    for field, name in (
        ("type", "type"),
        ("clusterIP", "cluster-ip"),
        ("sessionAffinity", "session-affinity"),
        ("loadBalancerIP", "load-balancer-ip"),
    ):
        spec |= {field: flags.text(name)} if flags.text(name) else {}
    spec |= {"externalIPs": [flags.text("external-ip")]} if flags.text("external-ip") else {}
    meta = _meta(call, flags.text("name") or info.name[:63], labels)
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec, "status": {"loadBalancer": {}}}


def _asked_ports(call: Call, info: Info) -> list[tuple[int, str]]:
    """The ports that were said, or those of the containers; of a Service its own."""
    own = _own_ports(info)
    said = call.flags.text("port")
    protocol = call.flags.text("protocol")
    if said:
        known = dict(own)
        return [(_port_number(each), protocol or known.get(int(each), "TCP")) for each in said.split(",")]
    if not own:
        raise Wrong("couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples")
    return [(number, protocol or each) for number, each in own]


def _own_ports(info: Info) -> list[tuple[int, str]]:
    spec = info.document.get("spec", {})
    if info.resource.kind == "Service":
        return [(each["port"], each.get("protocol", "TCP")) for each in spec.get("ports") or ()]
    inner = spec if info.resource.kind == "Pod" else spec.get("template", {}).get("spec", {})
    return [
        (port["containerPort"], port.get("protocol", "TCP")) for each in inner.get("containers") or () for port in each.get("ports") or ()
    ]


def _selector(info: Info) -> dict[str, str]:
    try:
        return resolve.selector_of(info.resource.kind, info.document["metadata"].get("labels") or {}, info.document.get("spec", {}))
    except Refusal as refusal:
        raise Wrong(f"couldn't retrieve selectors via --selector flag or introspection: {refusal.message}") from None
