"""kube-proxy: which endpoints may a packet go to, by which rule, and when does each Node hear of a change?"""

from playground.kube.kubeproxy.proxies import Proxies

__all__ = ["Proxies"]
