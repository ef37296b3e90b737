"""What breaks clients between two states of a back end, on real files; the histories are in tests/cli."""

from pathlib import Path

import pytest

from medpro_audit.difference import compare
from medpro_audit.pipeline import audit, open_project
from medpro_audit.result import AuditResult
from medpro_audit.result.difference import Difference
from medpro_audit.rules.rule import RuleSet

PACKAGE = """{"name": "clinic", "main": "server.js", "dependencies":
 {"express": "5", "zod": "4", "joi": "17", "yup": "1", "ajv": "8", "express-validator": "7",
 "@asteasolutions/zod-to-openapi": "8"}}"""
HEAD = """
const express = require('express');
const { z } = require('zod');
const Joi = require('joi');
const yup = require('yup');
const Ajv = require('ajv');
const { body, validationResult } = require('express-validator');
const app = express();
app.use(express.json());
app.listen(1);
const validate = (schema) => (req, res, next) => { schema.parse(req.body); next(); };
const checked = (req, res, next) => { if (validationResult(req).isEmpty()) next(); else res.sendStatus(400); };
"""
END = "app.post('/x', {}, (req, res) => res.json({{ ok: true, name: req.body.name }}));\n"


def audited(folder: Path, code: str, document: str = "") -> AuditResult:
    """A back end with this code, audited by no rule."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(PACKAGE)
    (folder / "server.js").write_text(HEAD + code)
    if document:
        (folder / "openapi.yaml").write_text(document)
    return audit(open_project(folder), RuleSet(packs=(), rules=()))


def between(folder: Path, before: str, after: str) -> Difference:
    """What is different between two programs."""
    return compare(audited(folder / "before", before), audited(folder / "after", after))


def told(difference: Difference) -> list[str]:
    """Breaks, and with a question mark what can't be told."""
    breaks = [f"{each.kind} {each.part} {each.field}".strip() for each in difference.breaks]
    return [*breaks, *(f"? {each.part} {each.field}".strip() for each in difference.undecided)]


def zod(fields: str, more: str = "") -> str:
    """An endpoint whose body is this object."""
    return END.format(f"validate(z.object({{ {fields} }}){more})")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a: z.string()", "a: z.string(), b: z.string()", ["required-field-added body b"]),
        ("a: z.string()", "a: z.string(), b: z.string().optional()", []),
        ("a: z.string()", "a: z.string(), b: z.string().default('x')", []),
        ("a: z.string().optional()", "a: z.string()", ["field-made-required body a"]),
        ("a: z.string()", "a: z.string().nullish()", []),
        ("a: z.string().nullable()", "a: z.string()", ["type-narrowed body a"]),
        ("a: z.union([z.string(), z.number()])", "a: z.string()", ["type-narrowed body a"]),
        ("a: z.number()", "a: z.number().int()", ["type-narrowed body a"]),
        ("a: z.int()", "a: z.number()", []),
        ("a: z.any()", "a: z.string()", ["type-narrowed body a", "field-made-required body a"]),
        ("a: z.coerce.number()", "a: z.number()", ["type-narrowed body a"]),
        ("a: z.enum(['x', 'y'])", "a: z.enum(['x'])", ["value-removed body a"]),
        ("a: z.enum(['x'])", "a: z.enum(['x', 'y'])", []),
        ("a: z.string()", "a: z.literal('x')", ["value-removed body a"]),
        ("a: z.string().max(9)", "a: z.string().max(8)", ["limit-tightened body a"]),
        ("a: z.string().max(9)", "a: z.string().max(10)", []),
        ("a: z.number().gte(0)", "a: z.number().positive()", ["limit-tightened body a"]),
        ("a: z.number().positive()", "a: z.number().gte(0)", []),
        ("a: z.string()", "a: z.string().email()", ["check-added body a"]),
        ("a: z.string()", "a: z.string().regex(/x/)", ["check-added body a"]),
        ("a: z.string().regex(/y/)", "a: z.string().regex(/x/)", ["? body a"]),
        ("a: z.string().regex(/.+/)", "a: z.string().min(1)", ["? body a"]),
        ("a: z.string()", "a: z.string().refine((x) => x !== 'no')", ["? body a"]),
        ("a: z.string().refine((x) => x !== 'no')", "a: z.string().refine((x) => x !== 'no')", []),
        ("a: z.string().transform((x) => x + 1)", "a: z.string().transform((x) => x + 2)", []),
        (
            "a: z.array(z.string())",
            "a: z.array(z.string().min(2)).min(1)",
            ["limit-tightened body a", "limit-tightened body a[]"],
        ),
        (
            "a: z.object({ b: z.string() })",
            "a: z.object({ b: z.string(), c: z.string() })",
            ["required-field-added body a.c"],
        ),
        ("a: z.string().optional()", "...z.object({ a: z.string() }).partial().shape", []),
        ("a: z.string()", "a: unheard('a')", ["? body a"]),
        (
            "a: z.union([z.object({ b: z.string() }), z.object({ c: z.string() })])",
            "a: z.union([z.object({ b: z.string() }), z.object({ c: z.number() })])",
            ["? body a"],
        ),
    ],
)
def test_what_a_schema_accepts(tmp_path: Path, before: str, after: str, expected: list[str]) -> None:
    """Requests may not be asked for more; what can't be seen is not called unbroken."""
    assert sorted(told(between(tmp_path, zod(before), zod(after)))) == sorted(expected)


