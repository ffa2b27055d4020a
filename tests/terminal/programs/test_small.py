"""What do the programs print that tell where they are, and what time it is?"""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from tests.terminal.world import DNS, WEB, World, pod, shared

CASES: dict[tuple[str, str], tuple[str, str, int]] = {
    ("box", "date"): ("Tue Nov 14 22:13:50 UTC 2023\n", "", 0),
    ("box", "date +%s"): ("1700000030\n", "", 0),
    ("box", "date -u '+%F %T %Z %j 100%%'"): ("2023-11-14 22:13:50 UTC 318 100%\n", "", 0),
    ("box", "hostname; hostname -s; hostname -f"): ("box\nbox\nbox\n", "", 0),
    ("box", "cat /etc/hostname"): ("box\n", "", 0),
    ("box", "cat /etc/resolv.conf"): (
        f"search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver {DNS}\noptions ndots:5\n", "", 0),
    ("box", "whoami; id; id -u"): ("root\nuid=0(root) gid=0(root) groups=0(root),10(wheel)\n0\n", "", 0),
    ("deb", "id; id -un; id -G"): ("uid=0(root) gid=0(root) groups=0(root)\nroot\n0\n", "", 0),
    ("alpine", "id -G; id -Gn"): ("0 1 2 3 4 6 10 11 20 26 27\nroot bin daemon sys adm disk wheel floppy dialout tape video\n", "", 0),
    ("client", "whoami; id; echo $HOME"): (
        "curl_user\nuid=100(curl_user) gid=101(curl_group) groups=101(curl_group)\n/home/curl_user\n", "", 0),
    ("client", "ls /root; cd /root; touch /root/x; touch /home/curl_user/x"): (
        "", "ls: can't open '/root': Permission denied\nsh: cd: line 0: can't cd to /root: Permission denied\n"
        "touch: /root/x: Permission denied\n", 0),
    ("box", "printenv WEB_SERVICE_HOST HOSTNAME"): (f"{WEB}\nbox\n", "", 0),
    ("box", "env | head -n 2 | cut -c1-10"): ("PATH=/usr/\nHOSTNAME=b\n", "", 0),
    ("box", "env -i A=1 B=2 env"): ("A=1\nB=2\n", "", 0),
    ("box", "env FOO=bar printenv FOO"): ("bar\n", "", 0),
    ("box", "tr '\\0' '\\n' < /proc/1/environ | grep -c ^WEB_"): ("8\n", "", 0),
    ("box", "ps"): ("PID   USER     TIME  COMMAND\n    1 root      0:00 sleep infinity\n    7 root      0:00 ps\n", "", 0),
    ("box", "uname -n; uname"): ("box\nLinux\n", "", 0),
    ("box", "which curl; echo $?; which wget"): ("1\n/bin/wget\n", "", 0),
    ("box", "which sh env; command -v ls; type cat; which /bin/sh"): ("/bin/sh\n/usr/bin/env\n/bin/ls\ncat is /bin/cat\n/bin/sh\n", "", 0),
    ("alpine", "which sh wget curl nginx apk"): ("/bin/sh\n/usr/bin/wget\n/usr/bin/curl\n/usr/sbin/nginx\n/sbin/apk\n", "", 0),
    ("deb", "which sh nginx"): ("/usr/bin/sh\n/usr/sbin/nginx\n", "", 0),
    ("box", "ls /; ls /etc"): ("bin\ndev\netc\nhome\nproc\nroot\nrun\nsys\ntmp\nusr\nvar\nhostname\nhosts\nresolv.conf\n", "", 0),
    ("box", "cat /var/run/secrets/kubernetes.io/serviceaccount/namespace"): ("default", "", 0),
    ("box", "telnet web 80"): ("", "switchyard: telnet is in this image, but this playground does not simulate it\n", 126),
    ("box", "awk 1"): ("", "switchyard: awk is in this image, but this playground does not simulate it\n", 126),
    ("box", "sleep x"): ("", "sleep: invalid number 'x'\n", 1),
    ("box", "mkdir /tmp/d && touch /tmp/d/f && ls /tmp/d && rm -r /tmp/d && ls /tmp"): ("f\n", "", 0),
    ("box", "rm /etc/hosts"): ("", "rm: can't remove '/etc/hosts': Read-only file system\n", 1),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "said"), CASES.items(), ids=[" ".join(typed) for typed in CASES])
