"""Which objects of a kind does a list or a watch mean?  Those of a namespace, a name, a label selector and a field selector."""

from __future__ import annotations

from typing import Any

import msgspec

from playground.kube.apiserver import fieldselectors, seen, selectors
from playground.kube.apiserver.fieldselectors import FieldSelector
from playground.kube.apiserver.selectors import Selector
from playground.rest.exchange import Request
from playground.rest.paths import Target

JSON = dict[str, Any]


class Choice(msgspec.Struct, frozen=True):
    """`namespace` is None for all."""

    kind: str
    namespace: str | None
    labels: Selector
    fields: FieldSelector

    def fits(self, thing: Any) -> bool:
        """Whether the object has the right kind, namespace, name and labels. The other fields are asked of its document."""
        name = self.fields.name
        return (
            thing.kind == self.kind
            and (self.namespace is None or thing.namespace == self.namespace)
            and (name is None or thing.name == name)
            and self.labels.matches(thing.labels)
        )

    def among(self, kube: Any) -> list[Any]:
        """The objects that fit, sorted by namespace and name."""
        if self.fields.name is not None and self.namespace is not None:
            found = seen.single(kube.machinery, self.kind, self.namespace, self.fields.name)
            return [found] if found is not None and self.fits(found) else []
        return [each for each in seen.listed(kube.machinery, self.kind, self.namespace) if self.fits(each)]


def of(request: Request, target: Target) -> Choice:
    """What the parameters of a request choose; raises Refusal."""
    fields = fieldselectors.parse(request.asked("fieldSelector"), target.resource.kind)
    if target.name:
        fields = FieldSelector((*fields.terms, ("metadata.name", True, target.name)))
    namespace = target.namespace if target.resource.namespaced else None
    return Choice(target.resource.kind, namespace, selectors.parse(request.asked("labelSelector")), fields)
