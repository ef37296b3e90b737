"""``medpro-audit report weekly``, on the example."""

from pathlib import Path

import pytest

from cli.conftest import Cli

DAY = ("--today", "2026-11-23", "--no-cache")


def test_the_weekly_report_is_one_page(cli: Cli, example: Path, tmp_path: Path) -> None:
    """With all parts that the example has something for; the same day, the same bytes."""
    file = tmp_path / "report.html"
    assert cli("report", "weekly", example, "-o", file, *DAY) == (0, "", "")
    page = file.read_text(encoding="utf-8")
    for part in ("endpoints", "structure", "helpers", "connections", "claims", "findings", "understood"):
        assert f'id="{part}"' in page
    assert "week 48, 23 November 2026" in page
    assert "docs/STATUS.md: 34 claims" in page
    assert str(example) not in page
    assert cli("report", "weekly", example, *DAY).out == page


def test_secrets_stay_in_the_repository(cli: Cli, example: Path) -> None:
    """What the example's code hides badly, its report does not show."""
    page = cli("report", "weekly", example, *DAY).out
    assert "password: 'changeme'" in (example / "billingHelper" / "billingDb.js").read_text()
    assert "&#39;…&#39;" in page
    assert "changeme" not in page


def test_a_baseline_is_shown_with_its_end(cli: Cli, example: Path, tmp_path: Path) -> None:
    """Beside what it accepts, why, and who answers for it."""
    import shutil

    root = tmp_path / "clinic"
    shutil.copytree(example, root, ignore=shutil.ignore_patterns("node_modules"))
    until = ("--reason", "moved in spring", "--owner", "Kim", "--expires", "2026-12-01")
    assert cli("baseline", "write", root, *until, "--no-cache").code == 0
    page = cli("report", "weekly", root, *DAY).out
    assert 'id="baseline"' in page
    assert "2026-12-01, in 8 days" in page
    assert "moved in spring" in page


def test_another_status_document_can_be_named(cli: Cli, example: Path, tmp_path: Path) -> None:
    """In place of the configured one; one that claims nothing is refused."""
    file = tmp_path / "OURS.md"
    file.write_text("- Security: 99 %\n")
    assert "OURS.md: 1 claim, 1 overstated" in cli("report", "weekly", example, "--status", file, *DAY).out
    file.write_text("Nothing.\n")
    done = cli("report", "weekly", example, "--status", file, *DAY)
    assert (done.code, "it claims nothing" in done.err) == (2, True)


@pytest.mark.browser
def test_it_is_printed(cli: Cli, browser: str, example: Path, tmp_path: Path) -> None:
    """To a PDF, beside the page or alone."""
    assert browser
    assert cli("report", "weekly", example, "--pdf", tmp_path / "report.pdf", *DAY) == (0, "", "")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_without_a_browser_nothing_is_begun(
    cli: Cli, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A usage error says what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    done = cli("report", "weekly", example, "-o", tmp_path / "report.html", "--pdf", tmp_path / "report.pdf", *DAY)
    assert (done.code, "apt install chromium" in done.err) == (2, True)
    assert list(tmp_path.glob("report.*")) == []
