"""Does the console show, remember, link and come back rightly? Its models on a blank page, its element with a socket that the test plays."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.yard.harness import ORIGIN, Yard
from tests.browser.yard.pictures import first_cluster

pytestmark = pytest.mark.browser
SCREEN = "models/screen.js"


@pytest.fixture
def ask(yard: Yard) -> Any:
    """`ask("models/screen.js", "return module.shared([])")`: the value of a script over a module."""
    page = yard.open(first_cluster())
    return lambda module, expression: page.evaluate(f'async () => {{ const module = await import("/static/js/{module}"); {expression} }}')


# --- models


def test_pieces_become_lines_of_the_kind_that_ended_them(ask: Any) -> None:
    shown = ask(
        SCREEN,
        """const screen = new module.Screen();
      const ended = screen.take([[1, "out", "/ # "], [2, "in", "echo hi\\n"], [3, "out", "hi\\n/ "], [4, "out", "# "]]);
      return [ended, screen.tail.text, screen.text];""",
    )
    assert shown == [[{"kind": "in", "text": "/ # echo hi"}, {"kind": "out", "text": "hi"}], "/ # ", "/ # echo hi\nhi\n/ # "]


def test_of_very_many_lines_the_newest_are_kept(ask: Any) -> None:
    kept = ask(
        SCREEN,
        """const screen = new module.Screen();
      screen.take([[1, "out", Array.from({ length: 5000 }, (_, index) => `${index}\\n`).join("")]]);
      return [screen.lines.length, screen.lines.at(-1).text];""",
    )
    assert kept == [2000, "4999"]


def test_history_walks_back_and_forth_and_gives_back_what_was_being_typed(ask: Any) -> None:
    walked = ask(
        SCREEN,
        """const history = new module.History(["one"]);
      history.add("two"); history.add("two"); history.add("  ");
      return [history.older("new"), history.older(""), history.older("one"), history.newer(""), history.newer(""), history.newer("x"), history.lines];""",
    )
    assert walked == ["two", "one", "one", "two", "new", "x", ["one", "two"]]


def test_names_of_objects_are_found_whole_and_with_their_kind(ask: Any) -> None:
    pieces = ask(
        SCREEN,
        """const refs = new Map([["client", "Pod/default/client"], ["web", "Service/default/web"]]);
      return ["pod/client deleted", "http://web:80", "client-2 web.default", "service/client"].map((line) => module.named(line, refs));""",
    )
    assert pieces == [
        [["pod/client", "Pod/default/client"], [" deleted", None]],
        [["http://", None], ["web", "Service/default/web"], [":80", None]],
        [["client-2 web.default", None]],
        [["service/client", None]],
    ]


def test_several_words_share_their_beginning(ask: Any) -> None:
    assert ask(SCREEN, 'return [["services", "service"], ["a", "b"], []].map(module.shared)') == ["service", "", ""]


# --- the element


class Shell:
    """The server's end of the console's socket."""

    def __init__(self, yard: Yard):
        self.heard: list[dict[str, Any]] = []
        self.sockets: list[WebSocketRoute] = []
        self.number = 0
        self.place = ""
        self.taken = 0
        self.page: Page = yard.open(first_cluster())
        self.page.route_web_socket(f"{ORIGIN.replace('http', 'ws')}/clusters/c1/terminal", self._meet)

    def open(self) -> Page:
        self.page.get_by_role("tab", name="Terminal").click()
        expect(self.page.locator(".terminal-prompt")).to_have_text("$ ")
        return self.page

    def tell(self, *entries: tuple[str, str], busy: bool = False) -> None:
        numbered = [[self.number + place + 1, kind, text] for place, (kind, text) in enumerate(entries)]
        self.number += len(entries)
        told = {"place": self.place, "busy": busy, "taken": self.taken, "last": self.number}
        self.sockets[-1].send(json.dumps({"type": "shown", "entries": numbered, **told}))

    def _meet(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(lambda text: self._hear(json.loads(text)))

    def _hear(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        if message["type"] == "open":
            self.tell()
        elif message["type"] == "go":
            self.place = message["place"]
            self.tell(("out", "$ "))


@pytest.fixture
def shell(yard: Yard) -> Shell:
    return Shell(yard)


def lines(shell: Shell) -> list[str]:
    return [each["text"] for each in shell.heard if each["type"] == "line"]


def typed(page: Page) -> Any:
    return page.get_by_label("Command line")


def test_no_socket_is_opened_before_the_tab_is(shell: Shell) -> None:
    assert not shell.sockets
    shell.open()
    assert [each["type"] for each in shell.heard] == ["open", "go"]


def test_a_name_in_the_output_opens_the_object(shell: Shell, yard: Yard) -> None:
    page = shell.open()
    shell.tell(("in", "ls\n"), ("out", "frontend-svc\n$ "))
    page.locator(".terminal-screen").get_by_role("link", name="frontend-svc").click()
    expect(page.locator("#inspector")).to_contain_text("/objects/Service/default/frontend-svc/")


def test_output_is_text_and_never_html(shell: Shell) -> None:
    page = shell.open()
    shell.tell(("out", "<img src=x onerror=alert(1)>\n$ "))
    expect(page.locator(".terminal-screen")).to_contain_text("<img src=x")
    assert page.locator(".terminal-screen img").count() == 0


def test_earlier_lines_come_back_also_after_the_page_is_loaded_again(shell: Shell) -> None:
    page = shell.open()
    typed(page).fill("echo one")
    typed(page).press("Enter")
    expect(typed(page)).to_have_value("")
    page.reload()
    page.wait_for_function("document.querySelector('[data-fact=state]').textContent === 'live'")
    page.get_by_role("tab", name="Terminal").click()
    typed(page).press("ArrowUp")
    expect(typed(page)).to_have_value("echo one")


def test_a_line_typed_while_the_connection_is_lost_is_sent_when_it_is_back(shell: Shell) -> None:
    page = shell.open()
    shell.sockets[-1].close(code=1011)
    expect(page.locator("[data-terminal-state]")).not_to_have_text("")
    typed(page).fill("echo later")
    typed(page).press("Enter")
    expect(page.locator("[data-terminal-state]")).to_have_text("")
    page.wait_for_timeout(50)
    assert lines(shell) == ["echo later"]
    assert [each["seen"] for each in shell.heard if each["type"] == "open"] == [0, 1]


def test_ctrl_c_interrupts_and_a_running_program_has_a_button_for_it(shell: Shell) -> None:
    page = shell.open()
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_hidden()
    shell.tell(("in", "sleep 9\n"), busy=True)
    expect(stop).to_be_visible()
    typed(page).press("Control+c")
    stop.click()
    expect(typed(page)).to_be_focused()
    assert [each["type"] for each in shell.heard][-2:] == ["interrupt", "interrupt"]


def test_tab_completes_and_does_not_hold_the_focus(shell: Shell, yard: Yard) -> None:
    yard.answers["/clusters/c1/terminal/completion/"] = (200, '{"start": 0, "words": ["kubectl"]}')
    page = shell.open()
    typed(page).fill("kub")
    typed(page).press("Tab")
    expect(typed(page)).to_have_value("kubectl ")
    expect(typed(page)).to_be_focused()
    yard.answers["/clusters/c1/terminal/completion/"] = (200, '{"start": 8, "words": []}')
    typed(page).press("Tab")
    expect(page.get_by_text("Nothing to complete")).to_be_visible()
    typed(page).press("Tab")
    expect(typed(page)).not_to_be_focused()


def test_escape_lets_the_next_tab_leave(shell: Shell) -> None:
    page = shell.open()
    typed(page).fill("kub")
    typed(page).press("Escape")
    typed(page).press("Tab")
    expect(typed(page)).not_to_be_focused()


def test_several_lines_that_are_pasted_run_one_after_the_other(shell: Shell) -> None:
    page = shell.open()
    typed(page).focus()
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text", "echo a\\necho b\\necho");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true })); }"""
    )
    expect(typed(page)).to_have_value("echo")
    assert lines(shell) == ["echo a", "echo b"]


def test_clear_empties_the_screen_here_and_on_the_server(shell: Shell) -> None:
    page = shell.open()
    shell.tell(("out", "much\n$ "))
    expect(page.locator(".terminal-screen div")).not_to_have_count(0)
    typed(page).fill("clear")
    typed(page).press("Enter")
    expect(page.locator(".terminal-screen div")).to_have_count(0)
    assert shell.heard[-1] == {"type": "clear"}


def test_a_refusal_of_the_server_is_read(shell: Shell) -> None:
    page = shell.open()
    shell.sockets[-1].send(json.dumps({"type": "refused", "message": 'too many: limit "terminals_per_cluster" allows 8'}))
    shell.sockets[-1].close(code=4013)
    expect(page.locator("[data-terminal-state]")).to_contain_text("terminals_per_cluster")
