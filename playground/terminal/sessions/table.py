"""Which program is meant by a word, in a container of an image?"""

from __future__ import annotations

from collections.abc import Callable

from playground.terminal.programs import iptables, lines, listing, processes, reaching, servers, small, texts
from playground.terminal.programs.asks import Program
from playground.terminal.programs.call import Call
from playground.terminal.programs.curl import curl
from playground.terminal.programs.dig import dig
from playground.terminal.programs.getent import getent
from playground.terminal.programs.grep import grep
from playground.terminal.programs.host import host
from playground.terminal.programs.images import Image
from playground.terminal.programs.nslookup import nslookup
from playground.terminal.programs.wget import wget
from playground.terminal.shell.sh import sh
from playground.terminal.shell.testing import test
from playground.terminal.workstation.kubectl import kubectl
from playground.terminal.workstation.switchyard import switchyard

DIRECTORIES = tuple(f"{above}/{name}" for above in ("", "/usr", "/usr/local") for name in ("bin", "sbin"))
PROGRAMS: dict[str, Callable[[Call], Program]] = {
    **dict.fromkeys(("sh", "ash", "dash", "bash"), sh),
    **dict.fromkeys(("test", "["), test),
    "basename": small.basename,
    "cat": texts.cat,
    "curl": curl,
    "cut": lines.cut,
    "date": small.date,
    "dig": dig,
    "dirname": small.dirname,
    "echo": small.echo,
    "env": small.env,
    "false": small.false,
    "getent": getent,
    "grep": grep,
    "head": texts.head,
    "host": host,
    "hostname": small.hostname,
    "id": small.id_,
    **dict.fromkeys(iptables.FAMILIES, iptables.save),
    "kill": processes.kill,
    "kubectl": kubectl,
    "ls": listing.ls,
    "mkdir": listing.mkdir,
    **dict.fromkeys(("mysqladmin", "mariadb-admin"), servers.mysqladmin),
    "nc": reaching.nc,
    "nslookup": nslookup,
    "pg_isready": servers.pg_isready,
    "ping": reaching.ping,
    "ping6": reaching.ping,
    "printenv": small.printenv,
    "printf": small.printf,
    "ps": processes.ps,
    "pwd": listing.pwd,
    **dict.fromkeys(("redis-cli", "valkey-cli"), servers.redis_cli),
    "rm": listing.rm,
    "seq": small.seq,
    "sleep": small.sleep,
    "sort": lines.sort,
    "switchyard": switchyard,
    "tail": texts.tail,
    "tee": texts.tee,
    "touch": listing.touch,
    "tr": lines.tr,
    "true": small.true,
    "uname": small.uname,
    "uniq": lines.uniq,
    "wc": texts.wc,
    "wget": wget,
    "which": small.which,
    "whoami": small.whoami,
}


def program(image: Image, word: str) -> Callable[[Call], Program] | None:
    """What a word runs; None if the image has no such program. One that it has and that is not simulated says so."""
    directory, slash, name = word.rpartition("/")
    if slash and directory not in DIRECTORIES:
        return None
    return PROGRAMS.get(name, small.not_here) if name in image.programs else None
