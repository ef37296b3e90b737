"""The drawn trends in a real browser, and the picture of them."""

import struct
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from medpro_audit.adapters.chromium import picture
from medpro_audit.reporters.trend_svg import chart, sheet, size_of
from medpro_audit.result import AuditResult
from reporters.weeks import usual_week

pytestmark = pytest.mark.browser

APART = """(() => {
  const boxes = [...document.querySelectorAll('svg text')].map((each) => each.getBoundingClientRect());
  const beside = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5;
  const meet = (a, b) => beside(a, b) && a.top < b.bottom - 3 && b.top < a.bottom - 3;
  return boxes.flatMap((a, at) => boxes.slice(at + 1).filter((b) => meet(a, b))).length;
})()"""
INSIDE = """(() => {
  const all = document.querySelector('svg').getBoundingClientRect();
  return [...document.querySelectorAll('svg text')].map((each) => each.getBoundingClientRect())
    .every((box) => box.left >= all.left && box.right <= all.right && box.top >= all.top && box.bottom <= all.bottom);
})()"""
INK = "getComputedStyle(document.querySelector('svg polyline')).stroke"


def test_a_sheet_is_whole(sample: AuditResult, chromium: Any, tmp_path: Path) -> None:
    """No text is cut or touches another; nothing is asked for."""
    file = tmp_path / "sheet.svg"
    file.write_text(sheet(usual_week(sample).trends, "clinic · 2026-W48"), encoding="utf-8")
    chromium.open(file)
    assert (chromium.run(APART), chromium.run(INSIDE)) == (0, True)
    assert chromium.complaints == []
    assert [url for url in chromium.requests if not url.startswith(("data:", "about:"))] == [file.as_uri()]


def test_a_chart_takes_the_colours_of_its_page(sample: AuditResult, chromium: Any, tmp_path: Path) -> None:
    """Under a content security policy that admits no style of its own."""
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'\">"
    style = ":root{--accent:rgb(1, 2, 3)}"
    digest = b64encode(sha256(style.encode()).digest()).decode()
    made = chart(usual_week(sample).trends[0])
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><meta charset=utf-8>{policy.format(digest)}<style>{style}</style>{made}", "utf-8")
    chromium.open(file)
    assert chromium.run(INK) == "rgb(1, 2, 3)"
    assert chromium.complaints == []
    file.write_text(f"<!doctype html><meta charset=utf-8>{made}", "utf-8")
    chromium.open(file)
    assert chromium.run(INK) == "rgb(36, 87, 166)"


def test_the_picture_is_one(sample: AuditResult) -> None:
    """PNG, twice as large as the sheet."""
    trends = usual_week(sample).trends
    made = picture(sheet(trends), size_of(trends))
    assert made.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = size_of(trends)
    assert struct.unpack(">II", made[16:24]) == (2 * width, 2 * height)
    assert len(made) > 20_000
