"""Which objects does a line name?  `pod x`, `pods x y`, `pod/x svc/y`, with every word that kubectl has for a kind.

Source: k8s.io/cli-runtime/pkg/resource/builder.go (ResourceTypeOrNameArgs) and its errors.
"""

from __future__ import annotations

from typing import NamedTuple

from playground.kube.apiserver.resources import Resource, by_word
from playground.terminal.errors import BadWords


class Named(NamedTuple):
    resource: Resource
    name: str

    @property
    def kind(self) -> str:
        return self.resource.kind

    def space(self, namespace: str) -> str:
        """The namespace of an object of this kind: none, if the kind has none."""
        return namespace if self.resource.namespaced else ""


def all_named(words: list[str]) -> list[Named]:
    """Every object named, at least one. Raises BadWords."""
    if not words:
        raise BadWords("You must provide one or more resources by argument, as in pod/client or pod client")
    if "/" in words[0]:
        return [_pair(word) for word in words]
    resource = kind(words[0])
    if len(words) == 1:
        raise BadWords("resource(s) were provided, but no name was specified")
    if any("/" in name for name in words[1:]):
        raise BadWords(
            "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
            "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>')"
        )
    return [Named(resource, name) for name in words[1:]]


def one_named(words: list[str]) -> Named:
    """The only object named. Raises BadWords."""
    found = all_named(words)
    if len(found) > 1:
        raise BadWords(f"one object at a time, not {len(found)}")
    return found[0]


def of_kind(words: list[str], wanted: str) -> str:
    """The name of the one object of a kind, where the kind need not be said: `x`, `pod/x`, `pod x`."""
    resource = kind(wanted)
    if len(words) == 2 and by_word(words[0]) == resource:
        words = words[1:]
    if len(words) != 1 or not words[0]:
        raise BadWords(f"one {wanted} is to be named, not {len(words)}")
    if "/" not in words[0]:
        return words[0]
    named = _pair(words[0])
    if named.resource != resource:
        raise BadWords(f"{words[0]} is no {wanted}")
    return named.name


def kind(word: str) -> Resource:
    """The resource that a word of kubectl's users means. Raises BadWords."""
    resource = by_word(word)
    if resource is None:
        raise BadWords(f'the server doesn\'t have a resource type "{word}"')
    return resource


def _pair(word: str) -> Named:
    said, slash, name = word.partition("/")
    if not slash:
        raise BadWords("there is a mixture of resource/name and names alone; arguments in resource/name form must all be so")
    if not said or not name or "/" in name:
        raise BadWords(f'arguments in resource/name form must have a single resource and name, not "{word}"')
    return Named(kind(said), name)