def test_where_it_is(typed: tuple[str, str], said: tuple[str, str, int]) -> None:
    finished = World().sh(typed[1], typed[0])
    assert (finished.out, finished.err, finished.code) == said


@pytest.mark.parametrize(("typed", "seconds"), [("sleep 1.5", 1.5), ("sleep 1 2", 3), ("sleep 1m", 60), ("sleep 0", 0)])
def test_sleep_lets_the_clusters_time_pass(world: World, typed: str, seconds: float) -> None:
    assert world.sh(typed, "box").code == 0
    assert world.seconds == pytest.approx(seconds)


def test_etc_hosts_is_the_kubelets_with_the_pods_own_aliases(world: World) -> None:
    made = pod("alias", "busybox:1.36", command=["sleep", "infinity"])
    made["spec"] |= {"hostname": "one", "subdomain": "peers", "hostAliases": [{"ip": "10.1.2.3", "hostnames": ["old.example", "old"]}]}
    world.kube.submit(actions.Apply([made]))
    world.kube.advance(world.kube.now + 10 * SECOND)
    text = world.run("alias", "cat", "/etc/hosts").out
    assert text.startswith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n")
    assert text.endswith(
        f"\n{world.ip('alias')}\tone.peers.default.svc.cluster.local\tone\n\n# Entries added by HostAliases.\n10.1.2.3\told.example\told\n"
    )
    assert (
        world.sh("hostname -f; getent hosts old; hostname -d", "alias").out
        == "one.peers.default.svc.cluster.local\npeers.default.svc.cluster.local\n"
    )


@pytest.mark.parametrize(
    ("spec", "name", "short", "line"),
    [
        (
            {"hostname": "h", "subdomain": "s", "setHostnameAsFQDN": True},
            "h.s.default.svc.cluster.local",
            "h",
            "h.s.default.svc.cluster.local\th",
        ),
        ({"hostname": "h", "subdomain": "s", "hostnameOverride": "a.b.example.com"}, "a.b.example.com", "a", "a.b.example.com"),
    ],
)
def test_a_pod_may_be_called_by_a_whole_name(world: World, spec: dict[str, object], name: str, short: str, line: str) -> None:
    made = pod("called", "busybox:1.36", command=["sleep", "infinity"])
    made["spec"] |= spec
    world.kube.submit(actions.Apply([made]))
    world.kube.advance(world.kube.now + 10 * SECOND)
    finished = world.sh("hostname; cat /etc/hostname; echo $HOSTNAME; uname -n; hostname -f; hostname -s; tail -n 1 /etc/hosts", "called")
    assert finished.out == f"{name}\n" * 5 + f"{short}\n{world.ip('called')}\t{line}\n"


def test_a_user_is_the_one_that_the_spec_says(world: World) -> None:
    made = pod("user", "busybox:1.36", command=["sleep", "infinity"], securityContext={"runAsUser": 1000})
    world.kube.submit(actions.Apply([made]))
    world.kube.advance(world.kube.now + 10 * SECOND)
    finished = world.sh("id; whoami; echo $HOME; touch /root/x", "user")
    assert (finished.out, finished.err) == (
        "uid=1000 gid=0(root) groups=0(root)\n/\n",
        "whoami: unknown uid 1000\ntouch: /root/x: Permission denied\n",
    )


