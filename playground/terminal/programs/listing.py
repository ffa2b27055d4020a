"""The programs for files: ls, touch, rm, mkdir, and pwd.

Source: POSIX XCU; sentences of GNU coreutils and busybox.
Simplified: files have no owners, modes or times; ls -l tells names, kinds and sizes, and the modes of what everybody may write into, or root alone.
"""

from __future__ import annotations

from playground.terminal.programs.asks import Program, Write
from playground.terminal.programs.call import Call, complain, out
from playground.terminal.programs.files import FileError
from playground.terminal.programs.options import BadOption, options

MODES = {"/tmp": "drwxrwxrwt", "/var/tmp": "drwxrwxrwt", "/root": "drwx------"}


def pwd(call: Call) -> Program:
    yield from out(f"{call.cwd}\n")
    return 0


def ls(call: Call) -> Program:
    try:
        found = options(call.args, "la1AhRtrdF")
    except BadOption as error:
        return (yield from complain(call, str(error)))
    status = 0
    for name in found.rest or ["."]:
        path = call.path(name)
        if call.files.is_closed(path if not found.has("d") else path.rpartition("/")[0]):
            said = f"can't open '{name}': Permission denied" if call.busybox else f"cannot open directory '{name}': Permission denied"
            status = yield from complain(call, said, 1 if call.busybox else 2)
            continue
        if call.files.is_file(path):
            yield from out(_lines(call, "", [name], found.has("l")))
        elif call.files.is_directory(path):
            if len(found.rest) > 1 and not found.has("d"):
                yield from out(f"{name}:\n")
            inside = not found.has("d")
            yield from out(_lines(call, path if inside else "", call.files.within(path) if inside else [name], found.has("l")))
        else:
            said = f"{name}: No such file or directory" if call.busybox else f"cannot access '{name}': No such file or directory"
            status = yield from complain(call, said, 1 if call.busybox else 2)
    return status


def _lines(call: Call, above: str, names: list[str], long: bool) -> str:
    lines = []
    for name in names:
        path = f"{above.rstrip('/')}/{name}" if above else call.path(name)
        if long and call.files.is_directory(path):
            lines.append(f"{MODES.get(path, 'drwxr-xr-x')} {name}")
        elif long:
            lines.append(f"-rw-r--r-- {len(call.files.read(path)):8} {name}")
        else:
            lines.append(name)
    return "".join(f"{line}\n" for line in lines)


def touch(call: Call) -> Program:
    status = 0
    for name in call.args:
        try:
            if not call.files.is_directory(call.path(name)):
                call.files.write(call.path(name), "", append=True)
        except FileError as error:
            said = f"{name}: {error}" if call.busybox else f"cannot touch '{name}': {error}"
            yield Write(2, f"touch: {said}\n")
            status = 1
    return status


def mkdir(call: Call) -> Program:
    parents, status = "-p" in call.args, 0
    for name in (word for word in call.args if word != "-p"):
        path = call.path(name)
        steps = ["/".join(path.split("/")[:count]) for count in range(2, path.count("/") + 2)] if parents else [path]
        for step in steps:
            if parents and call.files.is_directory(step):
                continue
            try:
                call.files.make_directory(step)
            except FileError as error:
                said = f"can't create directory '{name}': {error}" if call.busybox else f"cannot create directory '{name}': {error}"
                yield Write(2, f"mkdir: {said}\n")
                status = 1
                break
    return status


def rm(call: Call) -> Program:
    try:
        found = options(call.args, "rRfi")
    except BadOption as error:
        return (yield from complain(call, str(error)))
    status = 0
    for name in found.rest:
        try:
            call.files.remove(call.path(name), found.has("r", "R"))
        except FileError as error:
            if found.has("f") and str(error) == "No such file or directory":
                continue
            said = f"can't remove '{name}': {error}" if call.busybox else f"cannot remove '{name}': {error}"
            yield Write(2, f"rm: {said}\n")
            status = 1
    return status
