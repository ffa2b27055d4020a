"""For which names does the API server's certificate stand, and who vouches for it?

Source: cmd/kubeadm/app/util/pkiutil/pki_helpers.go (GetAPIServerAltNames).
Simplified: there is no certificate; a file vouches for it that holds what stands in each ConfigMap `kube-root-ca.crt`.
"""

from __future__ import annotations

from ipaddress import ip_network

from playground.kube.apiserver.tokenvolume import CERTIFICATE
from playground.kube.cluster import Cluster

OFTEN = ("kubernetes", "kubernetes.default", "kubernetes.default.svc")


def vouches(text: str) -> bool:
    """Whether the text of a file of authorities is the cluster's."""
    return text.strip() == CERTIFICATE.strip()


def stands_for(kube: Cluster, host: str) -> bool:
    """Whether a client may take who answers there for the API server."""
    networks = (kube.settings.service_network, kube.settings.node_network)
    # A dot at the end of a name is no part of it to curl (lib/vtls/hostcheck.c).
    return host.lower().removesuffix(".") in (
        *OFTEN,
        f"{OFTEN[-1]}.{kube.settings.domain}",
        *(str(ip_network(each)[1]) for each in networks),
    )
