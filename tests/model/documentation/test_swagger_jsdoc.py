"""Our reading of comments against the package swagger-jsdoc itself."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medpro_audit.core.place import Place
from medpro_audit.model.documentation.comments import Part, assembled
from medpro_audit.model.documentation.jsdoc import annotations_of
from medpro_audit.model.documentation.nodes import Fault, Node, plain
from medpro_audit.model.documentation.reading import read_anchored, read_json, read_yaml
from model.documentation.swagger_jsdoc import SwaggerJsdoc, started

pytestmark = pytest.mark.node

LINES = st.lists(
    st.sampled_from(
        (
            " * @swagger",
            " * @openapi /inline:",
            "@swagger",
            " * /patients:",
            " *   get:",
            " *     summary: all of them",
            "     tags: [a]",
            " *",
            "",
            " *  - one",
            " * @param {string} id",
            " * text with an @openapi in it",
            "\t* key: value",
            " ** two stars",
            " * @openapi - dashed",
        )
    ),
    max_size=12,
)
"""Lines of comments."""

FRAGMENTS = (
    st.lists(
        st.sampled_from(
            (
                "a: 1",
                "b: text with spaces",
                "c: 'it''s'",
                "d: [1, two, {e: 3}]",
                "  f: true",
                "  - g",
                "h:",
                "i: yes",
                "j: ~",
                "200: ok",
                '"k": 0.5',
                "l: a: b",
                "m: {n: }",
                "o: &p {q: 1}",
                "r: *p",
                "a: 2",
                "s: |\n  long\n  text",
                "# comment",
                "t: 0x10",
                "u: 1e3",
                "v: '@quoted'",
                "w: @bare",
            )
        ),
        max_size=6,
    )
    .map("\n".join)
    .map(lambda text: f"{text}\n")
)

DEFINITION = {"openapi": "3.0.0", "info": {"title": "Clinic", "version": "1"}}

REPOSITORIES: Mapping[str, Mapping[str, str]] = {
    "paths and components in several files": {
        "routes/patients.js": (
            "/**\n * @swagger\n * /patients:\n *   get:\n *     summary: List\n *     responses:\n *       200:\n"
            " *         description: all\n */\n"
            "/**\n * Adds one.\n * @openapi\n * /patients:\n *   post: {summary: Add}\n * tags:\n *   - name: x\n */\n"
        ),
        "routes/wards.js": (
            "/** @openapi\n * components:\n *   schemas:\n *     Ward: {type: object}\n */\n"
            "/**\n * @openapi\n * paths:\n *   /wards:\n *     get: {summary: Wards}\n */\n"
        ),
    },
    "what is no YAML, or no JSDoc, is left out": {
        "routes/a.js": (
            "/**\n * @openapi\n * /a:\n *   get:\n *     summary: broken: text\n */\n"
            "/*\n * @openapi\n * /b: {get: {}}\n */\n"
            "// @openapi /c: {}\n"
            "/**\n * @openapi\n * /d: {get: {summary: kept}}\n */\n"
        ),
    },
    "several tags in one comment": {
        "routes/a.js": (
            "/**\n * @openapi\n * /a: {get: {summary: one}}\n * @param x\n"
            " * @swagger\n * /b: {get: {summary: two}}\n */\n"
        ),
    },
    "fragments in YAML files": {
        "routes/parts.yaml": "components:\n  schemas:\n    A: {type: string}\n/raw:\n  get: {summary: raw}\n",
        "routes/a.js": "/**\n * @openapi\n * components:\n *   schemas:\n *     B: {type: number}\n */\n",
    },
    "an anchor of another comment": {
        "routes/a.js": (
            "/**\n * @openapi\n * x-shared:\n *   answer: &answer {description: fine}\n */\n"
            "/**\n * @openapi\n * /a:\n *   get:\n *     responses: {200: *answer}\n */\n"
        ),
    },
    "one path said twice": {
        "routes/a.js": (
            "/**\n * @openapi\n * /a:\n *   get: {summary: one, tags: [x, y]}\n */\n"
            "/**\n * @openapi\n * /a:\n *   get: {description: two, tags: [z]}\n */\n"
        ),
    },
    "windows line ends": {
        "routes/a.js": "/**\r\n * @openapi\r\n * /a:\r\n *   get:\r\n *     summary: one\r\n */\r\n",
    },
}


def parts_of(path: str, text: str) -> Iterator[Part]:
    """What a file adds to a document, its comments found as the package finds them."""
    if path.endswith(".yaml"):
        yield Part(Place(path, 1), text, *read_anchored(text, path))
    else:
        for comment in re.findall(r"/\*\*[\s\S]*?\*/", text):
            for annotation in annotations_of(comment):
                yield Part(Place(path, 1), annotation.text, *read_anchored(annotation.text, path))


@pytest.fixture(scope="module")
def package() -> Iterator[SwaggerJsdoc]:
    """The package, for all tests of this file."""
    with started() as process:
        yield process


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
def test_a_comment_holds_what_the_package_finds_in_it(package: SwaggerJsdoc, lines: list[str]) -> None:
    """Whatever its stars, indentation and other tags."""
    comment = "\n".join(["/**", *lines, " */"])
    theirs = [text or "" for text in package.ask(comments=[comment])[0]]
    assert [annotation.text for annotation in annotations_of(comment)] == theirs


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=FRAGMENTS)
def test_yaml_means_what_the_package_takes_it_for(package: SwaggerJsdoc, text: str) -> None:
    """The same value, or a fault on both sides."""
    theirs = package.ask(texts=[text])[0]
    node = read_yaml(text, "a.js")
    assert theirs == ({"fault": True} if isinstance(node, Fault) else {"value": plain(node)})


@pytest.mark.parametrize("name", REPOSITORIES)
def test_the_document_is_the_one_that_the_package_makes(package: SwaggerJsdoc, name: str, tmp_path: Path) -> None:
    """Paths, components and all else that comments and fragments add to the definition."""
    files = REPOSITORIES[name]
    for path, text in files.items():
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(text.encode())
    options = {"definition": DEFINITION, "apis": ["./routes/*.js", "./routes/*.yaml"]}
    theirs = package.ask(folder=str(tmp_path), options=options)
    definition = read_json(json.dumps(DEFINITION), "server.js")
    assert isinstance(definition, Node)
    ours = plain(assembled(definition, [part for path in sorted(files) for part in parts_of(path, files[path])]))
    assert isinstance(ours, dict)
    for key in ("paths", "components"):
        assert ours.get(key, {}) == theirs.get(key, {})
