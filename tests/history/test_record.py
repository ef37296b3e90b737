"""What is kept of a scan, and what it measured with."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from msgspec import structs

from medpro_audit.core.config import BaselineConfig, ClaimsConfig, Config, GateConfig, ScanConfig, StructureConfig
from medpro_audit.core.place import Step
from medpro_audit.history.record import Epoch, Record, Revision, canonical, change_of_epoch, epoch_of, record_of
from medpro_audit.result import AuditResult, Completeness, Tool, Verdict
from medpro_audit.rules.loading import load_packs
from recorded import epoch, finding, metric, record, scan
from rules.builders import build, pack_files

REVISION = Revision(datetime(2026, 6, 1, 9, tzinfo=UTC), "a" * 40, "main")


def _result(**changes: object) -> AuditResult:
    result = AuditResult(
        1,
        Tool("medpro-audit", "1.0"),
        "clinic",
        Verdict("passed"),
        (metric(share=50.0),),
        (),
        Completeness(1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
        (structs.replace(finding("a"), trail=(Step("a.js", 1, "here"),)),),
        (build.endpoint(),),
        *((),) * 7,
    )
    return structs.replace(result, **changes)


def _epoch(rule: Mapping[str, str] = {}, config: Config = Config()) -> Epoch:  # noqa: B008 - nobody changes them
    return epoch_of("1.0", load_packs(pack_files(**rule)), config)


def test_a_record_keeps_what_was_measured_and_found() -> None:
    """Without trails; endpoints with an answer to each question; under the project's name or another one."""
    kept = record_of(_result(), REVISION, epoch())
    assert kept.findings == (finding("a"),)
    (endpoint,) = kept.endpoints
    assert (endpoint.method, endpoint.path, endpoint.verdicts["body"]) == ("POST", "/patients", "no")
    assert kept.scan.findings == {"error": 1, "warning": 0, "note": 0}
    assert (kept.scan.verdict, kept.scan.endpoints, kept.scan.project) == ("passed", 1, "clinic")
    assert record_of(_result(), REVISION, epoch(), "other").scan.project == "other"


def test_moments_are_kept_in_utc() -> None:
    """The same moment, however its zone was written."""
    there = datetime(2026, 6, 1, 11, tzinfo=timezone(timedelta(hours=2)))
    kept = record_of(_result(), structs.replace(REVISION, at=there), epoch())
    assert msgspec.json.encode(kept.scan.revision) == msgspec.json.encode(REVISION)


def test_text_that_no_database_keeps_is_made_harmless() -> None:
    """Null characters and halves of characters, wherever they stand; all else stays as it is."""
    hostile = structs.replace(finding("a"), message="a\0b\ud800", path="/\u202e\U0001f600\\u0000")
    kept = record_of(_result(findings=(hostile,), project="x\udcff\0"), REVISION, epoch())
    assert kept.scan.project == "x?\N{SYMBOL FOR NULL}"
    assert kept.findings[0].message == "a\N{SYMBOL FOR NULL}b?"
    assert kept.findings[0].path == hostile.path
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Record) == kept
    assert canonical(kept) == kept


def test_scans_of_one_state_by_the_same_measure_have_one_key() -> None:
    """Whatever was found; another project, commit or epoch makes another."""
    one = scan(0)
    assert scan(0, metric(share=1.0)).key == one.key
    others = [scan(1), scan(0, project="other"), scan(0, epoch=epoch("2.0"))]
    assert len({one.key, *(each.key for each in others)}) == 4


def test_what_was_never_committed_is_told_apart_by_its_time() -> None:
    """Files changed since a commit, or no commit at all."""
    later = {"at": REVISION.at + timedelta(seconds=1)}
    for revision in (structs.replace(REVISION, is_dirty=True), Revision(REVISION.at)):
        first, second = (
            structs.replace(scan(0), revision=each) for each in (revision, structs.replace(revision, **later))
        )
        assert first.key != second.key
    clean = [structs.replace(scan(0), revision=each) for each in (REVISION, structs.replace(REVISION, **later))]
    assert clean[0].key == clean[1].key


def test_a_state_has_a_name() -> None:
    """With a plus where files were changed since."""
    assert REVISION.name == "aaaaaaaaa"
    assert structs.replace(REVISION, is_dirty=True).name == "aaaaaaaaa+"
    assert Revision(REVISION.at).name == "uncommitted"


def test_the_order_of_keys_makes_no_epoch() -> None:
    """Neither that of rules, nor that in a configuration, nor that in a rule."""
    assert Epoch("1", {"a/a": "1", "b/b": "2"}, "c").id == Epoch("1", {"b/b": "2", "a/a": "1"}, "c").id
    layouts = ({"routes": ("a",), "service": ("b",)}, {"service": ("b",), "routes": ("a",)})
    first, second = (Config(structure=StructureConfig(layout=layout)) for layout in layouts)  # type: ignore[arg-type]  # literals
    assert _epoch(config=first).id == _epoch(config=second).id
    conditions = ("{reads: {contains: body}, kind: route}", "{kind: route, reads: {contains: body}}")
    assert len({_epoch({"where": where}).id for where in conditions}) == 1


@pytest.mark.parametrize(
    "config",
    [
        Config(gate=GateConfig(fail_on="error")),
        Config(baseline=BaselineConfig("elsewhere.jsonl")),
        Config(claims=ClaimsConfig(tolerance=1.0)),
    ],
)
def test_what_changes_no_measurement_begins_no_epoch(config: Config) -> None:
    """What the gate fails, where the baseline stands, what a document claims."""
    assert _epoch(config=config) == _epoch()


@pytest.mark.parametrize(
    "config",
    [
        Config(scan=ScanConfig(exclude=("old/",))),
        Config(middleware={"x": ("authentication",)}),
        Config(structure=StructureConfig(layout={"routes": ("b", "a")})),
    ],
)
def test_what_is_read_in_another_way_begins_an_epoch(config: Config) -> None:
    """Which files, who asks for a login, where things belong; also the order of folders."""
    assert _epoch(config=config).id != _epoch().id
    assert change_of_epoch(_epoch(), _epoch(config=config)) == "the configuration changed"
    assert not _epoch().reads_like(_epoch(config=config))


@pytest.mark.parametrize(
    "change", [{"severity": "warning"}, {"metric": "security"}, {"weight": "3"}, {"where": "{kind: use}"}]
)
def test_a_rule_that_asks_or_counts_otherwise_begins_an_epoch(change: dict[str, str]) -> None:
    """By what it asks, its severity, metric or weight."""
    changed = _epoch(change)
    assert change_of_epoch(_epoch(), changed) == "1 rule changed"
    assert _epoch().reads_like(changed)


@pytest.mark.parametrize("key", ["message", "title", "why", "fix", "effort"])
def test_words_begin_no_epoch(key: str) -> None:
    """A rule may be explained better at any time."""
    assert _epoch({key: "2h" if key == "effort" else "Other words."}) == _epoch()


def test_a_change_of_epoch_is_told_in_words() -> None:
    """Everything at once; two of one epoch have none."""
    before = epoch("1.0", "c", a="1", b="2", c="3")
    after = epoch("1.1", "d", a="1", b="x", d="4", e="5")
    assert change_of_epoch(before, before) is None
    told = "medpro-audit 1.0 became 1.1; 2 rules added; 1 rule removed; 1 rule changed; the configuration changed"
    assert change_of_epoch(before, after) == told
    assert record(0, epoch=before).scan.epoch.id != record(0, epoch=after).scan.epoch.id
