"""Does the page say what docs/fidelity.md says?"""

from django.conf import settings
from django.test import Client

from playground.pages.facts.fidelity import sections
from playground.pages.templatetags.switchyard import coded


def test_every_row_of_the_paper_is_a_row_here() -> None:
    paper = (settings.BASE_DIR / "docs" / "fidelity.md").read_text("utf-8")
    rows = [line for line in paper.splitlines() if line.startswith("| ") and not line.startswith("| Behaviour")]
    read = [row for section in sections() for block in section.blocks for row in block.rows]
    assert [row.behaviour for row in read] == [line.split("|")[1].strip() for line in rows]
    assert {row.badge.word for row in read} == {"same", "simplified", "absent"}


def test_the_page_shows_every_section_row_item_and_paragraph(db: None) -> None:
    page = Client().get("/fidelity/").content.decode()
    for section in sections():
        assert section.title in page
        for block in section.blocks:
            for text in (*(row.behaviour for row in block.rows), *block.items, block.paragraph):
                assert coded(text) in page


def test_code_is_marked_and_all_else_is_escaped() -> None:
    assert coded("`a<b>` & <i>") == "<code>a&lt;b&gt;</code> &amp; &lt;i&gt;"
