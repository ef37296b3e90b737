"""``medpro-audit claims`` and ``status``, on the example and its status document."""

import json
from pathlib import Path

import pytest

from cli.conftest import Cli

EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic-api"
STATUS = EXAMPLE / "docs" / "STATUS.md"


def test_the_example_s_document_is_held_against_its_code(cli: Cli) -> None:
    """What is claimed beside what is measured, with the fraction; the answer in one sentence, first and last."""
    done = cli("claims", STATUS, EXAMPLE, "--today", "2026-11-22", "--no-cache")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].startswith("○ STATUS.md: ")
    assert max(map(len, lines)) <= 80
    text = " ".join(done.out.split())
    assert "Request validation (Zod) claimed 100 %, measured " in text
    assert "last updated on 2026-02-02, 29 days before the start on 2026-03-03" in text
    assert '"Request validation (Zod)" is claimed as done, and is open: "Implement Zod validation' in text


def test_a_gate_on_claims_fails(cli: Cli) -> None:
    """With the exit code of a gate; without --gate it only tells."""
    assert cli("claims", STATUS, EXAMPLE, "--gate", "--no-cache").code == 1


def test_claims_are_json_for_programs(cli: Cli) -> None:
    """Every claim with its line, verdict and measurement."""
    document = json.loads(cli("claims", STATUS, EXAMPLE, "-f", "json", "--no-cache").out)
    verdicts = document["report"]["verdicts"]
    assert document["counts"]["overstated"] == sum(each["status"] == "overstated" for each in verdicts)
    zod = next(each for each in verdicts if each["claim"]["subject"] == "Request validation (Zod)")
    assert zod["status"] == "overstated"
    assert zod["measured"]["denominator"] > 0


def test_an_analysis_that_did_not_happen_never_passes(cli: Cli, tmp_path: Path) -> None:
    """A document without a back end can't be said."""
    (tmp_path / "STATUS.md").write_text("- Security: 10% done\n")
    assert cli("claims", tmp_path / "STATUS.md", tmp_path, "--gate", "--no-cache").code == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "can't be read"), (b"no claims here", "it claims nothing"), (b"\xff\xfe\x00", "no UTF-8 text")],
)
def test_what_is_no_status_document_is_refused(cli: Cli, tmp_path: Path, content: bytes | None, message: str) -> None:
    """With what is wrong."""
    file = tmp_path / "STATUS.md"
    if content is not None:
        file.write_bytes(content)
    done = cli("claims", file, tmp_path, "--no-cache")
    assert done.code == 2
    assert message in done.err


def test_a_written_status_holds(cli: Cli, tmp_path: Path) -> None:
    """What `status` writes, `claims` finds true, all of it."""
    file = tmp_path / "STATUS.md"
    assert cli("status", EXAMPLE, "--write", file, "--no-cache").code == 0
    done = cli("claims", file, EXAMPLE, "--gate", "-f", "json", "--no-cache")
    document = json.loads(done.out)
    wrong = [each for each in document["report"]["verdicts"] if each["status"] not in {"holds", "unknown"}]
    assert wrong == []
    assert document["report"]["contradictions"] == []
    assert document["counts"]["holds"] > 20
    assert done.code == 0


def test_prose_around_a_written_status_is_kept(cli: Cli, tmp_path: Path) -> None:
    """It is added at the end of a document, and only replaced from then on."""
    file = tmp_path / "STATUS.md"
    file.write_text("# Ours\n\nWhat people wrote.\n")
    cli("status", EXAMPLE, "--write", file, "--no-cache")
    first = file.read_text()
    assert first.startswith("# Ours\n\nWhat people wrote.\n\n<!-- medpro-audit status")
    assert cli("status", EXAMPLE, "--check", file, "--no-cache").code == 0
    file.write_text(first.replace("complete", "finished") + "\nAnd after it.\n")
    assert cli("status", EXAMPLE, "--check", file, "--no-cache").code == 1
    cli("status", EXAMPLE, "--write", file, "--no-cache")
    assert file.read_text() == first + "\nAnd after it.\n"


def test_markers_that_do_not_fit_are_refused(cli: Cli, tmp_path: Path) -> None:
    """Nothing is written then."""
    file = tmp_path / "STATUS.md"
    file.write_text("<!-- medpro-audit status: end -->\n")
    done = cli("status", EXAMPLE, "--write", file, "--no-cache")
    assert done.code == 2
    assert "markers don't fit together" in done.err
    assert file.read_text() == "<!-- medpro-audit status: end -->\n"
