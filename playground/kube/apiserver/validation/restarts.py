"""May a container say so when it is to be started again?  Its restart policy, and the rules that come before it.

Source: pkg/apis/core/validation/validation.go (validateContainerRestartPolicy); what the values are is not looked at.
"""

from __future__ import annotations

from typing import Any

from playground.kube.apiserver.validation.fields import not_supported, required, too_many
from playground.kube.errors import Cause

Document = dict[str, Any]
POLICIES = ("Always", "Never", "OnFailure")
ACTIONS, OPERATORS = ("Restart", "RestartAllContainers"), ("In", "NotIn")
RULES, VALUES = 20, 255


def restarts(container: Document, path: str) -> list[Cause]:
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or ()
    causes = []
    if policy is None and rules:
        causes.append(required(f"{path}.restartPolicy", "must specify restartPolicy when restart rules are used"))
    if policy is not None and policy not in POLICIES:
        causes.append(not_supported(f"{path}.restartPolicy", policy, POLICIES))
    if len(rules) > RULES:
        causes.append(too_many(f"{path}.restartPolicyRules", len(rules), RULES))
    for index, rule in enumerate(rules):
        causes += _rule(rule, f"{path}.restartPolicyRules[{index}]")
    return causes


def _rule(rule: Document, path: str) -> list[Cause]:
    action, codes = rule.get("action", ""), rule.get("exitCodes")
    causes = [] if action in ACTIONS else [not_supported(f"{path}.action", action, ACTIONS)]
    if codes is None:
        return [*causes, required(f"{path}.exitCodes", "must be specified")]
    operator, values = codes.get("operator", ""), codes.get("values") or ()
    causes += [] if operator in OPERATORS else [not_supported(f"{path}.exitCodes.operator", operator, OPERATORS)]
    return causes + ([too_many(f"{path}.exitCodes.values", len(values), VALUES)] if len(values) > VALUES else [])
