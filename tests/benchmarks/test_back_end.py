"""The synthetic back ends that growth is measured on."""

from pathlib import Path

import pytest

from back_end import ACTIONS, back_end, code_of
from generate import write
from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.pipeline import audit, open_project
from medpro_audit.result import AuditResult
from medpro_audit.rules.loading import load_packs


def sources(files: dict[str, str]) -> set[str]:
    """Paths of the files that hold source."""
    return {path for path in files if path.endswith(".js")}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """A small one, audited."""
    folder = tmp_path_factory.mktemp("synthetic") / "back-end"
    write(folder, 200)
    return audit(open_project(folder), load_packs(read_packs()))


@pytest.mark.parametrize("count", [27, 28, 100, 207, 208, 209, 1000])
def test_it_has_as_many_source_files_as_asked_for(count: int) -> None:
    """To the file, and none of them twice."""
    found = list(back_end(count))
    assert len(sources(dict(found))) == count
    assert len(dict(found)) == len(found)


def test_too_few_files() -> None:
    """Say how many are needed, and that many are enough."""
    with pytest.raises(ValueError, match="at least 26 source files"):
        list(back_end(25))
    assert len(sources(dict(back_end(26)))) == 26


def test_it_follows_from_its_seed() -> None:
    """And another seed makes another one."""
    assert list(back_end(100, seed=5)) == list(back_end(100, seed=5))
    assert list(back_end(100, seed=5)) != list(back_end(100, seed=6))


def test_growth_changes_nothing_that_was_there() -> None:
    """But the routers that mount what is new."""
    small, large = dict(back_end(1000)), dict(back_end(2000))
    changed = {path for path, text in small.items() if large.get(path) != text}
    assert {path for path in changed if path.startswith("routes/")} == {path for path in changed if path in large}
    assert all(path.endswith("/index.js") for path in changed if path in large)


def test_no_placeholder_is_left() -> None:
    """In paths and code."""
    text = "".join(path + content for path, content in back_end(300))
    for word in ("actOn", "idget", "ROUTE_", "GUARDS", "READS", "ARGUMENTS", "STATUS,", "// ---", "TEST_PATH", "area/"):
        assert word not in text, word


def test_rare_files_stand_in_for_others() -> None:
    """So each of them has the path of one."""
    assert set(code_of("rare")) <= set(code_of("resource"))


def test_a_scan_understands_all_of_it(result: AuditResult) -> None:
    """Every file, import, router, route and handler; in proportions as they are found."""
    understood = result.completeness
    assert understood.files_parsed == understood.files == 200
    assert understood.imports_resolved == understood.imports
    assert understood.routers_mounted == understood.routers
    assert understood.routes_resolved == understood.routes == understood.handlers_known
    assert 0.25 < understood.endpoints / understood.files < 0.75


def test_a_scan_finds_good_and_bad(result: AuditResult) -> None:
    """As in a back end that people have written."""
    verdicts = {endpoint.validation.body.status for endpoint in result.endpoints if "body" in endpoint.reads}
    assert {"validated", "missing"} <= verdicts
    assert {"logging/console-call", "zod/unvalidated-params"} <= {finding.rule for finding in result.findings}
    assert {endpoint.method for endpoint in result.endpoints} == {action.method.upper() for action in ACTIONS}


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    """Whatever is in it."""
    with pytest.raises(FileExistsError):
        write(tmp_path, 100)
    assert list(tmp_path.iterdir()) == []
