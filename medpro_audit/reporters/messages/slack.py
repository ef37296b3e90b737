"""A bulletin for an incoming webhook of Slack: https://docs.slack.dev/reference/block-kit.

Text is ``mrkdwn`` and ``verbatim``: with ``&``, ``<`` and ``>`` escaped it holds no link, mention or command, and
nothing in it is made one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from medpro_audit.reporters.bulletin import Bulletin, MetricNews, Step, Worse
from medpro_audit.reporters.messages import Links

_MOST_HEADER = 150
_MOST_SECTION = 3_000
_MOST_TEXT = 10_000
"""Of all blocks together. Slack documents no such limit, and refuses messages of about 13,000 characters."""
_MOST_FALLBACK = 300
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "\N{MODIFIER LETTER GRAVE ACCENT}"})

Block = dict[str, object]


def slack(bulletin: Bulletin, links: Links) -> bytes:
    """The JSON to post."""
    sections = [
        [_bold(bulletin.mark.glyph, bulletin.verdict), *map(_escaped, bulletin.changed)],
        list(map(_metric, bulletin.metrics)),
        [f"<{_address(links.page)}|The whole report>"] if links.page else [],
        _listed("Next steps", (_step(*each) for each in enumerate(bulletin.steps, 1)), 0),
        _listed("Lost protection", map(_worse, bulletin.lost), bulletin.more_lost),
        _listed("What got worse", map(_worse, bulletin.worse), bulletin.more_worse),
    ]
    title = bulletin.title[:_MOST_HEADER]
    blocks: list[Block] = [{"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}]
    blocks += _sections(sections)
    if links.picture:
        address = (
            f"{links.picture}{'&' if '?' in links.picture else '?'}week={bulletin.week}"  # or Slack shows an old one
        )
        blocks.append({"type": "image", "image_url": address, "alt_text": "Trend of the metrics over 26 weeks"})
    fallback = _escaped(f"{bulletin.title}. {bulletin.verdict}"[:_MOST_FALLBACK])
    return msgspec.json.encode({"text": fallback, "blocks": blocks, "unfurl_links": False, "unfurl_media": False})


def _sections(sections: Iterable[Sequence[str]]) -> Iterable[Block]:
    """A section each, as long as there is room for whole lines."""
    room = _MOST_TEXT
    for lines in sections:
        text = _joined(lines, min(room, _MOST_SECTION))
        room -= len(text)
        if text:
            yield {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _joined(lines: Sequence[str], most: int) -> str:
    kept: list[str] = []
    for line in lines:
        if len("\n".join([*kept, line])) > most:
            break
        kept.append(line)
    return "\n".join(kept)


def _listed(title: str, lines: Iterable[str], more: int) -> list[str]:
    found = list(lines)
    if not found:
        return []
    return [f"*{title}*", *found, *([f"and {more:,} more"] if more else [])]


def _metric(metric: MetricNews) -> str:
    change = f" · {metric.change}" if metric.change else ""
    numbers = f"{metric.share} · target {metric.target}{change} · {metric.forecast}"
    return f"{metric.mark.glyph} *{_escaped(metric.title)}* {_escaped(numbers)}"


def _worse(each: Worse) -> str:
    commits = "".join(f"\n      {_escaped(commit.name)} {_escaped(commit.subject)}" for commit in each.commits)
    return f"{each.mark.glyph} `{_escaped(each.place)}` {_escaped(each.text)}{commits}"


def _step(number: int, step: Step) -> str:
    fix = f". {step.fix}" if step.fix else ""
    return _escaped(f"{number}. {step.title}: {step.price}{fix}")


def _bold(glyph: str, text: str) -> str:
    return f"{glyph} *{_escaped(text.replace('*', '∗'))}*"  # noqa: RUF001 - an asterisk that ends nothing


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _address(address: str) -> str:
    return _escaped(address).replace("|", "%7C")
