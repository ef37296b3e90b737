"""What becomes of documented operations: matched, stale, or not known; and how they differ from the code."""

import json
from collections.abc import Mapping

import pytest

from medpro_audit.model.subjects.documentation_setup import DocumentationSetup
from medpro_audit.model.subjects.facets.documentation import Documentation
from medpro_audit.model.subjects.operation import Operation
from medpro_audit.model.subjects.specification import Specification
from model.memory import Files, repository

HEAD = {"openapi": "3.0.3", "info": {"title": "Clinic", "version": "1"}}


def files(server: str, paths: Mapping[str, object], **head: object) -> dict[str, str]:
    """A server that shows a document with these paths."""
    code = (
        "const express = require('express'); const ui = require('swagger-ui-express');\n"
        "const app = express();\n"
        "app.use('/api-docs', ui.serve, ui.setup(require('./openapi.json')));\n"
        f"{server}\napp.listen(1);\n"
    )
    return {"server.js": code, "openapi.json": json.dumps({**HEAD, **head, "paths": paths}, indent=1)}


def operations_of(made: Files) -> list[Operation]:
    """The operations of a repository."""
    return [each for each in repository(made).found("operation") if isinstance(each, Operation)]


def specification_of(made: Files) -> Specification:
    """The only document of a repository."""
    (found,) = repository(made).found("specification")
    assert isinstance(found, Specification)
    return found


def documentation_of(made: Files) -> list[Documentation]:
    """How the endpoints of a repository are documented."""
    return [endpoint.documentation for endpoint in repository(made).endpoints]


def operations(server: str, paths: Mapping[str, object], **head: object) -> list[Operation]:
    """The operations of such a document."""
    return operations_of(files(server, paths, **head))


def one(server: str, paths: Mapping[str, object], **head: object) -> Operation:
    """The only operation of such a document."""
    (found,) = operations(server, paths, **head)
    return found


GET = {"get": {"responses": {"200": {"description": "fine"}}}}
PATIENTS = "app.get('/patients', (req, res) => res.json([]));"


@pytest.mark.parametrize(
    ("server", "path", "head", "matches"),
    [
        (PATIENTS, "/patients", {}, True),
        (PATIENTS, "/patient", {}, False),
        ("app.post('/patients', (req, res) => res.json([]));", "/patients", {}, False),
        ("app.all('/patients', (req, res) => res.json([]));", "/patients", {}, True),
        ("app.get('/users/:id', (req, res) => res.json([]));", "/users/me", {}, True),
        ("app.get('/v1/patients', (req, res) => res.json([]));", "/patients", {"servers": [{"url": "/v1"}]}, True),
        (
            "app.get('/v2/patients', (req, res) => res.json([]));",
            "/patients",
            {"servers": [{"url": "https://{host}.example/{base}", "variables": {"base": {"default": "v2"}}}]},
            True,
        ),
        ("app.get('/v1/patients', (req, res) => res.json([]));", "/patients", {}, True),
        (PATIENTS, "/patients", {"servers": [{"url": "https://gate.example/clinic/v1"}]}, True),
        ("app.get('/files/*', (req, res) => res.json([]));", "/files/{name}", {}, None),
        ("app.use('/rpc', require('rpc-server')());", "/rpc/call", {}, None),
        ("app.get(require('./paths')[Math.random()], (req, res) => res.json([]));", "/anything", {}, None),
    ],
)
def test_whether_an_endpoint_answers(server: str, path: str, head: dict[str, object], matches: bool | None) -> None:
    """By method and path below the document's server; not known where a wildcard, a package or a gap may answer."""
    (found,) = operations_of({**files(server, {path: GET}, **head), "paths.js": "module.exports = process.argv;"})
    assert found.matches is matches
    assert found.reason or found.matches


