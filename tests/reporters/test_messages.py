"""The bulletin in each medium: what it says, its limits, and text that would be obeyed."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import cmarkgfm  # type: ignore[import-untyped] # has no types
import pytest
from msgspec.structs import replace

from medpro_audit.reporters.bulletin import Bulletin, Commit, MetricNews, Step, Worse, bulletin
from medpro_audit.reporters.escaping import visible
from medpro_audit.reporters.marks import BROKEN, SEVERITY_MARKS
from medpro_audit.reporters.messages import Links
from medpro_audit.reporters.messages.issue import MOST_BYTES as MOST_BYTES_OF_ISSUE
from medpro_audit.reporters.messages.issue import issue
from medpro_audit.reporters.messages.mail import mail
from medpro_audit.reporters.messages.slack import slack
from medpro_audit.reporters.messages.teams import MOST_BYTES as MOST_BYTES_OF_CARD
from medpro_audit.reporters.messages.teams import teams
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult
from reporters.conftest import HOSTILE
from reporters.weeks import TODAY, new_epoch, usual_week

LINKS = Links("https://team.github.io/clinic/", "https://team.github.io/clinic/trend.png")
ATTACK = f"{visible(HOSTILE)} <!channel> <!here|x> <@U1> <https://evil.example|click> <at>x</at> *b* _i_"
"""One line, as a bulletin holds it."""


@pytest.fixture(scope="module")
def usual(sample: AuditResult) -> Bulletin:
    """What a usual week has brought."""
    return bulletin(sample, usual_week(sample))


def attacked(length: int = 300) -> Bulletin:
    """A bulletin whose every text was written by an attacker, as long as they may be."""
    text = (ATTACK * 9)[:length]
    commits = (Commit(text[:40], text),) * 3
    worse = (Worse(SEVERITY_MARKS["error"], text, text, text, commits),) * 8
    metric = MetricNews("security", text, BROKEN, text, "90 %", "▲ +3.1", text, text)
    return Bulletin(
        project=text,
        week="2026-W48",
        today=TODAY,
        mark=BROKEN,
        verdict=text,
        changed=(text, text),
        metrics=(metric,) * 6,
        lost=worse,
        more_lost=5,
        worse=worse,
        more_worse=7,
        steps=(Step(text, text, text, text),) * 3,
        tool=text,
    )


class _Elements(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.found.append((tag, dict(attrs)))


def texts(document: Any) -> list[str]:
    """All strings of a JSON document."""
    if isinstance(document, dict):
        return [text for value in document.values() for text in texts(value)]
    if isinstance(document, list):
        return [text for value in document for text in texts(value)]
    return [document] if isinstance(document, str) else []


def test_an_issue_tells_all_of_it(usual: Bulletin, options: RenderOptions) -> None:
    """Verdict, changes, metrics, why, worsenings with commits, steps, links."""
    text = issue(usual, LINKS, options)
    for part in ("**What got worse**", "**Next steps**", "**Why they moved**", "▲ +3.1", "Read the body"):
        assert part in text
    assert f"[The whole report]({LINKS.page})" in text
    assert f"]({LINKS.picture})" in text
    assert (
        text.index(usual.mark.word) < text.index("new findings") < text.index("| Metric |") < text.index("Next steps")
    )
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert {line.count(" |") for line in rows if "%" in line} == {5}


def test_an_issue_says_of_a_new_epoch_that_nothing_is_compared(sample: AuditResult, options: RenderOptions) -> None:
    """In words, and without a list of findings."""
    text = issue(bulletin(sample, new_epoch(sample)), Links(), options)
    assert "It was measured otherwise then" in text
    assert "What got worse" not in text


def test_an_issue_obeys_nobody(options: RenderOptions) -> None:
    """As GitHub would show it: no link, image, script or mention but ours, and no broken table."""
    text = issue(attacked(), LINKS, options)
    assert len(text.encode()) <= MOST_BYTES_OF_ISSUE
    page = cmarkgfm.github_flavored_markdown_to_html(text)
    elements = _Elements(page).found
    assert {attributes["href"] for tag, attributes in elements if tag == "a"} == {LINKS.page}
    assert {attributes["src"] for tag, attributes in elements if tag == "img"} == {LINKS.picture}
    assert not {"script", "at", "del"} & {tag for tag, _ in elements}
    assert "@everyone" not in page
    assert {line.count("<td") for line in page.replace("</tr>", "\n").splitlines() if "<td" in line} <= {1, 4, 5}


def test_slack_gets_blocks_it_takes(usual: Bulletin) -> None:
    """A header, sections, the picture by its address, and a fallback for notifications."""
    message = json.loads(slack(usual, LINKS))
    kinds = [block["type"] for block in message["blocks"]]
    assert kinds[0] == "header"
    assert kinds[-1] == "image"
    assert message["blocks"][-1]["image_url"] == f"{LINKS.picture}?week=2026-W48"
    assert any(f"<{LINKS.page}|The whole report>" in text for text in texts(message))
    assert message["text"].startswith(usual.project)
    assert "image" not in [block["type"] for block in json.loads(slack(usual, Links()))["blocks"]]


def test_slack_obeys_nobody() -> None:
    """No mention, link or command but our link; nothing is made one; within the limits."""
    message = json.loads(slack(attacked(), LINKS))
    blocks = message["blocks"]
    assert len(blocks) <= 50
    sections = [block["text"] for block in blocks if block["type"] == "section"]
    assert all(text["verbatim"] and len(text["text"]) <= 3000 for text in sections)
    assert len(blocks[0]["text"]["text"]) <= 150
    assert sum(map(len, texts(blocks))) <= 13_000
    marked = re.findall(r"<[^>]*>", "\n".join([message["text"], *(text["text"] for text in sections)]))
    assert set(marked) <= {f"<{LINKS.page}|The whole report>"}


def test_teams_gets_a_card(usual: Bulletin) -> None:
    """An Adaptive Card in a message, as the app Workflows takes it."""
    message = json.loads(teams(usual, LINKS))
    (attachment,) = message["attachments"]
    card = attachment["content"]
    assert (message["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "The whole report", "url": LINKS.page}]
    assert [element["url"] for element in card["body"] if element["type"] == "Image"] == [LINKS.picture]
    plain = json.loads(teams(usual, Links()))["attachments"][0]["content"]
    assert "actions" not in plain


def test_teams_obeys_nobody() -> None:
    """What an attacker has written is in text runs only, which know neither Markdown nor mentions."""
    message = json.loads(teams(attacked(), LINKS))
    card = message["attachments"][0]["content"]
    assert {element["type"] for element in card["body"]} == {"RichTextBlock", "Image"}
    assert card["msteams"] == {"width": "Full"}
    assert {run["type"] for element in card["body"] for run in element.get("inlines", ())} == {"TextRun"}


@pytest.mark.parametrize("length", [300, 600, 900])
def test_teams_gets_no_more_than_it_takes(length: int) -> None:
    """The mildest are told as a number; the worst and the steps stay."""
    long = attacked(length)
    message = teams(
        replace(long, metrics=(), changed=(), project="p", verdict="v", tool="t", steps=long.steps[:1]), LINKS
    )
    assert len(message) <= MOST_BYTES_OF_CARD
    assert "Next steps" in message.decode()


def test_a_mail_tells_all_of_it(usual: Bulletin, options: RenderOptions) -> None:
    """As text and as HTML, with the picture that comes with it."""
    written = mail(usual, LINKS, options, picture="cid:x")
    assert written.subject == usual.title
    for text in (written.text, written.html):
        for part in ("What got worse", "Next steps", "▲ +3.1", "Read the body", LINKS.page):
            assert part in text
    assert '<img src="cid:x"' in written.html
    assert "<img" not in mail(usual, LINKS, options, picture="").html


def test_a_mail_obeys_nobody(options: RenderOptions) -> None:
    """A subject of one line; no link but ours, no script; text in lines that a mail may have."""
    written = mail(attacked(), LINKS, options, picture="cid:x")
    assert len(written.subject) <= 120
    assert written.subject.isprintable()
    elements = _Elements(written.html).found
    assert {attributes["href"] for tag, attributes in elements if tag == "a"} == {LINKS.page}
    assert {attributes["src"] for tag, attributes in elements if tag == "img"} == {"cid:x"}
    assert not {"script", "at", "iframe", "form"} & {tag for tag, _ in elements}
    assert max(map(len, written.text.splitlines())) < 998
