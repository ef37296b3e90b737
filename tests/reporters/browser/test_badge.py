"""The badge in a real browser."""

from typing import Any

import msgspec
import pytest

from medpro_audit.reporters.badge import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult, Verdict

pytestmark = pytest.mark.browser

FITS = """(() => {
  const [left, right] = [...document.querySelectorAll('rect')].map((one) => one.getBoundingClientRect());
  return [...document.querySelectorAll('text')].every((text, index) => {
    const [inner, outer] = [text.getBoundingClientRect(), [left, right][index]];
    return inner.left >= outer.left + 1 && inner.right <= outer.right - 1 && inner.width > outer.width / 2;
  });
})()"""


@pytest.mark.parametrize("status", ["passed", "failed", "incomplete", "not-gated"])
def test_the_words_fit_their_fields(sample: AuditResult, chromium: Any, tmp_path: Any, status: str) -> None:
    """Whatever the answer is; the image asks for nothing and complains of nothing."""
    result = msgspec.structs.replace(sample, verdict=msgspec.convert({"status": status}, Verdict))
    file = tmp_path / "badge.svg"
    file.write_text(render(result, RenderOptions()), encoding="utf-8")
    chromium.open(file)
    assert chromium.run(FITS)
    assert [url for url in chromium.requests if not url.startswith(("data:", "about:"))] == [file.as_uri()]
    assert chromium.complaints == []