@pytest.mark.parametrize(
    ("entry", "matches"),
    [
        ("'get /visits/:id'", None),
        ('"GET /visits/:visitId"', None),
        ("'post /visits/:id'", False),
        ("'/visits'", False),
    ],
)
def test_a_table_that_names_a_route_may_register_it(entry: str, *, matches: bool | None) -> None:
    """By a loop that can't be followed: it is not said of the operation that nothing answers it."""
    server = f"const table = {{ {entry}: show }}; require('./plugins').load(app, table); {PATIENTS}"
    assert one(server, {"/visits/{id}": GET}).matches is matches


def test_a_long_document_of_which_hardly_anything_is_seen_is_not_stale() -> None:
    """It is the routes that can't be followed."""
    paths = {"/patients": GET, **{f"/visits/{number}": GET for number in range(20)}}
    assert [each.matches for each in operations(PATIENTS, paths)] == [True, *[None] * 20]


def test_a_document_about_another_service_says_nothing_of_this_one() -> None:
    """None of its operations is an endpoint here, and nobody is shown it."""
    made = files(PATIENTS, {"/samples": GET})
    made["server.js"] = made["server.js"].replace("ui.setup(require('./openapi.json'))", "ui.setup()")
    assert operations_of(made) == []
    assert not specification_of(made).is_about_backend


def test_a_file_made_from_the_code_gives_its_operations_to_the_code() -> None:
    """The finding is where somebody can mend it; what only the file has is the file's."""
    comment = "/**\n * @openapi\n * /patients:\n *   get: {summary: All}\n */\n"
    made = files(
        f"{comment}{PATIENTS}\nrequire('swagger-jsdoc')({{ definition: {json.dumps(HEAD)}, apis: ['*.js'] }});",
        {"/patients": GET, "/gone": GET},
    )
    found = [(each.path, each.source, each.file, each.matches) for each in operations_of(made)]
    assert found == [("/gone", "openapi", "openapi.json", False), ("/patients", "swagger-jsdoc", "server.js", True)]


def test_parameters_are_those_that_the_code_reads() -> None:
    """Query parameters by name, path parameters by their declaration."""
    listed = [{"name": "page", "in": "query"}, {"name": "sort", "in": "query"}]
    found = one(
        "app.get('/wards/:id', (req, res) => res.json({ page: req.query.page, size: req.query.size }));",
        {"/wards/{id}": {"parameters": listed, **GET}},
    )
    assert found.undeclared_parameters == ("id",)
    assert found.undocumented_parameters == ("size",)
    assert found.stale_parameters == ("sort",)
    assert found.parameters_agree is False


def test_what_reads_the_whole_query_may_read_anything() -> None:
    """Then nothing is called superfluous, and nothing complete."""
    found = one(
        "const store = require('store'); app.get('/wards', (req, res) => res.json(store.find(req.query)));",
        {"/wards": {"parameters": [{"name": "page", "in": "query"}], **GET}},
    )
    assert found.stale_parameters == ()
    assert found.parameters_agree is None


def test_what_middleware_of_all_takes_is_no_parameter_of_one() -> None:
    """Though it hands on to handlers what it has read."""
    server = (
        "app.use((req, res, next) => { if (req.query.st) { req.caller = req.query.st; } next(); });"
        "app.get('/wards', (req, res) => res.json(list(req.caller, req.query.page)));"
    )
    assert one(server, {"/wards": GET}).undocumented_parameters == ("page",)


SCHEMA = "const { z } = require('zod'); const body = z.object({ name: z.string(), ward: z.string() });\n"


def body_of(*names: str, **schema: object) -> dict[str, object]:
    """An operation that documents a body."""
    content = {"schema": {"type": "object", "properties": {name: {"type": "string"} for name in names}, **schema}}
    return {"post": {**GET["get"], "requestBody": {"content": {"application/json": content}}}}