def test_fields_that_are_refused(tmp_path: Path) -> None:
    """A schema that takes others merely ignores the field that it does not name any more."""
    two, one = "a: z.string(), b: z.string()", "a: z.string()"
    assert told(between(tmp_path / "1", zod(two, ".strict()"), zod(one, ".strict()"))) == ["field-refused body b"]
    assert told(between(tmp_path / "2", zod(two), zod(one))) == []
    assert told(between(tmp_path / "3", zod(one), zod(one, ".strict()"))) == ["further-fields-refused body"]


LIBRARIES = [
    (
        (
            "(req, res, next) => { const r = Joi.object({ a: Joi.string(){0} }).validate(req.body); "
            "if (r.error) return res.sendStatus(400); next(); }"
        ),
        ".max(9)",
        ".max(8).required()",
    ),
    (
        "(req, res, next) => { yup.object({ a: yup.string(){0} }).validateSync(req.body); next(); }",
        ".max(9)",
        ".max(8).required()",
    ),
    ("[body('a').isString(){0}, checked]", ".isLength({ max: 9 }).optional()", ".isLength({ max: 8 })"),
    (
        (
            "(req, res, next) => { if (!new Ajv().compile({ type: 'object', properties: { a: {0} })(req.body)) "
            "return res.sendStatus(400); next(); }"
        ),
        "{ type: 'string', maxLength: 9 } }",
        "{ type: 'string', maxLength: 8 } }, required: ['a']",
    ),
]


@pytest.mark.parametrize(("middleware", "before", "after"), LIBRARIES)
def test_other_libraries_say_the_same(tmp_path: Path, middleware: str, before: str, after: str) -> None:
    """Their schemas are as well read."""
    first, second = (END.format("M").replace("M", middleware.replace("{0}", each)) for each in (before, after))
    assert sorted(told(between(tmp_path, first, second))) == ["field-made-required body a", "limit-tightened body a"]
    assert told(between(tmp_path / "back", second, first)) == []


def test_validation_where_there_was_none(tmp_path: Path) -> None:
    """What code without a schema took is not known; where nothing was read, a required field is new."""
    bare = "app.post('/x', (req, res) => res.json({ ok: true, name: req.body.name }));\n"
    unread = "app.post('/x', (req, res) => res.json({ ok: true, name: 1 }));\n"
    assert told(between(tmp_path / "1", bare, zod("name: z.string()"))) == ["? body"]
    assert told(between(tmp_path / "2", unread, zod("name: z.string()"))) == ["required-field-added body name"]
    assert told(between(tmp_path / "3", zod("name: z.string()"), bare)) == []


