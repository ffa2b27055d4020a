"""What is told of containers, their probes, variables and mounts, and of volumes?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from playground.kube.apiserver.tables import layout
from playground.terminal.kubectl import references
from playground.terminal.kubectl.describing.page import NONE, Page, moment

JSON = dict[str, Any]
LIMITS = ("limits.cpu", "limits.memory")


def template(page: Page, document: JSON) -> None:
    """A PodTemplate, as it stands below a Deployment."""
    page.raw("Pod Template:\n")
    meta, spec = document.get("metadata", {}), document.get("spec", {})
    page.labels("Labels:", meta.get("labels"), "  ")
    if meta.get("annotations"):
        page.annotations("Annotations:", meta["annotations"], "  ")
    if spec.get("serviceAccountName"):
        page.line(1, "Service Account:", spec["serviceAccountName"])
    if spec.get("initContainers"):
        containers(page, "Init Containers", spec["initContainers"], None, None, "  ")
    containers(page, "Containers", spec.get("containers") or [], None, None, "  ")
    volumes(page, spec.get("volumes") or [], "  ")
    spread(page, spec, "  ")
    if spec.get("priorityClassName"):
        page.line(1, "Priority Class Name:", spec["priorityClassName"])
    page.labels("Node-Selectors:", spec.get("nodeSelector"), "  ")
    tolerations(page, spec, "  ")


def tolerations(page: Page, spec: JSON, start: str) -> None:
    listed = sorted(spec.get("tolerations") or (), key=lambda each: str(each.get("key", "")))
    page.several("Tolerations:", list(map(_toleration, listed)), start)


def spread(page: Page, spec: JSON, start: str) -> None:
    listed = sorted(spec.get("topologySpreadConstraints") or (), key=lambda each: str(each.get("topologyKey", "")))
    if listed:
        page.several("Topology Spread Constraints:", list(map(_spread, listed)), start)


def _spread(each: JSON) -> str:
    chosen = f" for selector {layout.selector(each['labelSelector'])}" if each.get("labelSelector") is not None else ""
    return f"{each.get('topologyKey')}:{each.get('whenUnsatisfiable')} when max skew {each.get('maxSkew')} is exceeded{chosen}"


def _toleration(each: JSON) -> str:
    text = str(each.get("key", ""))
    if each.get("value"):
        text += f"={each['value']}"
    if each.get("effect"):
        text += f":{each['effect']}"
    if each.get("operator") == "Exists" and not each.get("value"):
        text += " op=Exists" if each.get("key") or each.get("effect") else "op=Exists"
    return text + (f" for {each['tolerationSeconds']}s" if each.get("tolerationSeconds") is not None else "")


def containers(page: Page, title: str, listed: list[JSON], statuses: list[JSON] | None, meta: JSON | None, start: str) -> None:
    """`statuses`, and the metadata of the Pod, are None in a template."""
    page.raw(f"{start}{title}:\n")
    for each in listed:
        status = next((one for one in statuses or () if one["name"] == each["name"]), None)
        page.raw(f"{start}{' ' if start else '  '}{each['name']}:\n")
        _container(page, each, status, meta)


def _container(page: Page, each: JSON, status: JSON | None, meta: JSON | None) -> None:
    if status is not None:
        page.line(2, "Container ID:", status.get("containerID", ""))
    page.line(2, "Image:", each.get("image", ""))
    if status is not None:
        page.line(2, "Image ID:", status.get("imageID", ""))
    _ports(page, each.get("ports") or [])
    for title, name in (("Command:", "command"), ("Args:", "args")):
        if each.get(name):
            page.raw(f"    {title}\n")
            for word in each[name]:
                for line in word.split("\n"):
                    page.raw(f"      {line}\n")
    if status is not None:
        _state(page, status)
    _resources(page, each.get("resources") or {})
    for title, name in (("Liveness:", "livenessProbe"), ("Readiness:", "readinessProbe"), ("Startup:", "startupProbe")):
        if each.get(name):
            page.line(2, title, _probe(each[name]))
    _environment(page, each, meta)
    _mounts(page, each.get("volumeMounts") or [])


def _ports(page: Page, ports: list[JSON]) -> None:
    many = "s" if len(ports) > 1 else ""
    for title, name in (("Port", "containerPort"), ("Host Port", "hostPort")):
        told = [f"{port.get(name, 0)}/{port.get('protocol', 'TCP')}" + (f" ({port['name']})" if port.get("name") else "") for port in ports]
        page.line(2, f"{title}{many}:", ", ".join(told) or NONE)


def _state(page: Page, status: JSON) -> None:
    _one_state(page, "State", status.get("state") or {})
    if (status.get("lastState") or {}).get("terminated"):
        _one_state(page, "Last State", status["lastState"])
    page.line(2, "Ready:", str(bool(status.get("ready"))))
    page.line(2, "Restart Count:", str(status.get("restartCount", 0)))


def _one_state(page: Page, title: str, state: JSON) -> None:
    if "running" in state:
        page.line(2, f"{title}:", "Running")
        page.line(3, "Started:", moment(state["running"].get("startedAt")))
    elif "waiting" in state:
        page.line(2, f"{title}:", "Waiting")
        if state["waiting"].get("reason"):
            page.line(3, "Reason:", state["waiting"]["reason"])
    elif "terminated" in state:
        ended = state["terminated"]
        page.line(2, f"{title}:", "Terminated")
        for name, value in (("Reason", ended.get("reason")), ("Message", ended.get("message"))):
            if value:
                page.line(3, f"{name}:", value)
        page.line(3, "Exit Code:", str(ended.get("exitCode", 0)))
        if ended.get("signal"):
            page.line(3, "Signal:", str(ended["signal"]))
        page.line(3, "Started:", moment(ended.get("startedAt")))
        page.line(3, "Finished:", moment(ended.get("finishedAt")))
    else:
        page.line(2, f"{title}:", "Waiting")


def _resources(page: Page, resources: JSON) -> None:
    for title, name in (("Limits", "limits"), ("Requests", "requests")):
        if resources.get(name):
            page.raw(f"    {title}:\n")
            for key, value in sorted(resources[name].items()):
                page.line(3, f"{key}:", str(value))


def _probe(probe: JSON) -> str:
    times = (
        f"delay={probe.get('initialDelaySeconds', 0)}s timeout={probe.get('timeoutSeconds', 1)}s period={probe.get('periodSeconds', 10)}s "
        f"successThreshold={probe.get('successThreshold', 1)} failureThreshold={probe.get('failureThreshold', 3)}"
    )
    if "exec" in probe:
        return f"exec [{' '.join(probe['exec'].get('command') or ())}] {times}"
    if "httpGet" in probe:
        asked = probe["httpGet"]
        path = asked.get("path") or ""
        path = path if path.startswith("/") or not path else f"/{path}"
        return f"http-get {asked.get('scheme', 'HTTP').lower()}://{asked.get('host', '')}:{asked.get('port')}{path} {times}"
    if "tcpSocket" in probe:
        return f"tcp-socket {probe['tcpSocket'].get('host', '')}:{probe['tcpSocket'].get('port')} {times}"
    if "grpc" in probe:
        return f"grpc <pod>:{probe['grpc'].get('port')} {probe['grpc'].get('service', '')} {times}"
    return f"unknown {times}"


def _environment(page: Page, each: JSON, meta: JSON | None) -> None:
    if each.get("envFrom"):
        page.raw("    Environment Variables from:\n")
        for source in each["envFrom"]:
            kind, key = ("ConfigMap", "configMapRef") if "configMapRef" in source else ("Secret", "secretRef")
            optional = str(bool(source[key].get("optional"))).lower()
            prefix = f" with prefix '{source['prefix']}'" if source.get("prefix") else ""
            page.line(3, source[key].get("name", ""), f"{kind}{prefix}", f"Optional: {optional}")
    if not each.get("env"):
        page.line(2, "Environment:", NONE)
        return
    page.raw("    Environment:\n")
    for variable in each["env"]:
        source = variable.get("valueFrom")
        if source is None:
            value, *more = str(variable.get("value", "")).split("\n")
            page.line(3, f"{variable['name']}:", value)
            for line in more:
                page.line(3, "", line)
        else:
            page.line(3, f"{variable['name']}:", _from(source, each, meta))


def _from(source: JSON, container: JSON, meta: JSON | None) -> str:
    if "fieldRef" in source:
        value = _resolved(partial(references.field, meta, source["fieldRef"].get("fieldPath", ""))) if meta is not None else ""
        return f"{value} ({source['fieldRef'].get('apiVersion', 'v1')}:{source['fieldRef'].get('fieldPath', '')})"
    if "resourceFieldRef" in source:
        resource = source["resourceFieldRef"].get("resource", "")
        value = _resolved(partial(references.amount, source["resourceFieldRef"], container))
        return f"{'node allocatable' if value == '0' and resource in LIMITS else value} ({resource})"
    for key, kind in (("configMapKeyRef", "config map"), ("secretKeyRef", "secret")):
        if key in source:
            named = source[key]
            return f"<set to the key '{named.get('key')}' of {kind} '{named.get('name')}'>  Optional: {str(bool(named.get('optional'))).lower()}"
    return ""


def _resolved(value: Callable[[], str]) -> str:
    """Empty where a reference leads nowhere."""
    try:
        return value()
    except references.Unresolved:
        return ""


def _mounts(page: Page, mounts: list[JSON]) -> None:
    if not mounts:
        return page.line(2, "Mounts:", NONE)
    page.raw("    Mounts:\n")
    for each in sorted(mounts, key=lambda mount: mount.get("mountPath", "")):
        flags = ["ro" if each.get("readOnly") else "rw"] + ([f'path="{each["subPath"]}"'] if each.get("subPath") else [])
        page.raw(f"      {each.get('mountPath', '')} from {each.get('name', '')} ({','.join(flags)})\n")
    return None


def volumes(page: Page, listed: list[JSON], start: str) -> None:
    if not listed:
        return page.raw(f"{start}Volumes:\t{NONE}\n")
    page.raw(f"{start}Volumes:\n")
    for each in listed:
        page.raw(f"{start}{' ' if start else '  '}{each['name']}:\n")
        kind = next((name for name in each if name != "name"), "")
        for title, value in _VOLUMES.get(kind, _unknown)(each.get(kind) or {}):
            page.raw(f"    {title}:\t{value}\n" if title else value)
    return None


def _named(words: str, field: str, title: str) -> Callable[[JSON], list[tuple[str, str]]]:
    def told(source: JSON) -> list[tuple[str, str]]:
        return [("Type", words), (title, source.get(field, "")), ("Optional", str(bool(source.get("optional"))).lower())]

    return told


def _empty_dir(source: JSON) -> list[tuple[str, str]]:
    words = "EmptyDir (a temporary directory that shares a pod's lifetime)"
    return [("Type", words), ("Medium", source.get("medium", "")), ("SizeLimit", str(source.get("sizeLimit") or "<unset>"))]


def _host_path(source: JSON) -> list[tuple[str, str]]:
    return [("Type", "HostPath (bare host directory volume)"), ("Path", source.get("path", "")), ("HostPathType", source.get("type", ""))]


def _projected(source: JSON) -> list[tuple[str, str]]:
    told = [("Type", "Projected (a volume that contains injected data from multiple sources)")]
    for part in source.get("sources") or ():
        if "secret" in part:
            told += [("SecretName", part["secret"].get("name", "")), ("Optional", str(bool(part["secret"].get("optional"))).lower())]
        elif "downwardAPI" in part:
            told.append(("DownwardAPI", "true"))
        elif "configMap" in part:
            told += [
                ("ConfigMapName", part["configMap"].get("name", "")),
                ("Optional", str(bool(part["configMap"].get("optional"))).lower()),
            ]
        elif "serviceAccountToken" in part:
            told.append(("TokenExpirationSeconds", str(part["serviceAccountToken"].get("expirationSeconds", ""))))
    return told


def _downward(source: JSON) -> list[tuple[str, str]]:
    """A title that is empty stands for a line as it is."""
    told = [("Type", "DownwardAPI (a volume populated by information about the pod)"), ("", "    Items:\n")]
    for each in source.get("items") or ():
        what = each["fieldRef"]["fieldPath"] if "fieldRef" in each else each["resourceFieldRef"]["resource"]
        told.append(("", f"      {what} -> {each['path']}\n"))
    return told


def _nfs(source: JSON) -> list[tuple[str, str]]:
    words = "NFS (an NFS mount that lasts the lifetime of a pod)"
    read_only = str(bool(source.get("readOnly"))).lower()
    return [("Type", words), ("Server", source.get("server", "")), ("Path", source.get("path", "")), ("ReadOnly", read_only)]


def _claim(source: JSON) -> list[tuple[str, str]]:
    words = "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)"
    return [("Type", words), ("ClaimName", source.get("claimName", "")), ("ReadOnly", str(bool(source.get("readOnly"))).lower())]


def _unknown(source: JSON) -> list[tuple[str, str]]:
    return [("Type", "<unknown>")]


_VOLUMES: dict[str, Callable[[JSON], list[tuple[str, str]]]] = {
    "configMap": _named("ConfigMap (a volume populated by a ConfigMap)", "name", "Name"),
    "secret": _named("Secret (a volume populated by a Secret)", "secretName", "SecretName"),
    "emptyDir": _empty_dir,
    "hostPath": _host_path,
    "projected": _projected,
    "persistentVolumeClaim": _claim,
    "downwardAPI": _downward,
    "nfs": _nfs,
}