@pytest.mark.parametrize(
    ("image", "whole", "own", "said"),
    [
        (
            "busybox",
            {"runAsUser": 1000, "runAsGroup": 3000, "fsGroup": 2000, "supplementalGroups": [4000]},
            {},
            "uid=1000 gid=3000 groups=2000,3000,4000",
        ),
        ("debian", {"runAsUser": 1000, "runAsGroup": 3000, "fsGroup": 2000}, {}, "uid=1000 gid=3000 groups=3000,2000"),
        ("busybox", {"runAsGroup": 3000}, {"runAsGroup": 10}, "uid=0(root) gid=10(wheel) groups=0(root),10(wheel)"),
        ("busybox", {"supplementalGroupsPolicy": "Strict"}, {}, "uid=0(root) gid=0(root) groups=0(root)"),
        ("debian", {"runAsUser": 65534}, {}, "uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)"),
    ],
)
def test_groups_are_those_of_the_spec_and_of_the_image(world: World, image: str, whole: object, own: object, said: str) -> None:
    """kubernetes.io, "Configure a Security Context for a Pod or Container": what `id` prints there."""
    made = pod("user", image, command=["sleep", "infinity"], securityContext=own)
    made["spec"]["securityContext"] = whole
    world.kube.submit(actions.Apply([made]))
    world.kube.advance(world.kube.now + 10 * SECOND)
    assert world.sh("id", "user").out == f"{said}\n"


def test_only_root_looks_into_roots_home(world: World) -> None:
    made = pod("user", "busybox:1.36", command=["sleep", "infinity"])
    made["spec"]["containers"].append({**made["spec"]["containers"][0], "name": "other", "securityContext": {"runAsUser": 1000}})
    world.kube.submit(actions.Apply([made]))
    world.kube.advance(world.kube.now + 10 * SECOND)
    finished = world.sh("echo a > /root/x; cat /root/x; ls -d /root", "user")
    assert (finished.out, finished.err) == ("a\n/root\n", "")


@pytest.mark.parametrize(
    ("name", "signal", "ends"),
    [("web-0", "", True), ("web-0", "-INT ", True), ("web-0", "-9 ", False), ("web-0", "-0 ", False), ("box", "", False)],
)
def test_process_1_ends_by_a_signal_only_if_it_handles_it(world: World, name: str, signal: str, ends: bool) -> None:
    """`sleep` has no handler, and no process can kill the first one of its own container outright."""
    finished = world.sh(f"kill {signal}1; sleep 1; echo still here", name)
    assert (finished.code, finished.out) == ((137, "") if ends else (0, "still here\n"))


def test_files_of_one_session_are_seen_by_another_in_the_same_container(world: World) -> None:
    """Else a learner's `touch /tmp/ready` would be gone as soon as it was done."""
    assert world.sh("echo a > /tmp/x; echo b >> /tmp/x; mkdir /tmp/d; touch /tmp/d/y", "box").code == 0
    assert world.sh("cat /tmp/x; ls /tmp/d", "box").out == "a\nb\ny\n"
    assert world.sh("cat /tmp/x", "deb").err == "cat: /tmp/x: No such file or directory\n"
    assert world.sh("rm -r /tmp/x /tmp/d; ls /tmp", "box").out == ""


def test_a_directory_itself_is_listed(world: World) -> None:
    """Else a learner would think that whoever looks at a directory's mode breaks the cluster."""
    assert world.sh("ls -ld /tmp /etc; cd /etc; ls -ld .", "box").out == "drwxrwxrwt /tmp\ndrwxr-xr-x /etc\ndrwxr-xr-x .\n"


@pytest.mark.parametrize(
    ("pod", "typed", "out"),
    [
        ("box", "env | grep -e PWD -e SHLVL", "PWD=/\nSHLVL=1\n"),
        ("box", "sh -c 'echo $SHLVL'", "2\n"),
        ("deb", "env | grep -e PWD -e SHLVL", "PWD=/\n"),
        ("deb", "bash -c 'echo $SHLVL'", "1\n"),
        ("deb", "cd /tmp; env | grep PWD", "PWD=/tmp\nOLDPWD=/\n"),
        ("box", "env a-b=1 sh -c env | grep a-b", "a-b=1\n"),
        ("deb", "env a-b=1 sh -c env | grep -c a-b", "0\n"),
        ("deb", "env a-b=1 bash -c env | grep a-b", "a-b=1\n"),
    ],
)
def test_a_shell_hands_on_where_it_stands_and_what_it_takes_for_a_name(pod: str, typed: str, out: str) -> None:
    """Else a learner would look in vain for a ConfigMap's key with a dash where a Debian image's shell stands between, and miss PWD where every
    real list of variables has it."""
    assert shared().sh(typed, pod).out == out