@pytest.mark.parametrize(
    ("names", "undocumented", "stale"),
    [
        (("name", "ward"), (), ()),
        (("name",), ("ward",), ()),
        (("name", "ward", "phone"), (), ("phone",)),
    ],
)
def test_a_body_has_the_fields_of_its_schema(
    names: tuple[str, ...], undocumented: tuple[str, ...], stale: tuple[str, ...]
) -> None:
    """Of the schema that validates it, not only those that the handler uses."""
    server = f"{SCHEMA}app.use(express.json()); app.post('/p', (req, res) => res.json(body.parse(req.body).name));"
    found = one(server, {"/p": body_of(*names)})
    assert (found.undocumented_fields, found.stale_fields) == (undocumented, stale)
    assert found.body_agrees is not bool(undocumented or stale)


def test_what_all_methods_pass_takes_no_body() -> None:
    """The documented body is that of the handler behind it."""
    server = (
        "app.use(express.json()); app.route('/patients').all((req, res, next) => next(req.user ? null : 401))"
        ".post((req, res) => res.json(save(req.body.name, req.body.email)));"
    )
    found = one(server, {"/patients": body_of("name", "email")})
    assert (found.body_agrees, found.stale_fields) == (True, ())


def test_a_permissive_schema_takes_any_field() -> None:
    """What it does not name is not superfluous."""
    server = f"{SCHEMA}app.post('/p', (req, res) => res.json(body.passthrough().parse(req.body)));"
    found = one(server, {"/p": body_of("name", "ward", "phone")})
    assert found.stale_fields == ()
    assert found.body_agrees is None


def test_fields_for_answers_only_are_not_sent() -> None:
    """``readOnly`` ones are left out; those of all parts and references count."""
    parts = [{"$ref": "#/components/schemas/Named"}, {"properties": {"ward": {}, "id": {"readOnly": True}}}]
    schemas = {"Named": {"type": "object", "properties": {"name": {"type": "string"}}}}
    server = f"{SCHEMA}app.post('/p', (req, res) => res.json(body.parse(req.body)));"
    found = one(server, {"/p": body_of(properties={}, allOf=parts)}, components={"schemas": schemas})
    assert (found.body_agrees, found.undocumented_fields, found.stale_fields) == (True, (), ())


@pytest.mark.parametrize(
    ("responses", "missing"),
    [
        ({"201": {}}, ("409",)),
        ({"201": {}, "409": {}}, ()),
        ({"2XX": {}, "4XX": {}}, ()),
        ({"default": {}}, ()),
        ({}, ("201", "409")),
    ],
)
def test_statuses_are_those_that_the_handler_answers_with(responses: object, missing: tuple[str, ...]) -> None:
    """Its faults left out; a range or the default covers them."""
    server = (
        "app.post('/p', (req, res) => { if (!req.body) return res.sendStatus(500);\n"
        "if (req.body.name === 'x') return res.status(409).end(); res.status(201).end(); });"
    )
    found = one(server, {"/p": {"post": {"responses": responses}}})
    assert found.undocumented_statuses == missing


@pytest.mark.parametrize(
    ("schema", "has_examples"),
    [
        ({"type": "object"}, False),
        ({"type": "object", "example": {}}, True),
        ({"type": "object", "properties": {"example": {"type": "string"}}}, False),
        ({"type": "object", "properties": {"name": {"type": "string", "example": "Ada"}}}, True),
        ({"$ref": "#/components/schemas/Ada"}, True),
        ({"$ref": "#/components/schemas/Loop"}, False),
    ],
)
def test_an_example_anywhere_in_an_operation_counts(schema: dict[str, object], has_examples: bool) -> None:
    """In a schema that it refers to, too; a field of that name is none."""
    loop = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Loop"}}}
    components = {"schemas": {"Ada": {"type": "string", "examples": ["Ada"]}, "Loop": loop}}
    answer = {"200": {"description": "x", "content": {"application/json": {"schema": schema}}}}
    found = one(PATIENTS, {"/patients": {"get": {"responses": answer}}}, components=components)
    assert found.has_content
    assert found.has_examples is has_examples


