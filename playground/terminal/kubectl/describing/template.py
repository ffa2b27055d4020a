"""What is told of containers, their probes, variables and mounts, and of volumes?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.terminal.kubectl.describing.page import NONE, Page, moment

JSON = dict[str, Any]


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
        containers(page, "Init Containers", spec["initContainers"], None, spec, "  ")
    containers(page, "Containers", spec.get("containers") or [], None, spec, "  ")
    volumes(page, spec.get("volumes") or [], "  ")
    if spec.get("priorityClassName"):
        page.line(1, "Priority Class Name:", spec["priorityClassName"])
    page.labels("Node-Selectors:", spec.get("nodeSelector"), "  ")
    tolerations(page, spec, "  ")


def tolerations(page: Page, spec: JSON, start: str) -> None:
    page.several("Tolerations:", sorted(map(_toleration, spec.get("tolerations") or ())), start)


def _toleration(each: JSON) -> str:
    text = str(each.get("key", ""))
    if each.get("value"):
        text += f"={each['value']}"
    if each.get("effect"):
        text += f":{each['effect']}"
    if each.get("operator") == "Exists" and not each.get("value"):
        text += " op=Exists" if each.get("key") or each.get("effect") else "op=Exists"
    return text + (f" for {each['tolerationSeconds']}s" if each.get("tolerationSeconds") is not None else "")


def containers(page: Page, title: str, listed: list[JSON], statuses: list[JSON] | None, spec: JSON, start: str) -> None:
    """`statuses` are None in a template."""
    page.raw(f"{start}{title}:\n")
    for each in listed:
        status = next((one for one in statuses or () if one["name"] == each["name"]), None)
        page.raw(f"{start}{' ' if start else '  '}{each['name']}:\n")
        _container(page, each, status, statuses is not None, spec)


def _container(page: Page, each: JSON, status: JSON | None, running: bool, spec: JSON) -> None:
    if running and status is not None:
        page.line(2, "Container ID:", status.get("containerID", ""))
    page.line(2, "Image:", each.get("image", ""))
    if running and status is not None:
        page.line(2, "Image ID:", status.get("imageID", ""))
    _ports(page, each.get("ports") or [])
    for title, name in (("Command:", "command"), ("Args:", "args")):
        if each.get(name):
            page.raw(f"    {title}\n")
            for word in each[name]:
                for line in word.split("\n"):
                    page.raw(f"      {line}\n")
    if running and status is not None:
        _state(page, status)
    _resources(page, each.get("resources") or {})
    for title, name in (("Liveness:", "livenessProbe"), ("Readiness:", "readinessProbe"), ("Startup:", "startupProbe")):
        if each.get(name):
            page.line(2, title, _probe(each[name]))
    _environment(page, each, running)
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


def _environment(page: Page, each: JSON, running: bool) -> None:
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
            page.line(3, f"{variable['name']}:", _from(source))


def _from(source: JSON) -> str:
    if "fieldRef" in source:
        return f"  ({source['fieldRef'].get('apiVersion', 'v1')}:{source['fieldRef'].get('fieldPath', '')})"
    if "resourceFieldRef" in source:
        return f"{source['resourceFieldRef'].get('resource')}"
    for key, kind in (("configMapKeyRef", "config map"), ("secretKeyRef", "secret")):
        if key in source:
            named = source[key]
            return f"<set to the key '{named.get('key')}' of {kind} '{named.get('name')}'>  Optional: {str(bool(named.get('optional'))).lower()}"
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
            page.raw(f"    {title}:\t{value}\n")
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
    "persistentVolumeClaim": _claim,
}
