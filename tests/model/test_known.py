"""Surveys and facets: run once, in any order, and none can hide what the others find."""

from collections.abc import Iterator

import pytest

from medpro_audit.model.facets import documentation
from medpro_audit.model.known import Known
from medpro_audit.model.surveys import directory
from model.memory import repository

FILES = {
    "package.json": '{"main": "server.js", "dependencies": {"express": "5"}}',
    "server.js": "const app = require('express')();\napp.get('/a', (req, res) => res.json(1));\napp.listen(1);\n",
}


def test_a_survey_that_breaks_down_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a fault of this tool, which fails every gate; all else is found."""

    def broken(_known: Known) -> Iterator[object]:
        raise ZeroDivisionError("broken")

    sound = repository(FILES)
    monkeypatch.delenv("MEDPRO_AUDIT_DEBUG", raising=False)
    monkeypatch.setattr(directory, "survey", broken)
    monkeypatch.setattr(documentation, "facet", broken)
    found = repository(FILES)
    messages = [notice.message for notice in found.notices if notice.kind == "internal"]
    assert messages == [
        f"the survey of {name} broke down: ZeroDivisionError: broken" for name in ("directory", "documentation")
    ]
    assert [endpoint.path for endpoint in found.endpoints] == ["/a"]
    assert found.subjects["directory"] == ()
    assert found.subjects["module"] == sound.subjects["module"]
