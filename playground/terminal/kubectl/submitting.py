"""How is a new object put in, and what is said of it?  With --dry-run and -o, for `create`, `apply`, `run`, `expose` and what changes objects.

Source: staging/src/k8s.io/kubectl/pkg/cmd/create/create.go (CreateSubcommandOptions.Run); pkg/cmd/util (GetDryRunStrategy).
"""

from __future__ import annotations

from typing import Any

from playground.kube.actions import Create
from playground.kube.apiserver.timestamps import timestamp
from playground.terminal.kubectl import output
from playground.terminal.kubectl.asks import Act, Look, Program, Steps
from playground.terminal.kubectl.call import Call, err, out
from playground.terminal.kubectl.errors import Wrong

JSON = dict[str, Any]
SHOWN = "dry-run:text=unchanged output/o:text show-managed-fields:switch"
COMMON = f"{SHOWN} validate:text=strict"
BARE = "unchanged"
DEPRECATED = "helpers.go:714] --dry-run is deprecated and can be replaced with --dry-run=client."
VALIDATIONS = {"strict": "Strict", "true": "Strict", "warn": "Warn", "ignore": "Ignore", "false": "Ignore"}


def validation(call: Call) -> str:
    """What the server is to do with fields that it does not know; raises Wrong. Source: pkg/cmd/util/helpers.go (GetValidationDirective)."""
    said = call.flags.text("validate", "strict")
    if said not in VALIDATIONS:
        raise Wrong(f'invalid - validate option "{said}"; must be one of: strict (or true), warn, ignore (or false)')
    return VALIDATIONS[said]


def submit(call: Call, document: JSON, validation: str = "Ignore") -> Steps:
    """Put a new object in, or find out what would come of it; the object as it is then, and warnings. Raises Refusal."""
    dry = dry_run(call)
    if dry == "client":
        return document, ()
    action = Create([document], validation)
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


def warned(call: Call) -> Steps:
    """Of a --dry-run without a value, as klog writes it."""
    if call.flags.text("dry-run") == BARE:
        now = yield Look(lambda kube: timestamp(kube.settings, kube.now))
        yield from err(f"W{now[5:7]}{now[8:10]} {now[11:19]}.000000       1 {DEPRECATED}\n")


def dry_run(call: Call) -> str:
    said = call.flags.text("dry-run", "none")
    if said == BARE:
        return "client"
    if said not in ("none", "client", "server"):
        raise Wrong(f'Invalid dry-run value ({said}). Must be "none", "server", or "client".')
    return said


def made(call: Call, document: JSON) -> Program:
    """Make an object of words."""
    shown, warnings = yield from submit(call, document if dry_run(call) == "client" else full(document))
    yield from told(call, shown, "created", warnings)
    return 0


def full(value: Any) -> Any:
    """Without what is empty: kubectl sends what it makes of words as messages, in which that does not stand."""
    if isinstance(value, dict):
        inner = {key: full(each) for key, each in value.items()}
        return {key: each for key, each in inner.items() if each != {}}
    return [full(each) for each in value] if isinstance(value, list) else value


def meta(call: Call, name: str, labels: JSON | None = None, spaced: bool = True) -> JSON:
    """A namespace is written down where it was said, or where the object is really made."""
    space = {"namespace": call.namespace} if spaced and ("namespace" in call.flags or dry_run(call) != "client") else {}
    return {**({"labels": labels} if labels else {}), "name": name, **space}
