"""A bulletin as a mail: its subject, its text, and the same as HTML."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from msgspec import Struct

from medpro_audit.reporters.bulletin import Bulletin, MetricNews, Step, Worse
from medpro_audit.reporters.escaping import shortened
from medpro_audit.reporters.messages import Links
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.templating import fill_template

PICTURE = "trend@medpro-audit.invalid"
"""Id of the picture that comes with a mail."""
_WIDTH = 76
_MOST_SUBJECT = 120


class Mail(Struct, frozen=True):
    """What a mail says."""

    subject: str
    text: str
    html: str


def mail(bulletin: Bulletin, links: Links, options: RenderOptions, *, picture: str) -> Mail:
    """Write it; the subject is one line.

    Args:
        bulletin: What it tells.
        links: Where readers find more.
        options: With the templates.
        picture: Address of the picture that comes with it: ``cid:`` and its id; empty without one.
    """
    html = fill_template("pages/mail.html.j2", {"bulletin": bulletin, "links": links, "picture": picture}, options)
    return Mail(shortened(bulletin.title, _MOST_SUBJECT), "\n".join(_lines(bulletin, links)) + "\n", html)


def _lines(bulletin: Bulletin, links: Links) -> Iterator[str]:
    yield from _wrapped(bulletin.title)
    yield ""
    yield from _wrapped(f"{bulletin.mark.glyph} {bulletin.verdict}")
    for sentence in bulletin.changed:
        yield from _wrapped(sentence)
    yield from _listed("Metrics", map(_metric, bulletin.metrics), 0)
    yield from _listed("Next steps", (_step(*each) for each in enumerate(bulletin.steps, 1)), 0)
    yield from _listed("Lost protection", map(_worse, bulletin.lost), bulletin.more_lost)
    yield from _listed("What got worse", map(_worse, bulletin.worse), bulletin.more_worse)
    yield ""
    if links.page:
        yield f"The whole report: {links.page}"
    yield from _wrapped(f"Measured by {bulletin.tool} on {bulletin.today}.")


def _listed(title: str, items: Iterable[list[str]], more: int) -> Iterator[str]:
    found = [line for item in items for line in item]
    if not found:
        return
    yield from ("", title, "-" * len(title), *found)
    if more:
        yield f"and {more:,} more"


def _metric(metric: MetricNews) -> list[str]:
    change = f" · {metric.change}" if metric.change else ""
    lines = _wrapped(f"{metric.mark.glyph} {metric.title}: {metric.share} · target {metric.target}{change}")
    lines += _wrapped(metric.forecast, "  ")
    return lines + (_wrapped(f"by {metric.why}", "  ") if metric.why else [])


def _worse(each: Worse) -> list[str]:
    lines = [f"{each.mark.glyph} {each.place}", *_wrapped(each.text, "  ")]
    for commit in each.commits:
        lines += _wrapped(f"{commit.name} {commit.subject}", "    ")
    return lines


def _step(number: int, step: Step) -> list[str]:
    return _wrapped(f"{number}. {step.title}: {step.price}{f'. {step.fix}' if step.fix else ''}")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent or "  ", break_on_hyphens=False)
