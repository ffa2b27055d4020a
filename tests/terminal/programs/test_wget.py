"""What does busybox's wget print?"""

from __future__ import annotations

import pytest

from tests.terminal.world import EMPTY, LOCAL, UNUSED, WEB, shared

ANSWER = "web-0 (registry.k8s.io/e2e-test-images/agnhost:2.53)\n"
BAR = "-                    100% |********************************|    53  0:00:00 ETA\n"
CASES: dict[str, tuple[str, str, int, float]] = {
    "wget -qO- web": (ANSWER, "", 0, 0),
    "wget -q -O - -T 5 http://web/": (ANSWER, "", 0, 0),
    "wget -O- web": (ANSWER, f"Connecting to web ({WEB}:80)\nwriting to stdout\n{BAR}written to stdout\n", 0, 0),
    "cd /tmp; wget -q web; cat index.html": (ANSWER, "", 0, 0),
    "wget --spider web": ("", f"Connecting to web ({WEB}:80)\nremote file exists\n", 0, 0),
    "wget -qO- nowhere": ("", "wget: bad address 'nowhere'\n", 1, 0),
    "wget -qO- nowhere:81": ("", "wget: bad address 'nowhere:81'\n", 1, 0),
    "wget -qO- empty": ("", f"wget: can't connect to remote host ({EMPTY}): Connection refused\n", 1, 0),
    "wget -qO- -T 2 local": ("", "wget: download timed out\n", 1, 2),
    "wget -qO- --timeout=3 local": ("", "wget: download timed out\n", 1, 3),
    f"wget -qO- {LOCAL}": ("", f"wget: can't connect to remote host ({LOCAL}): Connection timed out\n", 1, 133.7),
    f"wget -O- -T 1 {UNUSED}:81": ("", f"Connecting to {UNUSED}:81 ({UNUSED}:81)\nwget: download timed out\n", 1, 1),
    "wget -qO- 'http://[2001:db8::5]'": ("", "wget: can't connect to remote host: Network is unreachable\n", 1, 0),
    "wget -qO- -T 2 8.8.8.8": ("", "wget: download timed out\n", 1, 2),
    "wget -qO- db:6379": ("", "wget: error getting response\n", 1, 0),
    "wget -qO- ftps://web": ("", "wget: not an http or ftp url: ftps://web\n", 1, 0),
    "wget -qO- web > /dev/null && echo up || echo down": ("up\n", "", 0, 0),
}


@pytest.mark.parametrize(("script", "said"), CASES.items())
def test_wget(script: str, said: tuple[str, str, int, float]) -> None:
    world = shared()
    before = world.seconds
    finished = world.sh(script, "box")
    assert (finished.out, finished.err, finished.code) == said[:3]
    assert world.seconds - before == pytest.approx(said[3])
