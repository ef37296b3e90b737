"""What a week has brought, in sentences."""

import pytest
from msgspec.structs import replace

from medpro_audit.history.forecast import Forecast
from medpro_audit.reporters.bulletin import MOST_WORSE, bulletin, change_in_words, forecast_in_words
from medpro_audit.result import AuditResult
from reporters.weeks import TODAY, first_week, new_epoch, record, usual_week


@pytest.mark.parametrize(
    ("points", "said"),
    [(3.1, "▲ +3.1"), (-0.4, "▼ −0.4"), (0.0, "="), (None, "")],  # noqa: RUF001
)
def test_a_change_is_told_by_sign_and_number(points: float | None, said: str) -> None:
    """With one decimal; nothing where nothing is known."""
    assert change_in_words(points) == said


@pytest.mark.parametrize(
    ("forecast", "said"),
    [
        (Forecast("reached"), "target reached"),
        (Forecast("unknown", reason="it is not measured"), "no forecast: it is not measured"),
        (Forecast("falling", -0.4, -0.6, -0.1), "falling by 0.4 points a week"),
        (Forecast("level", 0.0, -0.3, 0.4), "level, −0.3 to +0.4 points a week: no date in sight"),  # noqa: RUF001
        (Forecast("rising", 0.1, 0.05, 0.2), "+0.1 points a week: target more than five years away"),
        (
            Forecast("rising", 1.0, 0.5, 2.0, expected=TODAY, earliest=TODAY, latest=None),
            "+1.0 points a week: target about 2026-W48 (2026-W48 to never)",
        ),
    ],
)
def test_a_forecast_tells_its_uncertainty(forecast: Forecast, said: str) -> None:
    """Whatever its course."""
    assert forecast_in_words(forecast) == said


def test_the_first_week_compares_with_nothing(sample: AuditResult) -> None:
    """Nothing is called new, and no change is told."""
    told = bulletin(sample, first_week(sample))
    assert told.changed == ("This is the first scan on record: from the next one on, this says what has changed.",)
    assert told.worse == told.lost == ()
    assert {metric.change for metric in told.metrics} == {""}
    assert len(told.steps) == 3


def test_a_usual_week(sample: AuditResult) -> None:
    """Counts, metrics with their change and why, what got worse with its commits, three steps."""
    told = bulletin(sample, usual_week(sample))
    assert told.title == f"{sample.project}: {told.mark.word} · 2026-W48"
    number = len(sample.findings)
    assert told.changed[0].startswith(f"Since 010101010 of 2026-11-18: {number} new findings (")
    assert "▲ +3.1" in {metric.change for metric in told.metrics}
    assert len(told.worse) == min(number, MOST_WORSE)
    assert told.more_worse == max(number - MOST_WORSE, 0)
    assert told.worse[0].mark.word == "error"
    assert told.worse[0].commits[0].subject == "Read the body"


def test_a_new_epoch_is_no_flood(sample: AuditResult) -> None:
    """What was measured otherwise is not held against the present: no new findings, no changes of metrics."""
    told = bulletin(sample, new_epoch(sample))
    assert "0 new findings" in told.changed[0]
    assert "medpro-audit 0.9.0 became 1.0.0" in told.changed[1]
    assert told.changed[1].endswith("medpro-audit history backfill measures earlier commits as today.")
    assert told.worse == ()
    assert {metric.change for metric in told.metrics} == {""}


def test_lost_protection_is_told_one_by_one(sample: AuditResult) -> None:
    """A yes that protects and is none any more; not one that was never there, nor a test that is gone."""
    guarded = next(each for each in sample.endpoints if each.validation.body.status == "validated")
    validation = replace(guarded.validation, body=replace(guarded.validation.body, status="missing"))
    testing = replace(guarded.testing, status="untested")
    others = tuple(each for each in sample.endpoints if each is not guarded)
    now = replace(sample, endpoints=(replace(guarded, validation=validation, testing=testing), *others))
    told = bulletin(now, usual_week(now, before=sample))
    assert [each.text for each in told.lost] == [f"{guarded.method} {guarded.path}: body yes → no"]
    assert "Lost protection: 1 answer that was a yes." in told.changed


def test_nothing_invisible_and_nothing_endless_is_in_it(hostile: AuditResult) -> None:
    """Whatever the medium: one line each, cut, without characters that reorder others."""
    told = bulletin(hostile, usual_week(hostile, subject="x\u202e\n" * 500))
    texts = [told.project, told.verdict, *(each.place for each in told.worse), *(each.text for each in told.worse)]
    texts += [commit.subject for each in told.worse for commit in each.commits]
    texts += [part for metric in told.metrics for part in (metric.share, metric.why)]
    assert max(map(len, texts)) <= 600
    assert not {"\n", "\r", "\x1b", "\u202e", "\u2066"} & {*"".join(texts)}


def test_the_record_is_of_the_result(sample: AuditResult) -> None:
    """The histories of these tests hold what a scan would record."""
    assert record(sample).scan.metrics == sample.metrics
