"""Which file tells kubectl where the cluster is?

Source: k8s.io/client-go/tools/clientcmd/api/v1/types.go.
`insecure-skip-tls-verify` changes nothing over plain HTTP, but the JavaScript client refuses such addresses without it.
"""

from __future__ import annotations

import yaml

from playground.kubeapi.models import Key


def address(site: str, key: Key) -> str:
    """The API server's address; `site` is where this server is reached, as in `http://127.0.0.1:8000`."""
    return f"{site.rstrip('/')}/w/{key.pk}"


def kubeconfig(site: str, key: Key) -> str:
    """A kubeconfig as YAML, with one context."""
    name = f"switchyard-{key.cluster_id}"
    user = "learner" if key.writes else "reader"
    server = {"server": address(site, key), **({} if site.startswith("https:") else {"insecure-skip-tls-verify": True})}
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": server}],
            "users": [{"name": user, "user": {"token": key.pk}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": user, "namespace": "default"}}],
            "current-context": name,
        },
        sort_keys=False,
    )
