"""The table of route files beside their pattern, and its JSON."""

import json
from typing import Any

import msgspec

from medpro_audit.core.config import PatternElement
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.facets.pattern import Pattern
from medpro_audit.reporters.consistency import render_consistency, render_consistency_json
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import columns
from rules.builders import build

_PATTERN: tuple[PatternElement, ...] = ("router", "wrapper", "controller")


def _endpoint(file: str, line: int, *missing: PatternElement, unknown: bool = False, **changes: Any) -> Endpoint:
    pattern = Pattern(
        source="like",
        like="routes/patients.js",
        pattern=_PATTERN,
        elements=_PATTERN,
        present=tuple(element for element in _PATTERN if element not in missing),
        missing=missing,
        unknown=("wrapper",) if unknown else (),
        conforms=False if missing else None if unknown else True,
    )
    return build.endpoint(file=file, line=line, pattern=pattern, **changes)


_ENDPOINTS = (
    _endpoint("routes/visits.js", 9, "wrapper", "controller"),
    _endpoint("routes/visits.js", 4, "wrapper"),
    _endpoint("routes/patients.js", 3),
    _endpoint("routes/wards.js", 3, unknown=True),
    _endpoint("routes/wards.js", 5),
    msgspec.structs.replace(build.endpoint(), pattern=Pattern("like", "routes/patients.js", _PATTERN)),
)


def test_the_table_fits_and_names_what_is_lacking() -> None:
    """The route files that follow least stand first, with what most of their endpoints lack."""
    lines = render_consistency(_ENDPOINTS, RenderOptions()).splitlines()
    assert all(columns(line) <= 80 for line in lines)
    rows = [line for line in lines if "routes/" in line and "Pattern" not in line]
    assert rows == [
        "○  routes/visits.js    0 of 2             wrapper 2, controller 1",
        "◐  routes/wards.js     1 of 2, 1 unknown",
        "●  routes/patients.js  1 of 1",
    ]
    assert "Follow the pattern: 40 % · 2 of 5 endpoints, 1 unknown" in lines


def test_without_a_pattern_the_next_step_is_told() -> None:
    """Nothing is measured then, and that is said."""
    text = render_consistency((build.endpoint(),), RenderOptions())
    assert text.startswith("Pattern: no pattern: ")
    assert "medpro-audit consistency --like" in text
    assert render_consistency((), RenderOptions()) == "There are no endpoints.\n"


def test_hostile_names_are_harmless() -> None:
    """What the repository calls its files can't leave its cell."""
    text = render_consistency((_endpoint("a\x1b[31m\u202e|\r\n::error::x.js", 1, "wrapper"),), RenderOptions())
    assert not set(text) & set("\x1b\x9b\u202e\u2066\r")
    assert "\n::error" not in text


def test_the_document_holds_every_deviation() -> None:
    """By back end and route file, with counts that agree."""
    document = json.loads(render_consistency_json(_ENDPOINTS))
    assert document["schema_version"] == 1
    (backend,) = document["backends"]
    assert (backend["endpoints"], backend["conforming"], backend["unknown"]) == (5, 2, 1)
    assert (backend["source"], backend["like"], backend["elements"]) == ("like", "routes/patients.js", list(_PATTERN))
    visits = backend["files"][0]
    assert visits["missing"] == {"wrapper": 2, "controller": 1}
    assert [(each["line"], each["missing"]) for each in visits["deviating"]] == [
        (4, ["wrapper"]),
        (9, ["wrapper", "controller"]),
    ]


def test_the_order_of_the_endpoints_is_no_matter() -> None:
    """Same endpoints, same bytes."""
    shuffled = tuple(reversed(_ENDPOINTS))
    assert render_consistency(shuffled, RenderOptions()) == render_consistency(_ENDPOINTS, RenderOptions())
    assert render_consistency_json(shuffled) == render_consistency_json(_ENDPOINTS)
