"""The badge."""

from xml.etree import ElementTree as ET

import msgspec
import pytest

from medpro_audit.reporters.badge import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult, Verdict
from reporters.strict_xml import parsed

SVG = "{http://www.w3.org/2000/svg}"


def words(root: ET.Element) -> list[str]:
    """What can be read on it."""
    return [element.text or "" for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    ("status", "word"),
    [("passed", "passed · "), ("failed", "failed · "), ("incomplete", "incomplete · "), ("not-gated", "")],
)
def test_it_says_the_answer_and_the_share(sample: AuditResult, status: str, word: str) -> None:
    """The same in its title, for those who hear it."""
    result = msgspec.structs.replace(sample, verdict=msgspec.convert({"status": status}, Verdict))
    root = parsed(render(result, RenderOptions()))
    label, said = words(root)
    assert label == "medpro-audit"
    assert said.startswith(word)
    assert said.endswith(" %")
    assert root.get("aria-label") == root.findtext(f"{SVG}title") == f"{label}: {said}"


def test_it_says_that_nothing_is_measured(empty: AuditResult) -> None:
    """No share is not 0 %."""
    assert "not measured" in words(parsed(render(empty, RenderOptions())))[1]


def test_nothing_of_the_repository_is_on_it(hostile: AuditResult) -> None:
    """No script, no link, no text that a stranger wrote."""
    root = parsed(render(hostile, RenderOptions()))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "title", "rect", "g", "text"}
    assert "script" not in " ".join(words(root))
