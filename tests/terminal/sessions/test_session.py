"""How does a session get on with whoever drives it?"""

from __future__ import annotations

import pytest

from playground.kube import actions
from playground.kube.clock import SECOND
from playground.kube.errors import Refusal
from playground.terminal.programs.limits import Limits
from playground.terminal.sessions import Ended, NoProgram, Reads, Session, Step, Waits, Wrote, start
from playground.terminal.sessions.direct import Direct
from tests.terminal.world import World
from tests.terminal.world import pod as made


def steps(session: Session, world: World) -> list[Step]:
    """All that can be done without anybody's help."""
    found: list[Step] = []
    while not found or isinstance(found[-1], Wrote):
        found.append(session.step(Direct(world.kube)))
    return found


def shown(session: Session, world: World) -> str:
    return "".join(step.text for step in steps(session, world) if isinstance(step, Wrote))


def test_it_says_what_is_written_and_how_it_ended(world: World) -> None:
    assert steps(world.start("box", "sh", "-c", "echo a; echo b >&2; exit 3"), world) == [Wrote(1, "a\n"), Wrote(2, "b\n"), Ended(3)]


def test_it_waits_until_the_time_has_come_however_often_it_is_stepped(world: World) -> None:
    session = world.start("box", "sleep", "2")
    until = world.kube.now + 2 * SECOND
    assert steps(session, world) == steps(session, world) == [Waits(until)]
    world.kube.advance(until)
    assert steps(session, world) == steps(session, world) == [Ended(0)]


def test_it_reads_what_it_is_fed_until_the_end(world: World) -> None:
    session = world.start("box", "cat")
    assert steps(session, world) == [Reads()]
    session.feed("hello\n")
    assert steps(session, world) == [Wrote(1, "hello\n"), Reads()]
    session.close_input()
    assert steps(session, world) == [Ended(0)]


def test_an_interrupted_program_ends_with_130(world: World) -> None:
    session = world.start("box", "sleep", "1000")
    steps(session, world)
    session.interrupt()
    assert steps(session, world) == [Ended(130)]


def test_a_terminal_echoes_keys_and_breaks_lines_at_the_left(world: World) -> None:
    session = world.start("box", "sh", tty=True)
    assert shown(session, world) == "/ # "
    session.feed("echo hix\x7f\r")
    assert shown(session, world) == "echo hix\b \b\r\nhi\r\n/ # "


def test_on_a_terminal_ctrl_c_ends_the_command_and_not_the_shell(world: World) -> None:
    session = world.start("box", "sh", tty=True)
    session.feed("sleep 100\r")
    steps(session, world)
    session.feed("\x03")
    assert shown(session, world) == "^C\r\n/ # "
    session.feed("echo $?\r")
    assert shown(session, world) == "echo $?\r\n130\r\n/ # "
    session.feed("\x04")
    assert steps(session, world) == [Ended(0)]


def test_a_shell_asks_for_the_rest_of_what_is_open(world: World) -> None:
    session = world.start("box", "sh", tty=True)
    session.feed("if true\rthen echo 'a\rb'\rfi\r")
    assert shown(session, world).replace("\r", "").endswith("/ # > > > a\nb\n/ # ")


def test_every_request_is_an_action_of_the_cluster(world: World) -> None:
    door = Direct(world.kube)
    taken: list[actions.Action] = []
    act = door.act
    door.act = lambda action: (taken.append(action), act(action))[1]  # type: ignore[method-assign]
    session = world.start("client", "sh", "-c", "curl -s web; nslookup -type=a web.default.svc.cluster.local")
    while not isinstance(session.step(door), Ended):
        pass
    assert taken == [
        actions.Send("default/client", "web:80"),
        actions.Lookup("default/client", "web.default.svc.cluster.local", "A"),
    ]
    assert [each.target.text for each in world.kube.network.recent(2)] == ["172.17.0.10:53/UDP", "web:80"]


def test_it_ends_with_137_when_the_container_does(world: World) -> None:
    session = world.start("box", "sh", "-c", "sleep 5; echo never")
    steps(session, world)
    world.kube.submit(actions.Crash("box"))
    world.kube.advance(world.kube.now + 6 * SECOND)
    assert steps(session, world) == [Ended(137)]


def test_it_ends_with_137_when_the_node_loses_power(world: World) -> None:
    session = world.start("box", "sh", "-c", "sleep 5; wget -qO- web")
    steps(session, world)
    world.kube.submit(actions.PowerOff("node-a"))
    world.kube.advance(world.kube.now + 6 * SECOND)
    assert steps(session, world) == [Ended(137)]


def test_a_refusal_of_the_door_ends_it_with_its_words(world: World) -> None:
    door = Direct(world.kube)

    def act(action: actions.Action) -> actions.Receipt:
        raise Refusal(429, "TooManyRequests", "too fast")

    door.act = act  # type: ignore[method-assign]
    session = world.start("client", "curl", "-s", "web")
    assert [session.step(door), session.step(door)] == [Wrote(2, "switchyard: too fast\n"), Ended(1)]


