"""Cuts what we call out of GitHub's published description of its REST API; run by hand, its result is kept.

    npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
    python tests/adapters/github_extract.py package

The whole description has 13 MB. Kept are the operations below with every schema that they need, as JSON Schema; dropped
are descriptions and examples. Where it comes from, and its licence, stand in the result.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

RESULT = Path(__file__).with_name("github_api.json")
OPERATIONS = (
    ("get", "/user"),
    ("get", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls"),
    ("get", "/repos/{owner}/{repo}/issues/{issue_number}/comments"),
    ("post", "/repos/{owner}/{repo}/issues/{issue_number}/comments"),
    ("patch", "/repos/{owner}/{repo}/issues/comments/{comment_id}"),
    ("delete", "/repos/{owner}/{repo}/issues/comments/{comment_id}"),
)
_DROPPED = {
    "description",
    "example",
    "examples",
    "externalDocs",
    "x-github",
    "x-octokit",
    "tags",
    "operationId",
    "summary",
}


def extract(package: Path) -> dict[str, Any]:
    """The part of a description that we call."""
    whole = json.loads((package / "generated" / "api.github.com.json").read_bytes())
    about = json.loads((package / "package.json").read_bytes())
    paths: dict[str, Any] = {}
    for method, path in OPERATIONS:
        paths.setdefault(path, {})[method] = _bare(whole["paths"][path][method])
    components: dict[str, dict[str, Any]] = {}
    waiting = _references(paths)
    while waiting:
        kind, name = waiting.pop()
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _bare(whole["components"][kind][name])
            waiting |= _references(components[kind][name])
    return {
        "source": f"{about['name']} {about['version']}, generated/api.github.com.json, which has it from "
        "https://github.com/github/rest-api-description",
        "license": (package / "LICENSE").read_text(encoding="utf-8"),
        "paths": paths,
        "components": components,
    }


def _bare(node: Any) -> Any:
    """Without prose, and with null among the types where OpenAPI 3.0 says nullable."""
    if isinstance(node, list):
        return [_bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: {name: _bare(inner) for name, inner in value.items()} if key == "properties" else _bare(value)
        for key, value in node.items()
        if key not in _DROPPED and key != "nullable"
    }
    if node.get("nullable") is not True:
        return made
    if isinstance(made.get("type"), str) and "enum" not in made:
        return {**made, "type": [made["type"], "null"]}
    return {"anyOf": [made, {"type": "null"}]}


def _references(node: Any) -> set[tuple[str, str]]:
    if isinstance(node, list):
        return set().union(*map(_references, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    found = set().union(*map(_references, node.values())) if node else set()
    reference = node.get("$ref")
    if isinstance(reference, str):
        _, _, kind, name = reference.split("/")
        found.add((kind, name))
    return found


if __name__ == "__main__":
    RESULT.write_text(json.dumps(extract(Path(sys.argv[1])), indent=1, sort_keys=True) + "\n", encoding="utf-8")
