"""What the weekly page says of the week."""

import re

from msgspec.structs import replace

from medpro_audit.history.news import News
from medpro_audit.reporters.bulletin import bulletin
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.weekly import render_weekly
from medpro_audit.result import AuditResult
from reporters.weeklies import weekly_of
from reporters.weeks import first_week, new_epoch, usual_week


def _page(result: AuditResult, week: News | None, options: RenderOptions) -> str:
    told = bulletin(result, week) if week is not None else None
    return render_weekly(replace(weekly_of(result), news=week, bulletin=told), options)


def _text(page: str, begin: str, end: str) -> str:
    part = page[page.index(begin) : page.index(end)]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


def test_what_changed_stands_before_the_metrics(sample: AuditResult, options: RenderOptions) -> None:
    """Counts in a sentence, why each metric moved, what got worse with the commits, all above the scorecard."""
    page = _page(sample, usual_week(sample, subject="Add billing"), options)
    assert page.index('id="news"') < page.index('class="metrics') < page.index('id="steps"') < page.index('id="matrix"')
    news = _text(page, 'id="news"', 'class="metrics')
    assert f"{len(sample.findings)} new findings" in news
    assert "Why the metrics moved" in news
    assert "▲ +3.1" in news
    assert "a1b2c3d" in news
    assert "Add billing" in news


def test_each_metric_shows_its_weeks(sample: AuditResult, options: RenderOptions) -> None:
    """A chart and its table for each metric, with the forecast; rules lead to their findings."""
    page = _page(sample, usual_week(sample), options)
    assert page.count('<svg class="trend"') == len(sample.metrics)
    cards = page.split('<article class="metric"')[1:]
    measured = [card for card, metric in zip(cards, sample.metrics, strict=True) if metric.share is not None]
    assert all("points a week" in card or "target reached" in card.lower() for card in measured)
    assert all(len(re.findall(r"<td>2026-W\d\d", card)) > 20 for card in measured)
    assert all(f'<a href="#rule-{finding.rule.replace("/", "/")}">' in page for finding in sample.findings[:3])


def test_a_new_epoch_is_drawn_as_such(sample: AuditResult, options: RenderOptions) -> None:
    """It is told in words and in the charts; nothing is called new or moved."""
    page = _page(sample, new_epoch(sample), options)
    news = _text(page, 'id="news"', 'class="metrics')
    assert "medpro-audit 0.9.0 became 1.0.0" in news
    assert "0 new findings" in news
    assert "Why the metrics moved" not in news
    assert "Measured otherwise before: medpro-audit 0.9.0 became 1.0.0" in page


def test_without_a_history_it_says_how_to_begin_one(sample: AuditResult, options: RenderOptions) -> None:
    """And the scorecard is that of a scan."""
    page = _page(sample, None, options)
    assert "medpro-audit history backfill" in _text(page, 'id="news"', 'class="metrics')
    assert '<svg class="trend"' not in page


def test_the_first_week_compares_with_nothing(sample: AuditResult, options: RenderOptions) -> None:
    """One point a chart, and no change."""
    page = _page(sample, first_week(sample), options)
    assert "This is the first scan on record" in page
    assert "of the 5 weeks that a forecast takes are recorded" in page
