"""Printing a page with the installed browser."""

from pathlib import Path

import pytest

from medpro_audit.adapters.chromium import print_page
from medpro_audit.core.errors import UsageError

PAGE = "<!doctype html><title>x</title><h1>Report</h1><img src='http://example.invalid/x.png'>"


@pytest.mark.browser
def test_a_page_becomes_a_pdf(browser: str, tmp_path: Path) -> None:
    """Whatever it asks for is not fetched; nothing else is left."""
    assert browser
    print_page(PAGE, tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]


def test_without_a_browser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And how."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="apt install chromium"):
        print_page(PAGE, tmp_path / "report.pdf")


def test_a_browser_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the last line of what it said."""
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho first >&2\necho no display >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(UsageError, match="has printed nothing: no display"):
        print_page(PAGE, tmp_path / "report.pdf")


@pytest.mark.browser
def test_a_file_that_cant_be_written_is_named(browser: str, tmp_path: Path) -> None:
    """With what to do."""
    assert browser
    with pytest.raises(UsageError, match="name a file in an existing folder"):
        print_page(PAGE, tmp_path / "none" / "report.pdf")