def test_endpoints_that_are_gone(tmp_path: Path) -> None:
    """Not where only a parameter is called otherwise, nor where another one answers."""
    one = "app.get('/a/:id', (req, res) => res.json({ id: 1 }));\n"
    assert told(between(tmp_path / "1", one, "")) == ["endpoint-removed endpoint"]
    assert told(between(tmp_path / "2", one, one.replace(":id", ":key"))) == []
    assert told(between(tmp_path / "3", one, one.replace(".get", ".all"))) == []
    unclear = "app.get(process.env.X + f(), (req, res) => res.json({ id: 1 }));\n"
    assert told(between(tmp_path / "4", one, unclear)) == ["? endpoint"]
    assert told(between(tmp_path / "5", one, f"if (process.env.OLD) {{ {one} }}")) == ["? endpoint"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("res.json({ a: 1, b: 2, c: 3 })", []),
        ("res.json({ a: 1 })", ["answer-field-removed answer b"]),
        (
            "if (req.query.q) return res.json({ a: 1 }); res.json({ a: 1, b: 2 })",
            ["answer-field-made-optional answer b"],
        ),
        ("res.json([1])", ["answer-type-widened answer"]),
        ("res.status(201).json({ a: 1, b: 2 })", ["answer-removed answer"]),
        ("res.json(load())", ["? answer"]),
        ("if (!req.query.q) return res.status(404).json({ error: 1 }); res.json({ a: 1, b: 2 })", []),
    ],
)
def test_what_is_answered(tmp_path: Path, after: str, expected: list[str]) -> None:
    """What was always there must stay; failures promise nothing."""
    end = "app.get('/x', (req, res) => {{ {}; }});\n"
    found = told(between(tmp_path, end.format("res.json({ a: 1, b: 2 })"), end.format(after)))
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{ data: { a: 1, b: 2 } }", "{ data: { a: 1 } }", ["answer-field-removed answer data.b"]),
        ("{ data: { a: { c: 1 } } }", "{ data: { a: { d: 1 } } }", ["answer-field-removed answer data.a.c"]),
        ("{ data: { a: 1 } }", "{ data: { a: 1, b: 2 } }", []),
        ("{ data: { a: 1 } }", "{ data: 1 }", ["? answer data"]),
        ("{ data: { a: 1 } }", "{ data: req.query }", ["? answer data"]),
        ("{ data: { a: 1, b: 2 } }", "{ data: { a: 1, ...load() } }", ["? answer data"]),
        ("{ data: { a: 1 } }", "{}", ["answer-field-removed answer data"]),
        ("{ data: { a: 1 } }", "{ data: [1] }", ["answer-type-widened answer data"]),
        ("{ data: [{ a: 1, b: 2 }] }", "{ data: [{ a: 1 }] }", ["answer-field-removed answer data[].b"]),
        ("{ data: [{ a: 1, b: 2 }] }", "{ data: [] }", []),
    ],
)
def test_what_is_answered_deeper_down(tmp_path: Path, before: str, after: str, expected: list[str]) -> None:
    """Objects within objects, and the elements of lists."""
    end = "const load = require('./load');\napp.get('/x', (req, res) => res.json({}));\n".replace("{}", "%s")
    assert told(between(tmp_path, end % before, end % after)) == expected


def test_unseen_answers_have_changed_where_their_own_code_has(tmp_path: Path) -> None:
    """Neither where the file was edited elsewhere nor where the code was only laid out otherwise."""
    one = "app.get('/x', (req, res) => { res.json(load(req)); });\n"
    other = "app.get('/y', (req, res) => res.json(load(1)));\n"
    assert told(between(tmp_path / "1", one + other, one + other.replace("1", "2"))) == ["? answer"]
    assert told(between(tmp_path / "2", one, one.replace("{ ", "{\n  "))) == []
    helper = "const answer = (res, what) => res.json(load(what));\napp.get('/x', (req, res) => answer(res, 1));\n"
    assert told(between(tmp_path / "3", helper, helper.replace("load(what)", "find(what)"))) == ["? answer"]


UNION = "validate(z.discriminatedUnion('kind', [{}]))"
CARD = "z.object({ kind: z.literal('card'), number: z.string() })"
CASH = "z.object({ kind: z.literal('cash'), sum: z.number() })"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (f"{CARD}, {CASH}", f"{CASH}, {CARD}", []),
        (f"{CARD}, {CASH}", f"{CARD}, {CASH}, {CASH.replace('cash', 'debt')}", []),
        (f"{CARD}, {CASH}, {CASH.replace('cash', 'debt')}", f"{CARD}, {CASH}", ["value-removed body kind"]),
        (
            f"{CARD}, {CASH}",
            f"{CARD}, {CASH.replace('sum: z.number()', 'sum: z.string()')}",
            ["type-narrowed body sum"],
        ),
        (
            f"{CARD}, {CASH}",
            f"{CARD}, {CASH.replace('z.number()', 'z.number(), till: z.string()')}",
            ["required-field-added body till"],
        ),
        (f"{CARD}, {CASH}", f"{CARD}, {CASH.replace('z.number()', 'z.number(), till: z.any()')}", []),
    ],
)
def test_one_of_several_schemas(tmp_path: Path, before: str, after: str, expected: list[str]) -> None:
    """What one of them has accepted must still be accepted; which is which their literals say."""
    found = told(between(tmp_path, END.format(UNION.format(before)), END.format(UNION.format(after))))
    assert found == expected


