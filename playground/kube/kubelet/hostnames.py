"""What is a Pod called inside of it?  Its hostname, the domain that stands behind it in /etc/hosts, and the name that the kernel knows.

Source: pkg/kubelet/kubelet_pods.go (GeneratePodHostNameAndDomain, truncatePodHostnameIfNeeded), pkg/kubelet/util/util.go (GetNodenameForKernel),
KEP-4762. No record of DNS follows from `hostnameOverride`.
Simplified: a name with its domain that is too long for the kernel is left out; a real kubelet makes no sandbox then.
"""

from __future__ import annotations

from playground.kube.apiserver.objects import Pod

LONGEST, LONGEST_WHOLE = 63, 64


def hostname_and_domain(pod: Pod, cluster_domain: str) -> tuple[str, str]:
    """Of a Pod that does not use its Node's network; the domain is "" if it has none."""
    override = pod.spec.get("hostnameOverride")
    if override is not None:
        return _cut(str(override)), ""
    subdomain = pod.spec.get("subdomain")
    domain = f"{subdomain}.{pod.namespace}.svc.{cluster_domain}" if subdomain else ""
    return _cut(str(pod.spec.get("hostname") or pod.name)), domain


def nodename(pod: Pod, cluster_domain: str) -> str:
    """What the kernel says, and so `hostname`, /etc/hostname and the variable HOSTNAME."""
    if pod.spec.get("hostNetwork"):
        return pod.node
    hostname, domain = hostname_and_domain(pod, cluster_domain)
    whole = f"{hostname}.{domain}"
    return whole if domain and pod.spec.get("setHostnameAsFQDN") and len(whole) <= LONGEST_WHOLE else hostname


def _cut(hostname: str) -> str:
    return hostname if len(hostname) <= LONGEST else hostname[:LONGEST].rstrip("-.")