@pytest.mark.parametrize(
    ("own", "head", "has_security"),
    [
        ({}, {}, False),
        ({"security": [{"bearer": []}]}, {}, True),
        ({}, {"security": [{"bearer": []}]}, True),
        ({"security": []}, {"security": [{"bearer": []}]}, False),
        ({"security": [{}]}, {}, False),
    ],
)
def test_security_is_the_operations_or_the_documents(
    own: dict[str, object], head: dict[str, object], has_security: bool
) -> None:
    """An empty list takes it away again."""
    assert one(PATIENTS, {"/patients": {"get": {**GET["get"], **own}}}, **head).has_security is has_security


@pytest.mark.parametrize(
    ("server", "reason"),
    [
        ("app.get('/', (req, res) => res.render('index'));", "page"),
        ("app.get('/logo.svg', (req, res) => res.send(''));", "file"),
        ("app.get('*', (req, res) => res.json([]));", "wildcards"),
        ("app.get('/api-docs/raw', (req, res) => res.json([]));", "documentation itself"),
        ("app.get('/swagger.json', (req, res) => res.json([]));", "documentation itself"),
        ("app.use('/down', (req, res) => res.json([]));", "everything below"),
        ("app.get('/data', (req, res) => req.accepts('html') ? res.render('x') : res.json([]));", ""),
        ("app.get('/docs/list', (req, res) => res.json([]));", ""),
    ],
)
def test_which_endpoints_nobody_would_look_up(server: str, reason: str) -> None:
    """Pages, files, catch-alls and the documentation itself; data is looked up."""
    (facet,) = documentation_of(files(server, {}))
    assert facet.is_expected is not bool(reason)
    assert reason in facet.reason


def test_a_second_path_of_a_documented_route_is_no_omission() -> None:
    """One registration with several paths is one thing to document."""
    first, second = documentation_of(files("app.get(['/wards', '/beds'], (req, res) => res.json([]));", {"/beds": GET}))
    assert (second.status, second.is_expected) == ("documented", True)
    assert (first.status, first.is_expected) == ("undocumented", False)


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ({}, ""),
        ({"openapi": "3.1.0"}, ""),
        ({"info": {"title": "x"}}, "version"),
        ({"openapi": "7.0"}, "no version of OpenAPI"),
        ({"components": {"schemas": {"A": {"$ref": "#/components/schemas/B"}}}}, "leads nowhere"),
        ({"tags": "none"}, "tags"),
    ],
)
def test_a_document_is_what_the_specification_allows(head: dict[str, object], fault: str) -> None:
    """By the JSON Schema of its version; a fault has its line."""
    found = specification_of(files(PATIENTS, {"/patients": GET}, **head))
    assert found.is_valid is not bool(fault)
    assert fault in found.fault


@pytest.mark.parametrize(("host", "is_valid"), [("", True), ("clinic.example", True), ("https://clinic/", False)])
def test_an_empty_host_is_that_of_the_document(host: str, *, is_valid: bool) -> None:
    """So it is written for tools that fill it in."""
    document = {"swagger": "2.0", "info": {"title": "x", "version": "1"}, "host": host, "basePath": "", "paths": {}}
    made = {**files(PATIENTS, {"/patients": GET}), "openapi.json": json.dumps(document)}
    assert specification_of(made).is_valid is is_valid


