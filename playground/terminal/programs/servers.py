"""Does the server of this image run?  pg_isready, mysqladmin ping, and redis-cli ping: what probes of databases ask.

Source: postgresql src/bin/scripts/pg_isready.c; mysql client/mysqladmin.cc; redis src/redis-cli.c.
Simplified: these questions alone, over TCP wherever the program itself would take a socket; a server that runs accepts everybody.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from playground.kube.kubeproxy.chains import address
from playground.terminal.programs.asks import Ask, Program, Send, Sent, Wait, Write
from playground.terminal.programs.call import Call, complain, number_of, out
from playground.terminal.programs.options import BadOption, options
from playground.terminal.programs.resolving import literal

LOCAL, SOCKETS = "127.0.0.1", "/var/run/postgresql"
REFUSED, UNKNOWN_HOST = "Connection refused", "Name or service not known"


def pg_isready(call: Call) -> Program:
    try:
        found = options(call.args, "q", "dhptU", {"host": "h", "port": "p", "username": "U", "dbname": "d", "quiet": "q", "timeout": "t"})
    except BadOption as error:
        return (yield from complain(call, str(error), 3))
    host, port = found.of("h") or call.env.get("PGHOST", ""), found.of("p") or call.env.get("PGPORT", "5432")
    limit = number_of(found.of("t")) or 3
    sent = yield from _asked(host or LOCAL, port, float(limit))
    accepts = sent.outcome == "ok"
    if not found.has("q"):
        yield from out(f"{host or SOCKETS}:{port} - {'accepting connections' if accepts else 'no response'}\n")
    return 0 if accepts else 2


def mysqladmin(call: Call) -> Program:
    try:
        found = options(_short(call.args, "-p"), "s", "hPup", {"host": "h", "port": "P", "user": "u", "password": "p", "silent": "s"})
    except BadOption as error:
        return (yield from complain(call, str(error), 1))
    if found.rest != ["ping"]:
        yield Write(2, "switchyard: of mysqladmin only ping is simulated here\n")
        return 126
    host, port = found.of("h") or "localhost", found.of("P") or "3306"
    sent = yield from _asked(LOCAL if host == "localhost" else host, port, 10.0)
    if sent.outcome == "ok":
        yield from out("mysqld is alive\n")
        return 0
    number = "2002" if host == "localhost" else "2003"
    through = (
        "local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)"
        if number == "2002"
        else f"MySQL server on '{host}:{port}' (111)"
    )
    yield Write(2, f"mysqladmin: connect to server at '{host}' failed\nerror: 'Can't connect to {through}'\n")
    yield Write(2, "Check that mysqld is running on localhost and that the port is correct.\n" if number == "2003" else "")
    return 1


def redis_cli(call: Call) -> Program:
    try:
        found = options(call.args, "r", "hpaun", {"user": "u", "pass": "a"})
    except BadOption as error:
        return (yield from complain(call, str(error), 1))
    if [word.lower() for word in found.rest] != ["ping"]:
        yield Write(2, "switchyard: of redis-cli only ping is simulated here\n")
        return 126
    host, port = found.of("h") or LOCAL, found.of("p") or "6379"
    sent = yield from _asked(host, port, 0.0)
    if sent.outcome == "ok":
        yield from out("PONG\n")
        return 0
    why = UNKNOWN_HOST if sent.where == "dns" else call.container.strerror(sent.outcome) or REFUSED
    yield Write(2, f"Could not connect to Redis at {host}:{port}: {why}\n")
    return 1


def _asked(host: str, port: str, patience: float) -> Generator[Ask, Any, Sent]:
    number = number_of(port) or 0
    sent: Sent = yield Send(address(literal(host), number) if literal(host) else f"{host}:{number}", patience)
    if sent.outcome == "timeout":
        yield Wait(max(0.0, (patience or 133.7) - sent.spent))
    return sent


def _short(args: list[str], name: str) -> list[str]:
    """Without a password that stands right behind its option, or is asked for."""
    return [word for word in args if not word.startswith(name)]
