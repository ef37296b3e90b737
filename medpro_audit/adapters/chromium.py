"""Prints pages and pictures with the browser that is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from medpro_audit.core.errors import UsageError

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
    "chrome",
)
"""Names of browsers that can print without a screen, in the order in which they are looked for."""
_SECONDS = 180
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-quic",
    "--metrics-recording-only",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--no-pdf-header-footer",
)
"""Nothing is fetched: no name resolves, and what goes past that finds no proxy."""
_PICTURE_HEAD = (
    '<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\"><style>body{margin:0}svg{display:block}</style>"
)
"""Nothing in a picture runs or is loaded."""
_PICTURE_FLAGS = ("--force-device-scale-factor=2", "--hide-scrollbars")


def require_browser() -> str:
    """Path of a browser that prints.

    Raises:
        UsageError: None is installed.
    """
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise UsageError(
            "--pdf needs a browser of the Chromium family on the PATH, and there is none: install one (Debian: "
            "apt install chromium; macOS: brew install --cask chromium), or print the page from the browser you have"
        )
    return found


def print_page(page: str, file: Path) -> None:
    """Print an HTML page to a PDF file, as it looks on paper.

    Raises:
        UsageError: No browser is installed, it fails, or the file can't be written.
    """
    made = _made(page, "pdf", "--print-to-pdf")
    try:
        file.write_bytes(made)
    except OSError as fault:
        raise UsageError(f"{file} can't be written: {fault.strerror}; name a file in an existing folder") from fault


def picture(svg: str, size: tuple[int, int]) -> bytes:
    """An SVG of such a width and height as PNG on light ground, two pixels for each of its own.

    Raises:
        UsageError: No browser is installed, or it fails.
    """
    page = f"{_PICTURE_HEAD}{svg}"
    width, height = size
    return _made(page, "png", "--screenshot", f"--window-size={width},{height}", *_PICTURE_FLAGS)


def _made(page: str, suffix: str, kind: str, *flags: str) -> bytes:
    """What the browser makes of a page."""
    browser = require_browser()
    with TemporaryDirectory(prefix="medpro-audit-", ignore_cleanup_errors=True) as folder:
        source, made = Path(folder, "page.html"), Path(folder, f"made.{suffix}")
        source.write_text(page, encoding="utf-8", newline="\n")
        profile = f"--user-data-dir={Path(folder, 'profile')}"
        told = _run([browser, *_FLAGS, *flags, profile, f"{kind}={made}", source.as_uri()], made)
        if not made.is_file():
            raise UsageError(f"{browser} has printed nothing{told}; print the page from a browser instead")
        return made.read_bytes()


def _run(command: list[str], made: Path) -> str:
    """Let the browser print; what it complained about last, as the end of a sentence."""
    said = ""
    for sandbox in ((), ("--no-sandbox",)):  # root and most containers have none; our page runs no code but its own
        try:
            done = subprocess.run(  # noqa: S603 - a browser on our own page
                [*command[:1], *sandbox, *command[1:]], capture_output=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            return f": {fault}"
        if made.is_file():
            break
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        said = f": {lines[-1][:200]}" if lines else ""
    return said