def test_schemas_without_a_tag_have_changed(tmp_path: Path) -> None:
    """It can't be told which of them has become which; one more refuses nothing."""
    union = "validate(z.union([z.object({{ a: z.string() }}), z.object({{ b: z.string(), c: {} }}){}]))"
    before = END.format(union.format("z.string()", ""))
    assert told(between(tmp_path / "1", before, END.format(union.format("z.number()", "")))) == ["? body"]
    more = ", z.object({ d: z.string(), e: z.string() })"
    assert told(between(tmp_path / "2", before, END.format(union.format("z.string()", more)))) == []


DOCUMENT = """
openapi: 3.0.3
info: { title: Clinic, version: '1' }
paths:
  /x:
    get:
      parameters:
        - { name: q, in: query, schema: { type: string } }
      responses:
        '200':
          description: fine
          content: { application/json: { schema: { $ref: '#/components/schemas/X' } } }
  /y:
    get: { responses: { '204': { description: fine } } }
  /x/{id}:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/X' } } } }
      responses: { '204': { description: fine } }
components:
  schemas:
    X:
      type: object
      required: [id]
      properties:
        { id: { type: integer }, name: { type: string, nullable: true }, next: { $ref: '#/components/schemas/X' } }
"""
SERVED = """
app.get('/x', (req, res) => send(res, req.query.q));
app.post('/x/:id', (req, res) => send(res, req.body));
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("in: query,", "in: query, required: true,", ["field-made-required query q"]),
        ("schema: { type: string } }\n", "schema: { type: string, maxLength: 3 } }\n", ["limit-tightened query q"]),
        ("required: [id]", "required: [id, name]", ["field-made-required body name"]),
        ("required: [id]", "required: []", ["answer-field-made-optional answer id"]),
        (", name: { type: string, nullable: true }", "", ["answer-field-removed answer name"]),
        ("nullable: true", "nullable: false", ["type-narrowed body name"]),
        ("type: integer", "type: number", ["answer-type-widened answer id"]),
        ("  /y:\n    get: { responses: { '204': { description: fine } } }\n", "", ["operation-removed endpoint"]),
        ("'200':", "'206':", ["answer-removed answer"]),
        ("title: Clinic", "title: Hospital", []),
        ("#/components/schemas/X' }, name", "#/components/schemas/Z' }, name", []),
    ],
)
def test_what_is_documented(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """By the OpenAPI document, through its references, also round in circles."""
    before = audited(tmp_path / "before", SERVED, DOCUMENT)
    after = audited(tmp_path / "after", SERVED, DOCUMENT.replace(old, new))
    found = compare(before, after)
    assert told(found) == expected
    assert all(each.is_documented and each.sentence.endswith("(by its documentation)") for each in found.breaks)


REGISTERED = """
const { OpenAPIRegistry } = require('@asteasolutions/zod-to-openapi');
const registry = new OpenAPIRegistry();
const Patient = z.object({ id: z.number(), name: z.string().optional() });
registry.registerPath({
  method: 'post', path: '/x/{id}',
  request: {
    params: z.object({ id: z.string() }), query: z.object({ q: z.string().optional() }),
    body: { content: { 'application/json': { schema: Patient } } },
  },
  responses: { 200: { description: 'fine', content: { 'application/json': { schema: Patient } } } },
});
app.post('/x/:id', (req, res) => send(res, req));
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("q: z.string().optional()", "q: z.string()", ["field-made-required query q"]),
        ("q: z.string().optional()", "q: z.string().optional(), r: z.string()", ["required-field-added query r"]),
        ("id: z.string()", "id: z.uuid()", ["check-added params id"]),
        ("name: z.string().optional()", "name: z.string()", ["field-made-required body name"]),
        (", name: z.string().optional()", "", ["answer-field-removed answer name"]),
        ("query: z.object({ q: z.string().optional() })", "query: load('q')", ["? query"]),
        ("query: z.object({ q: z.string().optional() }),", "", []),
        ("'fine'", "'very fine'", []),
    ],
)
def test_what_is_registered_with_schemas(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """Operations of zod-to-openapi are held against themselves as documents are."""
    before, after = (audited(tmp_path / str(len(code)), code) for code in (REGISTERED, REGISTERED.replace(old, new)))
    assert told(compare(before, after)) == expected


def test_a_document_that_is_gone(tmp_path: Path) -> None:
    """Once for all that it said and no code answers."""
    before = audited(tmp_path / "before", SERVED, DOCUMENT)
    assert told(compare(before, audited(tmp_path / "after", SERVED))) == ["? endpoint"]


def test_nothing_differs_from_itself(tmp_path: Path) -> None:
    """However little of it can be seen."""
    code = zod("a: unheard('a')") + SERVED
    assert told(compare(audited(tmp_path, code, DOCUMENT), audited(tmp_path, code, DOCUMENT))) == []
