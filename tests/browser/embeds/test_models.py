"""How a frame keeps its resume code, and to whom it speaks. (No page is needed around them.)"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.yard.conftest import make_yard, yard
from tests.browser.yard.harness import Yard
from tests.browser.yard.pictures import first_cluster

__all__ = ["make_yard", "yard"]
pytestmark = pytest.mark.browser
PLACE = """
  const place = (hash, storage, search = "") => ({
    location: { origin: "https://play.test", pathname: "/embed/cluster/shop/", search, hash },
    history: { replaceState(state, title, to) { place.shown = to; } },
    get localStorage() { if (!storage) throw new Error("closed"); return storage; },
  });
  const drawer = () => { const kept = {}; return { kept, getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value) }; };
"""


@pytest.fixture
def ask(yard: Yard) -> Any:
    page = yard.open(first_cluster())
    return lambda module, expression: page.evaluate(f'async () => {{ const module = await import("/static/js/{module}"); {expression} }}')


def test_a_code_is_kept_in_storage_and_where_that_is_closed_in_the_hash(ask: Any) -> None:
    kept, shown = ask(
        "models/resume.js",
        PLACE
        + """const open = drawer();
      new module.Resume(place("", open)).code = "one";
      const before = place.shown;
      new module.Resume(place("", null)).code = "two";
      return [[open.kept, before ?? null], place.shown];""",
    )
    assert kept == [{"resume:/embed/cluster/shop/": "one"}, None]
    assert shown == "#resume=two"


def test_the_hash_goes_before_storage_and_another_seed_is_another_cluster(ask: Any) -> None:
    found = ask(
        "models/resume.js",
        PLACE
        + """const open = drawer();
      new module.Resume(place("", open, "?seed=4&theme=dark")).code = "four";
      const codes = ["?seed=4", "?seed=5", ""].map((search) => new module.Resume(place("", open, search)).code);
      return [...codes, new module.Resume(place("#resume=hash", open, "?seed=4")).code];""",
    )
    assert found == ["four", "", "", "hash"]


def test_another_window_goes_on_with_the_same_cluster(ask: Any) -> None:
    address = ask("models/resume.js", PLACE + 'return new module.Resume(place("#resume=a.b", null, "?theme=dark")).address;')
    assert address == "https://play.test/embed/cluster/shop/?theme=dark#resume=a.b"


@pytest.mark.parametrize(
    ("case", "known", "target"),
    [
        ("the browser names the parent", '{ancestorOrigins: ["https://course.test"], referrer: ""}', "https://course.test"),
        ("the referrer does", '{ancestorOrigins: undefined, referrer: "https://course.test/week/3"}', "https://course.test"),
        ("the parent is sandboxed itself", '{ancestorOrigins: ["null"], referrer: ""}', "*"),
        ("nobody does", '{ancestorOrigins: undefined, referrer: ""}', "*"),
    ],
)
def test_a_frame_speaks_to_its_parent_alone_where_the_parent_is_known(ask: Any, case: str, known: str, target: str) -> None:
    assert ask("models/parent.js", f"return module.targetOf({known});") == target, case
