"""A bulletin for a webhook of Microsoft Teams, made by its app Workflows: an Adaptive Card in a message.

The connectors that took other cards are retired. What stood in the repository is in text runs, which know no Markdown;
a card mentions nobody but whom its ``msteams`` property names, and ours has none.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from medpro_audit.reporters.bulletin import Bulletin, MetricNews, Step, Worse, shorter
from medpro_audit.reporters.messages import Links

MOST_BYTES = 27_000
"""Teams takes 28 KB."""
_COLOURS = {"holds": "good", "broken": "attention", "unknown": "warning", "warning": "warning", "none": "default"}

Element = dict[str, object]


def teams(bulletin: Bulletin, links: Links) -> bytes:
    """The JSON to post; where it is too long, the mildest worsenings are told as a number."""
    while len(message := _message(bulletin, links)) > MOST_BYTES and (less := shorter(bulletin)):
        bulletin = less
    return message


def _message(bulletin: Bulletin, links: Links) -> bytes:
    card: Element = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": list(_body(bulletin, links)),
        "msteams": {"width": "Full"},
    }
    if links.page:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "The whole report", "url": links.page}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return msgspec.json.encode({"type": "message", "attachments": [attachment]})


def _body(bulletin: Bulletin, links: Links) -> Iterable[Element]:
    yield _line(_run(bulletin.title, size="large", weight="bolder"))
    yield _line(_run(f"{bulletin.mark.glyph} {bulletin.verdict}", color=_COLOURS[bulletin.mark.tone], weight="bolder"))
    if bulletin.changed:
        yield _line(_run(" ".join(bulletin.changed)))
    for index, metric in enumerate(bulletin.metrics):
        yield _metric(metric) | ({"spacing": "medium"} if index == 0 else {})
    if links.picture:
        yield {
            "type": "Image",
            "url": links.picture,
            "altText": "Trend of the metrics over 26 weeks",
            "size": "stretch",
        }
    yield from _listed("Next steps", (_step(*each) for each in enumerate(bulletin.steps, 1)), 0)
    yield from _listed("Lost protection", map(_worse, bulletin.lost), bulletin.more_lost)
    yield from _listed("What got worse", map(_worse, bulletin.worse), bulletin.more_worse)
    yield _line(_run(f"Measured by {bulletin.tool} on {bulletin.today}", isSubtle=True, size="small"))


def _listed(title: str, elements: Iterable[Element], more: int) -> Iterable[Element]:
    found = list(elements)
    if not found and not more:
        return
    yield _line(_run(title, weight="bolder")) | {"spacing": "large"}
    yield from found
    if more:
        yield _line(_run(f"and {more:,} more", isSubtle=True))


def _metric(metric: MetricNews) -> Element:
    change = f" · {metric.change}" if metric.change else ""
    return _line(
        _run(f"{metric.mark.glyph} ", color=_COLOURS[metric.mark.tone]),
        _run(f"{metric.title} ", weight="bolder"),
        _run(f"{metric.share} · target {metric.target}{change} "),
        _run(metric.forecast, isSubtle=True),
    )


def _worse(each: Worse) -> Element:
    commits = "; ".join(f"{commit.name} {commit.subject}" for commit in each.commits)
    runs = [
        _run(f"{each.mark.glyph} ", color=_COLOURS[each.mark.tone]),
        _run(f"{each.place} ", fontType="monospace"),
        _run(each.text),
    ]
    return _line(*runs, *([_run(f" {commits}", isSubtle=True)] if commits else []))


def _step(number: int, step: Step) -> Element:
    fix = f". {step.fix}" if step.fix else ""
    return _line(_run(f"{number}. {step.title}: {step.price}{fix}"))


def _line(*runs: Element) -> Element:
    return {"type": "RichTextBlock", "spacing": "small", "inlines": list(runs)}


def _run(text: str, **look: object) -> Element:
    return {"type": "TextRun", "text": text, **look}
