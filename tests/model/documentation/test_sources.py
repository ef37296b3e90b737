"""Where documentation comes from, and what is said where that can't be seen."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpro_audit.model.documentation.globs import files_matching
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.documentation_comment import DocumentationComment
from medpro_audit.model.subjects.documentation_setup import DocumentationSetup
from medpro_audit.model.subjects.operation import Operation
from medpro_audit.model.subjects.specification import Specification
from model.memory import Files, repository

COMMENT = "/**\n * @openapi\n * /patients:\n *   get: {summary: All}\n */\n"
ROUTES = f"const router = require('express').Router();\n{COMMENT}router.get('/patients', (req, res) => res.json([]));\n"
ROUTER = f"{ROUTES}module.exports = router;\n"
DOCUMENT = {"openapi": "3.0.3", "info": {"title": "Clinic", "version": "1"}}
APPLICATION = "const express = require('express'); const app = express();\n"
BEDS = "app.get('/beds', (req, res) => res.json([])); app.listen(1);\n"


def application(apis: str) -> str:
    """An application whose comments swagger-jsdoc reads from some files."""
    return (
        f"{APPLICATION}app.use(require('./routes/patients'));\n"
        f"require('swagger-jsdoc')({{ definition: {json.dumps(DOCUMENT)}, apis: {apis} }});\napp.listen(1);\n"
    )


def endpoint_of(files: Files) -> Endpoint:
    """The only endpoint of a repository."""
    (endpoint,) = repository(files).endpoints
    return endpoint


def setup_of(files: Files, backend: str = ".") -> DocumentationSetup:
    """What a back end does about its documentation."""
    found = [each for each in repository(files).found("documentation-setup") if each.backend == backend]
    assert isinstance(found[0], DocumentationSetup)
    return found[0]


def operations_of(files: Files) -> list[Operation]:
    """The operations of a repository."""
    return [each for each in repository(files).found("operation") if isinstance(each, Operation)]


@pytest.mark.parametrize(
    ("apis", "is_read", "status"),
    [
        ("['./routes/*.js']", True, "documented"),
        ("['routes/patients.js']", True, "documented"),
        ("[`${__dirname}/routes/**/*.js`]", True, "documented"),
        ("[require('path').join(process.cwd(), 'routes', '*.js')]", True, "documented"),
        ("['./{controllers,routes}/*.{js,ts}']", True, "documented"),
        ("['./controllers/*.js']", False, "undocumented"),
        ("process.env.FILES.split(',')", None, "unknown"),
    ],
)
def test_comments_count_in_the_files_that_are_read(apis: str, is_read: bool | None, status: str) -> None:
    """As the patterns of the call say; where they are computed, nothing is known."""
    files = {"server.js": application(apis), "routes/patients.js": ROUTER}
    (comment,) = repository(files).found("documentation-comment")
    assert isinstance(comment, DocumentationComment)
    assert comment.is_read is is_read
    assert endpoint_of(files).documentation.status == status


@pytest.mark.parametrize(("package", "is_read"), [("{}", False), ('{"devDependencies": {"swagger-jsdoc": "6"}}', None)])
def test_a_script_of_the_package_around_may_read_the_comments(package: str, is_read: bool | None) -> None:
    """It need not be where they are."""
    files = {
        "package.json": package,
        "api/package.json": '{"dependencies": {"express": "4"}}',
        "api/server.js": "const app = require('express')();\napp.use(require('./routes/patients'));",
        "api/routes/patients.js": ROUTER,
    }
    (comment,) = repository(files).found("documentation-comment")
    assert isinstance(comment, DocumentationComment)
    assert comment.is_read is is_read


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("./dist/routes/*.js", ["src/routes/a.ts"]),
        ("src/routes/*.js", ["src/routes/a.ts"]),
        ("/<root>/src/**/*.ts", ["src/routes/a.ts"]),
        ("routes/*.ts", ["packages/api/routes/b.ts"]),
        ("/<root>/routes/b.ts", ["packages/api/routes/b.ts"]),
        ("nowhere/*.ts", []),
        ("../../elsewhere/*.ts", []),
    ],
)
def test_a_pattern_means_files_of_the_repository(pattern: str, found: list[str]) -> None:
    """Below the working folder, and the sources of what a compiler writes."""
    assert files_matching(pattern, ["packages/api"], ["packages/api/routes/b.ts", "src/routes/a.ts"]) == found


def test_an_operation_stands_where_its_comment_does() -> None:
    """On the line of the method."""
    (operation,) = operations_of({"server.js": application("['routes/*.js']"), "routes/patients.js": ROUTER})
    assert (operation.file, operation.line) == ("routes/patients.js", 5)


@pytest.mark.parametrize(("package", "status"), [("apidoc", "documented"), ("left-pad", "unknown")])
def test_apidoc_comments_are_documentation_where_something_makes_pages_of_them(package: str, status: str) -> None:
    """Otherwise nobody may get to see them."""
    comment = "/**\n * @api {get} /beds List beds\n * @apiSuccessExample {json} Beds\n *   []\n */\n"
    files = {
        "package.json": json.dumps({"devDependencies": {package: "1"}}),
        "server.js": f"{APPLICATION}{comment}{BEDS}",
    }
    assert endpoint_of(files).documentation.status == status
    assert setup_of(files).has_documentation is (True if status == "documented" else None)
    (operation,) = operations_of(files)
    assert (operation.line, operation.has_examples) == (3, True)


@pytest.mark.parametrize(
    "package", ["express-oas-generator", "express-jsdoc-swagger", "@hono/zod-openapi", "swagger-express-ts"]
)
def test_a_package_that_may_make_documentation_leaves_a_doubt(package: str) -> None:
    """Unless there is other documentation."""
    files = {"server.js": f"{APPLICATION}require('{package}');\n{BEDS}"}
    assert endpoint_of(files).documentation.status == "unknown"
    assert setup_of(files).has_documentation is None


@pytest.mark.parametrize("package", ["openapi-types", "swagger-ui-express", "@apidevtools/swagger-parser"])
def test_a_package_that_makes_none_leaves_none(package: str) -> None:
    """To show or to check is not to write."""
    files = {"server.js": f"{APPLICATION}require('{package}');\n{BEDS}"}
    assert setup_of(files).has_documentation is False


def test_zod_openapi_is_given_a_document() -> None:
    """Its operations are those of the object."""
    code = (
        "require('zod-openapi').createDocument({ openapi: '3.1.0', info: {}, paths: {\n"
        "  '/beds': { get: { summary: 'Beds', responses: {} } },\n} });\n"
    )
    (operation,) = operations_of({"server.js": f"{APPLICATION}{code}{BEDS}"})
    assert (operation.source, operation.line, operation.matches) == ("object", 3, True)


def test_what_is_registered_in_ways_that_can_not_be_followed_leaves_a_doubt() -> None:
    """There may be an operation for every endpoint."""
    code = (
        "const { OpenAPIRegistry } = require('@asteasolutions/zod-to-openapi');\n"
        "const registry = new OpenAPIRegistry();\n"
        "function document(path) { registry.registerPath({ method: 'get', path, responses: {} }); }\n"
    )
    endpoint = endpoint_of({"server.js": f"{APPLICATION}{code}{BEDS}"})
    assert endpoint.documentation.status == "unknown"
    assert "server.js:4" in endpoint.documentation.reason


def test_a_document_that_requests_are_held_against_is_about_this_back_end() -> None:
    """Even where none of its operations is an endpoint."""
    operation: dict[str, object] = {"get": {"responses": {}}}
    paths = {"/wards": operation, "/rooms": operation}
    code = "app.use(require('express-openapi-validator').middleware({ apiSpec: './api.json' }));\n"
    files = {"server.js": f"{APPLICATION}{code}{BEDS}", "api.json": json.dumps({**DOCUMENT, "paths": paths})}
    assert [operation.matches for operation in operations_of(files)] == [False, False]


@pytest.mark.parametrize(
    ("code", "name", "path"),
    [
        ("app.use('/docs', require('swagger-ui-express').serve);", "Swagger UI", "/docs"),
        ("app.get('/docs', require('redoc-express').default({}));", "Redoc", "/docs"),
        (
            "const r = express.Router(); app.use('/a', r); r.use('/b', require('koa2-swagger-ui')());",
            "Swagger UI",
            "/a/b",
        ),
        ("app.use('/docs', express.static(require('swagger-ui-dist').absolutePath()));", "Swagger UI", ""),
    ],
)
def test_where_people_read_it(code: str, name: str, path: str) -> None:
    """The user interface, and its path through all mounts."""
    found = setup_of({"server.js": f"{APPLICATION}{code}\n{BEDS}"})
    assert (found.has_interface, found.interface, found.interface_path) == (True, name, path)


def test_a_page_is_a_user_interface_too() -> None:
    """A static one that loads Redoc, for instance."""
    page = "<html><body><redoc spec-url='/openapi.json'></redoc></body></html>"
    found = setup_of({"server.js": f"{APPLICATION}{BEDS}", "public/api-docs.html": page})
    assert found.has_interface
    assert not setup_of({"server.js": f"{APPLICATION}{BEDS}", "public/api-docs.html": "<p>"}).has_interface


def test_objects_that_hold_themselves_or_each_other_many_times_are_read_in_time() -> None:
    """What would be too large, or never end, is not seen; the rest is."""
    levels = "".join(f"const x{at} = [{', '.join([f'x{at - 1}'] * 10)}];\n" for at in range(1, 15))
    code = (
        f"const x0 = {{ a: 1 }};\n{levels}const loop = {{}}; loop.self = loop; loop.again = loop;\n"
        "app.use('/docs', require('swagger-ui-express').setup({ openapi: '3.0.0', info: {}, x14, loop,\n"
        "  paths: { '/beds': { get: { summary: 'Beds', responses: {} } } } }));\n"
    )
    (operation,) = operations_of({"server.js": f"{APPLICATION}{code}{BEDS}"})
    assert operation.matches


def test_schemas_that_refer_to_each_other_many_times_are_read_in_time() -> None:
    """Each is looked at once."""
    schemas: dict[str, object] = {
        f"S{at}": {"allOf": [{"$ref": f"#/components/schemas/S{at + 1}"}] * 20} for at in range(20)
    }
    schemas["S20"] = {"type": "object", "properties": {"ward": {"type": "string", "example": "B"}}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    document = {
        **DOCUMENT,
        "paths": {"/beds": {"post": {"requestBody": body, "responses": {}}}},
        "components": {"schemas": schemas},
    }
    server = "app.post('/beds', (req, res) => res.json(req.body.ward)); app.listen(1);\n"
    (operation,) = operations_of({"server.js": f"{APPLICATION}{server}", "openapi.json": json.dumps(document)})
    assert (operation.body_agrees, operation.has_examples) == (True, True)


def test_a_document_that_nothing_is_seen_to_show_may_be_shown() -> None:
    """It stands in the code as an object, and an endpoint may answer with it."""
    document = "exports.document = { openapi: '3.0.0', info, paths: { ...beds, ...wards } };"
    server = f"{APPLICATION}{BEDS}"
    assert setup_of({"server.js": server, "docs.js": document}).has_documentation is None
    assert setup_of({"server.js": server, "docs.js": "exports.swagger = { paths: 1 };"}).has_documentation is False


JSDOC = "const make = require('express-jsdoc-swagger');\n"
TOLD = "/**\n * GET /beds\n * @summary Beds\n * @return {array<string>} 200 - All\n */\n"


@pytest.mark.parametrize(
    ("options", "comment", "status"),
    [
        ("{ baseDir: __dirname }", TOLD, "documented"),
        ("{ baseDir: __dirname, filesPattern: ['./routes/*.js', '*.js'] }", TOLD, "documented"),
        ("{ baseDir: __dirname, filesPattern: './routes/*.js' }", TOLD, "undocumented"),
        ("{ baseDir: __dirname, filesPattern: process.env.FILES }", TOLD, "unknown"),
        ("{ baseDir: __dirname }", TOLD.replace("GET", "get"), "documented"),
        ("{ baseDir: __dirname }", TOLD.replace("/**", "/*"), "undocumented"),
        ("{ baseDir: __dirname }", TOLD.replace("GET", "READ"), "undocumented"),
        ("{ baseDir: __dirname }", "", "undocumented"),
    ],
)
def test_jsdoc_is_documentation_where_it_is_read(options: str, comment: str, status: str) -> None:
    """By express-jsdoc-swagger, in the files that its options name."""
    code = f"{APPLICATION}{JSDOC}make(app)({options});\n{comment}{BEDS}"
    assert endpoint_of({"server.js": code}).documentation.status == status


@pytest.mark.parametrize(
    ("options", "after", "is_valid"),
    [
        ("security: { bearer: { type: 'http', scheme: 'bearer' } }", "", True),
        ("security: { bearer: { type: 'nothing' } }", "", False),
        ("", ".on('finish', (document) => complete(document))", None),
    ],
)
def test_options_of_a_generator_are_no_document(options: str, after: str, *, is_valid: bool | None) -> None:
    """It makes a document of them: schemes of security by name are asked for one by one."""
    told = TOLD if not after else TOLD.replace("array<string>", "Bed")
    settings_ = f"{{ baseDir: __dirname, info: {{ title: 'a', version: '1' }}, {options} }}"
    code = f"{APPLICATION}{JSDOC}make(app)({settings_}){after};\n{told}{BEDS}"
    (found,) = repository({"server.js": code}).found("specification")
    assert isinstance(found, Specification)
    assert found.is_valid is is_valid


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="/* \n@{}.<>[]-|&aGET param return typedef property 200", max_size=120))
def test_any_comment_is_read(comment: str) -> None:
    """Whatever stands in it, but for what ends it: behind that stands code, and none that could be read."""
    inside = comment.replace("*/", "* /")
    code = f"{APPLICATION}{JSDOC}make(app)({{ baseDir: __dirname }});\n/**\n{inside}\n*/\n{TOLD}{BEDS}"
    assert endpoint_of({"server.js": code}).documentation.status in {"documented", "undocumented"}