@pytest.mark.parametrize(
    ("limits", "script", "name"),
    [
        (Limits(steps=50), "while :; do :; done", "steps"),
        (Limits(packets=3), "while :; do wget -qO- web; done", "packets"),
        (Limits(output=100), "while :; do echo hello; done", "output"),
        (Limits(script=10), "echo hello, world", "script"),
        (Limits(held=100), "x=a; while :; do x=$x$x; done", "held"),
        (Limits(held=100), "x=$(while :; do echo hello; done)", "held"),
        (Limits(held=100), "while :; do echo hello; done | sort", "held"),
        (Limits(file=20), "while :; do echo hello >> /tmp/x; done", "file"),
        (Limits(files=2), "for i in 1 2 3; do touch /tmp/$i; done", "files"),
        (Limits(nesting=10), 'f=\'eval "$f"\'; eval "$f"', "nesting"),
    ],
)
def test_what_never_ends_ends_at_a_limit_that_is_named(world: World, limits: Limits, script: str, name: str) -> None:
    finished = world.sh(script, "box", limits=limits)
    assert finished.code == 1
    assert finished.err.startswith("switchyard: ")
    assert f'limit "{name}" allows {getattr(limits, name)}' in finished.err


def test_things_too_deep_inside_each_other_are_bad_syntax(world: World) -> None:
    finished = world.sh("(" * 60 + "true" + ")" * 60, "box")
    assert (finished.code, 'limit "nesting"' in finished.err) == (2, True)


def test_a_loop_that_never_waits_takes_time(world: World) -> None:
    assert world.sh("i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done", "box").code == 0
    assert 1 < world.seconds < 10


@pytest.mark.parametrize("script", ["seq 10000 | grep -cE '(1|2)*3(4|5)*'", "seq 10000 | sort | tr 0-9 a-j | uniq -c | wc -l"])
def test_heavy_work_takes_time_and_gives_way(world: World, script: str) -> None:
    session, door = world.start("box", "sh", "-c", script), Direct(world.kube)
    rests = 0
    while not isinstance(step := session.step(door), Ended):
        if isinstance(step, Waits):
            rests += 1
            world.kube.advance(step.until)
    assert rests > 0


@pytest.mark.parametrize(
    ("pod", "container", "code", "message"),
    [
        ("nobody", "", 404, 'pods "nobody" not found'),
        ("box", "other", 400, "container other is not valid for pod box"),
        ("done", "", 400, "cannot exec into a container in a completed pod; current phase is Succeeded"),
        ("unplaced", "", 400, "pod unplaced does not have a host assigned"),
        ("crashing", "", 500, 'unable to upgrade connection: container not found ("main")'),
    ],
)
def test_there_must_be_a_running_container(world: World, pod: str, container: str, code: int, message: str) -> None:
    done = made("done", "busybox", command=["true"])
    done["spec"]["restartPolicy"] = "Never"
    unplaced = made("unplaced", "busybox")
    unplaced["spec"] = {**unplaced["spec"], "nodeSelector": {"no": "where"}}
    del unplaced["spec"]["nodeName"]
    world.kube.submit(actions.Apply([done, unplaced, made("crashing", "busybox", command=["false"])]))
    world.kube.advance(world.kube.now + 10 * SECOND)
    with pytest.raises(Refusal) as refused:
        start(world.kube, "default", pod, container, ["ls"])
    assert (refused.value.code, refused.value.message) == (code, message)


def test_a_node_without_power_cannot_be_dialed(world: World) -> None:
    world.kube.submit(actions.PowerOff("node-a"))
    with pytest.raises(Refusal, match=r"error dialing backend: dial tcp .*:10250: connect: no route to host"):
        world.start("box", "ls")


@pytest.mark.parametrize(
    ("pod", "word", "why"),
    [
        ("box", "foo", 'exec: "foo": executable file not found in $PATH: unknown'),
        ("none", "sh", 'exec: "sh": executable file not found in $PATH: unknown'),
        ("deb", "nslookup", 'exec: "nslookup": executable file not found in $PATH: unknown'),
        ("box", "/bin/bash", 'exec: "/bin/bash": stat /bin/bash: no such file or directory: unknown'),
        ("box", "/opt/curl", 'exec: "/opt/curl": stat /opt/curl: no such file or directory: unknown'),
    ],
)
def test_an_unknown_program_is_refused_in_the_runtimes_words(world: World, pod: str, word: str, why: str) -> None:
    with pytest.raises(NoProgram) as refused:
        world.start(pod, word)
    said, id, ran = str(refused.value).split('"', 2)
    assert said == "Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "
    assert len(bytes.fromhex(id)) == 32
    assert ran == f": OCI runtime exec failed: exec failed: unable to start container process: {why}"


def test_the_same_commands_at_the_same_times_leave_the_same_cluster() -> None:
    one, two = World(), World()
    script = "for i in 1 2 3 4 5; do curl -s web; curl -sm 1 local; nslookup web; sleep 1; done"
    assert one.sh(script) == two.sh(script)
    assert one.kube.hash() == two.kube.hash()