@pytest.mark.parametrize("use", ["Object.assign(bed, data)", "_.merge(bed, data)", "_.extend(bed, data)"])
def test_what_is_merged_into_a_record_takes_the_whole_body(use: str) -> None:
    """A field of the body that the code never names is no field that nothing takes."""
    schema = {"type": "object", "properties": {"id": {"type": "string"}, "ward": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": schema}}}
    server = (
        "const mongoose = require('mongoose'); const _ = require('lodash');\n"
        "const Bed = mongoose.model('Bed', new mongoose.Schema({}));\n"
        "app.put('/beds', async (req, res) => { const data = req.body; const bed = await Bed.findOne({ id: data.id });"
        f" {use}; res.json(await bed.save()); }});"
    )
    assert one(server, {"/beds": {"put": {"requestBody": body, **GET["get"]}}}).body_agrees is None


BED = {"type": "object", "properties": {"ward": {"type": "string"}, "created": {"type": "string"}}}


@pytest.mark.parametrize(
    ("code", "answer", "stale", "undocumented"),
    [
        ("store.put(req.body.ward)", {}, ("created",), ()),
        ("store.put(req.body.ward)", {"schema": BED}, (), ()),
        ("store.put(req.body.ward)", {"schema": {"type": "array", "items": BED}}, (), ()),
        ("store.put(req.body.ward, req.body.id)", {"schema": BED}, (), ()),
        ("store.put(req.body.ward, req.body.floor)", {"schema": BED}, (), ("floor",)),
    ],
)
def test_a_schema_of_the_answer_may_have_more_than_is_taken(
    code: str, answer: dict[str, object], stale: tuple[str, ...], undocumented: tuple[str, ...]
) -> None:
    """It stands for the thing; and who makes one gives it no id."""
    body = {"content": {"application/json": {"schema": BED}}}
    post = {"requestBody": body, "responses": {"201": {"description": "x", "content": {"application/json": answer}}}}
    found = one(f"app.post('/beds', (req, res) => res.status(201).json({code}));", {"/beds": {"post": post}})
    assert (found.stale_fields, found.undocumented_fields) == (stale, undocumented)


def test_what_a_provider_of_identities_sends_is_read_by_its_package() -> None:
    """And where callers become known, nobody asks who they are."""
    code = (
        "const passport = require('passport');\napp.get('/auth/provider/callback', passport.authenticate(NAME),"
        " (q, s) => s.redirect('/'));"
    )
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in ("code", "state")]
    found = one(code, {"/auth/provider/callback": {"get": {**GET["get"], "parameters": parameters}}})
    assert (found.stale_parameters, found.is_guarded) == ((), False)


def test_the_fault_of_the_likeliest_alternative_is_told() -> None:
    """Not that it fits none of them, nor that it is no reference."""
    found = specification_of(files(PATIENTS, {"/patients": {"get": {"responses": {"200": {}}}}}))
    assert '"description" is a required property' in found.fault
    assert found.line == 11


@pytest.mark.parametrize(
    ("schema", "documented", "agrees"),
    [
        ("z.number()", {"type": "string"}, False),
        ("z.number().int().optional()", {"type": "integer"}, True),
        ("z.coerce.number()", {"type": "string"}, None),
        ("z.string()", {"type": "integer"}, False),
        ("z.string().transform(Number)", {"type": "string"}, True),
        ("z.preprocess(Number, z.number())", {"type": "string"}, None),
        ("z.union([z.string(), z.number()])", {"type": "number"}, None),
        ("z.number().nullable()", {"type": ["number", "null"]}, True),
        ("z.number()", {"type": ["number", "string"]}, None),
        ("z.uuid()", {"type": "string", "format": "uuid"}, True),
        ("z.date()", {"type": "string"}, None),
        ("z.array(z.string())", {"type": "string"}, False),
        ("z.object({ a: z.string() })", {"type": "object"}, True),
        ("z.boolean()", {"allOf": [{"type": "string"}]}, None),
        ("z.number().catch(0)", {"type": "string"}, None),
        ("z.number().default(0)", {"type": "string"}, False),
    ],
)
def test_types_are_those_that_the_schema_takes(schema: str, documented: object, agrees: bool | None) -> None:
    """Where both name one, and nothing is converted."""
    server = (
        f"const {{ z }} = require('zod'); const body = z.object({{ age: {schema} }});\n"
        "app.post('/patients', (req, res) => res.json(body.parse(req.body)));"
    )
    content = {"schema": {"type": "object", "properties": {"age": documented}}}
    path = {"post": {**GET["get"], "requestBody": {"content": {"application/json": content}}}}
    assert one(server, {"/patients": path}).types_agree is agrees


def test_what_stands_before_most_endpoints_takes_its_fields_of_the_body_of_each() -> None:
    """A field that only a shared guard reads is read: the documentation does not promise too much."""
    names = [f"item{number}" for number in range(12)]
    server = (
        "app.use(express.json());\n"
        "const open = (req, res, next) => { if (req.body.isGroup) return res.status(403).end(); next(); };\n"
        + "\n".join(f"app.post('/{name}', open, (req, res) => res.json(req.body.text));" for name in names)
    )
    schema = {"type": "object", "properties": {"text": {"type": "string"}, "isGroup": {"type": "boolean"}}}
    body = {"content": {"application/json": {"schema": schema}}}
    paths = {"/item0": {"post": {"requestBody": body, "responses": {"200": {"description": "fine"}}}}}
    assert one(server, paths).body_agrees is not False


@pytest.mark.parametrize(
    "handler",
    [
        "(req, res) => res.json(search(req.query.page === '1'))",
        "async (req, res) => { const { page } = parsed(req); res.json(await list(page)); }",
        "(req, res) => { if (!req.query.token) throw new Error('no'); res.json(req.query.page); }",
    ],
)
def test_what_the_handler_names_is_not_said_to_be_read_by_nothing(handler: str) -> None:
    """On which way a handler takes a parameter need not be seen; a token is what guards ask for."""
    listed = [{"in": "query", "name": name, "schema": {"type": "string"}} for name in ("page", "token")]
    paths = {"/patients": {"get": {"parameters": listed, "responses": {"200": {"description": "fine"}}}}}
    assert one(f"app.get('/patients', {handler});", paths).stale_parameters == ()


def test_a_backup_of_a_document_is_no_document_of_its_own() -> None:
    """A file that nothing shows and that says what another one says is left out; what only it says is not."""
    made = files(PATIENTS, {"/patients": GET})
    made["openapi-backup.json"] = json.dumps({**HEAD, "paths": {"/patients": GET, "/gone": GET}})
    assert {each.specification for each in operations_of(made)} == {"openapi.json"}
    made["openapi-backup.json"] = json.dumps({**HEAD, "paths": {"/doctors": GET, "/wards": GET}})
    made["server.js"] = made["server.js"].replace("app.listen", "app.get('/doctors', (q, s) => s.json([])); app.listen")
    assert {each.specification for each in operations_of(made)} == {"openapi.json", "openapi-backup.json"}


def test_one_path_that_ends_like_one_of_ours_is_no_document_of_ours() -> None:
    """The document of another service with a single operation matches by chance."""
    made = {
        "server.js": "const express = require('express'); const app = express();\n"
        "app.get('/api/v1/search', (req, res) => res.json(req.query.q)); app.listen(1);",
        "provider-openapi.json": json.dumps({**HEAD, "paths": {"/search": GET}}),
    }
    assert operations_of(made) == []


@pytest.mark.parametrize(("pages", "is_site"), [(1, False), (4, True)])
def test_a_server_of_pages_is_a_site(pages: int, *, is_site: bool) -> None:
    """More pages than anything else: people look at them, and no program asks for a document."""
    code = "const express = require('express'); const app = express();\n"
    code += "".join(f"app.get('/page{number}', (req, res) => res.render('page'));\n" for number in range(pages))
    code += "".join(f"app.post('/form{number}', (req, res) => res.json({{}}));\n" for number in range(3))
    (found,) = repository({"package.json": "{}", "server.js": f"{code}app.listen(1);"}).found("documentation-setup")
    assert isinstance(found, DocumentationSetup)
    assert found.is_site is is_site


@pytest.mark.parametrize(
    ("code", "undocumented"),
    [
        ("if (!req.body.number) { req.body.number = `P${Date.now()}`; } save(req.body);", ()),
        ("const sent = { ...req.body }; if (!sent.number) sent.number = next(); save(sent);", ()),
        ("if (!req.body.number) { return res.status(400).end(); } save(req.body);", ("number",)),
        ("check(req.body.number); if (!req.body.number) { req.body.number = next(); } save(req.body);", ("number",)),
        ("if (req.body.number) { req.body.number = next(); } save(req.body);", ("number",)),
    ],
)
def test_a_field_that_the_server_fills_where_it_lacks_needs_no_documentation(
    code: str, undocumented: tuple[str, ...]
) -> None:
    """Unless something reads what a client has sent for it."""
    handler = f"(req, res) => {{ const {{ name }} = req.body; {code} res.end(name); }}"
    server = f"app.use(express.json()); app.post('/p', {handler});"
    assert one(server, {"/p": body_of("name")}).undocumented_fields == undocumented


def test_a_get_lacks_no_body() -> None:
    """OpenAPI has no place for one."""
    paths = {"/patients": GET}
    assert one("app.use(express.json()); app.get('/patients', (q, s) => s.json(q.body.id));", paths).body_agrees is None


def test_what_an_unknown_check_takes_is_not_told_by_the_code_behind_it() -> None:
    """The check may refuse what that reads."""
    server = (
        "app.use(express.json()); const check = require('company-checks');\n"
        "app.post('/patients', async (req, res) => {\n"
        "  const data = await check(schema, req.body); res.json(data.note); });"
    )
    paths = {"/patients": {"post": {"responses": {"200": {"description": "fine"}}}}}
    assert one(server, paths).undocumented_fields == ()


def test_who_only_logs_in_is_not_guarded_yet() -> None:
    """Whom a strategy of another service lets pass is not known; the callback has no scheme to declare."""
    head = "const passport = require('passport');\n"
    callback = f"{head}app.get('/callback', passport.authenticate('github'), (q, s) => s.json(q.user));"
    assert not one(callback, {"/callback": GET}).is_guarded


@pytest.mark.parametrize(
    ("changes", "agrees"),
    [({}, True), ({"explode": False}, False), ({"style": "deepObject"}, False)],
)
def test_an_object_in_the_query_is_sent_property_by_property(changes: dict[str, object], *, agrees: bool) -> None:
    """Its own name stands nowhere, unless its style says so."""
    schema = {"type": "object", "properties": {"limit": {"type": "integer"}, "offset": {"type": "integer"}}}
    parameter = {"in": "query", "name": "filter", "schema": schema, **changes}
    paths = {"/patients": {"get": {"parameters": [parameter], "responses": {"200": {"description": "fine"}}}}}
    server = "app.get('/patients', (req, res) => res.json([req.query.limit, req.query.offset]));"
    assert one(server, paths).parameters_agree is agrees


def test_what_a_helper_of_all_answers_reads_is_no_parameter_of_one() -> None:
    """Most endpoints come to that place, whatever they are asked for."""
    names = [f"item{number}" for number in range(12)]
    server = "const reply = (req, res, found) => res.json({ found, page: +req.query.page || 1 });\n" + "\n".join(
        f"app.get('/{name}', (req, res) => reply(req, res, req.query.own{name}));" for name in names
    )
    found = one(server, {"/item0": GET})
    assert found.undocumented_parameters == ("ownitem0",)


@pytest.mark.parametrize(
    ("written", "undocumented"),
    [
        ({}, ("name",)),
        ({"deprecated": True}, ()),
        ({"deprecated": False}, ("name",)),
        ({"parameters": [{"name": "name", "schema": {"type": "string"}}]}, ()),
        ({"parameters": [{"name": "name", "in": "header", "schema": {"type": "string"}}]}, ("name",)),
    ],
)
def test_what_is_deprecated_or_malformed_is_not_compared(written: dict[str, object], undocumented: object) -> None:
    """A stub sends its readers elsewhere; a parameter that does not say where it is sent may be of the body."""
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"age": {"type": "number"}}}}}}
    code = "app.use(express.json());\napp.post('/p', (req, res) => res.json(save(req.body.name, req.body.age)));"
    paths = {"/p": {"post": {"responses": {"200": {"description": "fine"}}, **written}}}
    if "parameters" not in written or "'in'" in str(written):
        paths["/p"]["post"]["requestBody"] = body
    assert one(code, paths).undocumented_fields == undocumented
