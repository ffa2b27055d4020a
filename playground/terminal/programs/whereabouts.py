"""Where in its image does a program lie?  What `which` and `command -v` say.

Read from the images: busybox has all in /bin, and env in /usr/bin; alpine spreads its applets; debian's /bin is /usr/bin.
Simplified: of what lies elsewhere only servers and what administers a system are known, some of it.
"""

from __future__ import annotations

from playground.terminal.programs.images import Image

ALPINE_BIN = frozenset(
    "arch ash base64 bash busybox cat chgrp chmod chown cp date dd df dmesg dnsdomainname echo egrep false fgrep fsync getopt grep gunzip gzip"
    " hostname ipcalc kill link ln login ls lzop mkdir mknod mktemp more mount mountpoint mv netstat nice pidof ping ping6 printenv ps pwd rev"
    " rm rmdir run-parts sed setpriv sh sleep stat stty su sync tar touch true umount uname usleep watch zcat".split()
)
SBIN = frozenset(
    "apk arp halt hwclock ifconfig ifdown ifup init ip ldconfig modprobe mkswap nologin poweroff reboot route swapoff swapon sysctl".split()
)
SERVERS = {
    **dict.fromkeys(("nginx", "nginx-debug"), "/usr/sbin"),
    **dict.fromkeys(("iptables-save", "ip6tables-save"), "/usr/sbin"),
    **dict.fromkeys(
        "docker-entrypoint.sh gosu redis-benchmark redis-check-aof redis-check-rdb redis-cli redis-sentinel redis-server".split(),
        "/usr/local/bin",
    ),
    **dict.fromkeys("valkey-benchmark valkey-cli valkey-sentinel valkey-server kubectl switchyard".split(), "/usr/local/bin"),
    **dict.fromkeys(("httpd", "httpd-foreground", "ab", "apachectl", "htpasswd", "rotatelogs"), "/usr/local/apache2/bin"),
}


def path_of(image: Image, name: str) -> str:
    """The path of a program that the image has, named with a path or without."""
    if "/" in name:
        return name
    if name in SERVERS:
        return f"{SERVERS[name]}/{name}"
    if not image.busybox:
        return f"/usr/{'sbin' if name in SBIN else 'bin'}/{name}"
    if image.name == "busybox":
        return f"{'/usr/bin' if name == 'env' else '/bin'}/{name}"
    return f"{'/bin' if name in ALPINE_BIN else '/sbin' if name in SBIN else '/usr/bin'}/{name}"
