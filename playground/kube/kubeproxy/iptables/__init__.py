"""Which iptables rules does a Node hold, and which of them did a packet pass?"""

from playground.kube.kubeproxy.iptables.ruleset import Line, Ruleset, is_commented, ruleset
from playground.kube.kubeproxy.iptables.trace import trace

__all__ = ["Line", "Ruleset", "is_commented", "ruleset", "trace"]
