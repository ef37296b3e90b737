"""Merges that follow whatever fields the body of a request has."""

import pytest

from medpro_audit.model.subjects.flow import Flow
from model.memory import repository

HEAD = "const express = require('express');\nconst app = express();\nconst kept = {};\n"
MERGE = """
function merge(target, source) {
  for (const key in source) {
    if (typeof source[key] === 'object') {
      if (!target[key]) target[key] = {};
      merge(target[key], source[key]);
    } else {
      target[key] = source[key];
    }
  }
  return target;
}
"""
LISTED = MERGE.replace("for (const key in source) {", "Object.keys(source).forEach((key) => {").replace(
    "  }\n  return", "  });\n  return"
)


def _flows(merge: str, merged: str) -> list[tuple[str, str, tuple[str, ...]]]:
    code = f"{HEAD}{merge}app.put('/a', (req, res) => res.json({merged}));\napp.listen(1);\n"
    found = repository({"server.js": code}).found("flow")
    return [(each.status, each.sink, each.sources) for each in found if isinstance(each, Flow)]


@pytest.mark.parametrize(
    ("merge", "merged", "sources"),
    [
        (MERGE, "merge(kept, req.body)", ("req.body",)),
        (MERGE, "merge({}, req.body.settings)", ("req.body.settings",)),
        (MERGE, "merge(kept, { theme: req.body.theme })", ("req.body.theme",)),
        (LISTED, "merge(kept, req.body)", ("req.body",)),
        (
            MERGE.replace("source) {\n", "source) {\n if (!source.hasOwnProperty(key)) continue;\n", 1),
            "merge(kept, req.body)",
            ("req.body",),
        ),
    ],
)
def test_a_merge_that_follows_any_field_can_be_made_to_write_anywhere(
    merge: str, merged: str, sources: tuple[str, ...]
) -> None:
    """Own fields of the source are no limit: JSON makes a field ``__proto__`` its own."""
    assert _flows(merge, merged) == [("tainted", "merge()", sources)]


@pytest.mark.parametrize(
    ("merge", "merged"),
    [
        (MERGE, "merge(kept, { theme: 'dark' })"),
        (MERGE, "merge(kept, req.params)"),
        (MERGE.replace("if (typeof", "if (key === '__proto__') continue;\n    if (typeof"), "merge(kept, req.body)"),
        (MERGE.replace("if (!target[key])", "if (!Object.hasOwn(target, key))"), "merge(kept, req.body)"),
        (MERGE.replace("merge(target[key], source[key]);", ""), "merge(kept, req.body)"),
        ("function merge(target, source) { return { ...target, ...source }; }\n", "merge(kept, req.body)"),
    ],
)
def test_other_merges_do_no_harm(merge: str, merged: str) -> None:
    """What leaves out the key, has fields of its own only, or stays at the top."""
    assert _flows(merge, merged) == []
