"""Coverage reports in all formats."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.testing.coverage.istanbul import read_final, read_summary
from medpro_audit.model.testing.coverage.lcov import read_lcov
from medpro_audit.model.testing.coverage.report import ReportFault
from medpro_audit.model.testing.coverage.xml import read_xml
from model.testing.clinic import CONTROLLER, clinic, endpoint, only

LINES = {2: 3, 3: 0}
"""Of the controller: one line ran, the other did not."""
ROOT = "/home/runner/work/clinic/clinic"


def lcov(path: str, lines: dict[int, int] = LINES) -> str:
    """A tracefile of one file."""
    records = "\n".join(f"DA:{line},{count}" for line, count in lines.items())
    return f"TN:\nSF:{path}\n{records}\nLF:2\nLH:1\nend_of_record\n"


def final(path: str, lines: dict[int, int] = LINES) -> str:
    """Istanbul's report of one file."""
    where = {str(line): {"start": {"line": line, "column": 0}, "end": {"line": line, "column": None}} for line in lines}
    counts = {str(line): count for line, count in lines.items()}
    return json.dumps({path: {"path": path, "statementMap": where, "s": counts, "fnMap": {}, "branchMap": {}}})


def clover(path: str) -> str:
    """Clover's report of one file."""
    lines = "".join(f'<line num="{line}" count="{count}" type="stmt"/>' for line, count in LINES.items())
    return f'<coverage generated="1"><project><file name="x.js" path="{path}">{lines}</file></project></coverage>'


def cobertura(path: str) -> str:
    """Cobertura's report of one file, with the document type that it always has."""
    lines = "".join(f'<line number="{line}" hits="{count}"/>' for line, count in LINES.items())
    kind = '<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'
    classes = f'<class filename="{path.removeprefix(ROOT + "/")}"><lines>{lines}</lines></class>'
    return f'<?xml version="1.0"?>{kind}<coverage><sources><source>{ROOT}</source></sources>{classes}</coverage>'


PATH = f"{ROOT}/controllers/patients.js"
REPORTS = {
    "coverage/lcov.info": lcov(PATH),
    "coverage/coverage-final.json": final(PATH),
    "coverage/clover.xml": clover(PATH),
    "coverage/cobertura-coverage.xml": cobertura(PATH),
}


@pytest.mark.parametrize("name", REPORTS)
def test_every_format_says_the_same(name: str) -> None:
    """Of the module and of the handlers in it, wherever the report was made."""
    found = clinic({name: REPORTS[name]})
    module = only(found, "coverage", file="controllers/patients.js")
    assert (module.share, module.covered, module.total, module.report) == (50.0, 1, 2, name)
    assert endpoint(found, "GET /api/patients").testing.covered == 100.0
    assert endpoint(found, "GET /api/patients/:id").testing.covered == 0.0
    assert only(found, "coverage-report").is_stale is False


def test_a_summary_has_totals_only() -> None:
    """So that nothing is known of a handler."""
    totals = {"lines": {"total": 4, "covered": 3, "skipped": 0, "pct": 75}}
    found = clinic({"coverage/coverage-summary.json": json.dumps({"total": totals, PATH: totals})})
    assert only(found, "coverage", file="controllers/patients.js").share == 75.0
    assert endpoint(found, "GET /api/patients").testing.covered is None


@pytest.mark.parametrize(
    "path",
    ["controllers/patients.js", "./controllers/patients.js", "C:\\work\\clinic\\controllers\\patients.js", PATH],
)
def test_a_file_is_found_by_any_path(path: str) -> None:
    """Absolute, relative, and as Windows has it."""
    found = clinic({"coverage/lcov.info": lcov(path)})
    assert only(found, "coverage", file="controllers/patients.js").share == 50.0


def test_without_a_report_coverage_is_unknown() -> None:
    """It is not nought."""
    module = only(clinic({}), "coverage", file="controllers/patients.js")
    assert (module.status, module.share, module.reason) == ("unknown", None, "there is no coverage report")


@pytest.mark.parametrize(
    ("report", "evidence"),
    [
        (lcov(PATH, {2: 1, 99: 1}), "of controllers/patients.js it counts line 99, and the file has 4"),
        (lcov(PATH, {1: 1, 3: 1}), "of controllers/patients.js it counts line 1, which is blank now"),
        (lcov(PATH) + lcov(f"{ROOT}/services/gone.js"), "there is no services/gone.js"),
        (lcov("/elsewhere/a.js"), "there is no /elsewhere/a.js"),
    ],
)
def test_a_report_of_other_sources_is_stale(report: str, evidence: str) -> None:
    """Its content tells: no clock is asked."""
    assert CONTROLLER.startswith("\n")
    found = only(clinic({"coverage/lcov.info": report}), "coverage-report")
    assert (found.is_stale, found.evidence) == (True, evidence)


def test_an_outdated_file_is_unknown() -> None:
    """And says why."""
    found = clinic({"coverage/lcov.info": lcov(PATH, {2: 1, 99: 1})})
    module = only(found, "coverage", file="controllers/patients.js")
    assert module.reason == "the report is out of date: it counts line 99, and the file has 4"


def test_the_configuration_says_where_a_report_is() -> None:
    """Then nowhere else is looked; a report that isn't there is noted."""
    reports = {"out/cov.info": lcov(PATH), "coverage/lcov.info": lcov(PATH, {2: 1, 3: 1})}
    found = clinic(reports, coverage=("out/cov.info",))
    assert only(found, "coverage", file="controllers/patients.js").share == 50.0
    lost = clinic(reports, coverage=("out/lost.info", "../secret.info"))
    assert [notice.message.partition(":")[0] for notice in lost.notices if "coverage" in notice.message] == [
        "testing.coverage names ../secret.info, which can't be read",
        "testing.coverage names out/lost.info, which can't be read",
    ]


BOMB = '<!DOCTYPE c [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><coverage><source>&b;</source></coverage>'


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (BOMB, "it declares a document type of its own, which no report does"),
        ("<coverage>", "malformed XML, no element found in line 1"),
        ("<html/>", "it is neither a Clover nor a Cobertura report: its root is no <coverage>"),
        ("<coverage>" + "<a>" * 99, "it is nested too deeply"),
    ],
)
def test_hostile_xml_is_refused(report: str, reason: str) -> None:
    """An entity is not even declared."""
    with pytest.raises(ReportFault, match=reason.partition("<")[0]):
        list(read_xml(report.encode()))


def test_a_report_that_cannot_be_read_is_a_notice() -> None:
    """The others are read all the same."""
    found = clinic({"coverage/clover.xml": BOMB, "coverage/coverage-summary.json": "{}"})
    assert any(notice.place and notice.place.file == "coverage/clover.xml" for notice in found.notices)


@given(st.binary(max_size=60))
def test_any_bytes_can_be_read(content: bytes) -> None:
    """They are a report, or a fault of it."""
    for read in (read_lcov, read_final, read_summary, read_xml):
        for text in (content, b"<coverage>" + content, b"SF:a\nDA:" + content, b'{"a":' + content):
            with suppress(ReportFault):
                list(read(text))
