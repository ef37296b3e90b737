"""express-openapi: what path modules export becomes endpoints, behind the security handlers that are asked for."""

import pytest

from medpro_audit.model.subjects import Endpoint, Repository
from model.memory import repository
from model.serving import verdict

PACKAGE = '{"main": "src/app.js", "dependencies": {"express": "4", "express-openapi": "12", "jsonwebtoken": "9"}}'
DOCUMENT = "{ openapi: '3.0.0', components: { securitySchemes: { bearer: {}, key: {} } }, paths: {} }"
BEARER = """async (req) => {
    try { req.user = jwt.verify(req.headers.authorization, process.env.SECRET); return true; }
    catch (e) { return false; }
}"""
OPEN = "exports.get = (req, res) => { res.json([]); };"


def application(*options: str, document: str = DOCUMENT, before: str = "", **modules: str) -> Repository:
    """An application whose path modules are these, ``patients__{id}`` for ``patients/{id}.js``."""
    given = "".join(f", {option}" for option in options)
    source = f"""
        const express = require('express');
        const path = require('path');
        const jwt = require('jsonwebtoken');
        const {{ initialize }} = require('express-openapi');
        const app = express();
        {before}
        initialize({{ app, apiDoc: {document}, paths: path.resolve(__dirname, 'paths'){given} }});
        app.listen(3000);
    """
    files = {f"src/paths/{name.replace('__', '/')}.js": text for name, text in modules.items()}
    return repository({"package.json": PACKAGE, "src/app.js": source, **files})


def routes(found: Repository) -> list[str]:
    """Method and path of each operation."""
    return sorted(endpoint.identity for endpoint in found.endpoints if not endpoint.path.endswith("/api-docs"))


def operation(*options: str, asked: str = "[{ bearer: [] }]", document: str = DOCUMENT) -> Endpoint:
    """The one operation of an application, whose ``security`` is this."""
    module = f"exports.POST = (req, res) => {{ res.json(1); }}; exports.POST.apiDoc = {{ security: {asked} }};"
    return next(one for one in application(*options, document=document, x=module).endpoints if one.method == "POST")


# Paths


def test_files_are_paths() -> None:
    """A file's name is its path, an index is its folder, braces are parameters."""
    found = application(**{"index": OPEN, "patients__index": OPEN, "patients__{id}": OPEN, "a__{x}.{y}": OPEN})
    assert routes(found) == ["GET /", "GET /a/:x.:y", "GET /patients/", "GET /patients/:id"]
    assert found.unresolved_routes == ()


@pytest.mark.parametrize(
    ("document", "prefixes"),
    [
        ("{ swagger: '2.0', basePath: '/v1/' }", ["/v1"]),
        ("{ swagger: '2.0' }", [""]),
        ("{ openapi: '3.0.0' }", [""]),
        (
            "{ openapi: '3.0.0', servers: [{ url: 'https://a.example/api' }, { url: 'http://b.example/api/' }] }",
            ["/api"],
        ),
        ("{ openapi: '3.0.0', servers: [{ url: '/v1' }, { url: 'https://a.example' }] }", ["", "/v1"]),
        ("{ openapi: '3.0.0', servers: [{ url: '/{tenant}/x' }] }", ["/:tenant/x"]),
        ("{ openapi: '3.0.0', servers: [{ url: `http://${process.env.HOST}:${process.env.PORT}/api` }] }", ["/api"]),
    ],
)
def test_paths_begin_where_the_document_says(document: str, prefixes: list[str]) -> None:
    """Each base path has each operation, and the document itself."""
    found = application(document=document, x=OPEN)
    assert sorted(one.path for one in found.endpoints) == sorted(
        path for prefix in prefixes for path in (f"{prefix}/api-docs", f"{prefix}/x")
    )


@pytest.mark.parametrize(
    "document", ["process.env.DOCUMENT", "'./api.yml'", "{ openapi: '3.0.0', servers: [{ url: makeUrl() }] }"]
)
def test_paths_of_a_document_that_is_not_known_are_unresolved(document: str) -> None:
    """It may say that all paths begin with anything: each operation is named as unresolved, none is left out."""
    found = application(document=document, x=OPEN)
    assert found.endpoints == ()
    assert ("src/paths/x.js", "GET") in [(gap.place.file, gap.method) for gap in found.unresolved_routes]


def test_which_files_are_path_modules_can_be_chosen() -> None:
    """``routesGlob``, ``routesIndexFileRegExp`` and ``pathsIgnore``; a folder may be relative to where one starts."""
    options = "routesGlob: '**/*.{ts,js}', routesIndexFileRegExp: /(?:index)?\\.[tj]s$/, pathsIgnore: /.(spec|test)$/"
    typed = "export const GET = (req, res) => { res.json(1); };"
    files = {"src/paths/{id}/view.ts": typed, "src/paths/{id}/view.test.ts": typed, "src/paths/list.js": OPEN}
    for folder in ("'./src/paths'", "`${__dirname}/paths`", "[__dirname + '/paths']"):
        source = "import express from 'express'; import { initialize } from 'express-openapi'; const app = express();"
        source += f"initialize({{ app, apiDoc: {DOCUMENT}, paths: {folder}, {options} }});"
        found = repository({"package.json": PACKAGE, "src/app.ts": source, **files})
        assert routes(found) == ["GET /:id/view", "GET /list"]


def test_compiled_files_are_those_of_their_sources() -> None:
    """What is written in TypeScript is loaded as JavaScript: the default pattern means its files."""
    typed = "export const GET = (req, res) => { res.json(1); };"
    source = (
        "import express from 'express'; import * as path from 'path'; import { initialize } from 'express-openapi';"
    )
    source += f"const app = express(); initialize({{ app, apiDoc: {DOCUMENT}, paths: path.join(__dirname, 'paths') }});"
    files = {"package.json": PACKAGE, "src/app.ts": source, "src/paths/a/index.ts": typed, "src/paths/a.d.ts": ""}
    assert routes(repository(files)) == ["GET /a/"]


@pytest.mark.parametrize(
    ("paths", "reason"),
    [
        ("process.env.PATHS", "the folder of its path modules is computed"),
        ("path.join(__dirname, 'none')", "no path modules are found at src/none"),
        ("[...folders()]", "the folder of its path modules is computed"),
    ],
)
def test_a_folder_that_is_not_known_is_unresolved(paths: str, reason: str) -> None:
    """In place of no endpoints without a word."""
    found = application(f"paths: {paths}", x=OPEN)
    assert routes(found) == []
    [gap] = found.unresolved_routes
    assert (gap.place.file, gap.reason.startswith(reason)) == ("src/app.js", True)


# Operations


@pytest.mark.parametrize(
    "module",
    [
        "exports.GET = (req, res) => { res.json(1); }; exports.del = exports.GET;",
        "module.exports = { get: [first, show], DELETE: show }; function show(req, res) {} function first(a, b, c) {}",
        "exports.default = { get: (req, res) => {}, parameters: [], delete: (req, res) => {} };",
        "module.exports = function (service) { return { GET, delete: GET }; function GET(req, res) { service(); } };",
    ],
)
def test_operations_are_exported_in_several_ways(module: str) -> None:
    """Functions, lists that end in the handler, a default export, and a function that is given its dependencies."""
    assert routes(application("dependencies: { service: () => 1 }", x=module)) == ["DELETE /x", "GET /x"]


def test_modules_with_their_paths_may_be_listed() -> None:
    """``{ path, module }`` beside folders."""
    found = application("paths: [{ path: '/a/{id}', module: { get: (req, res) => { res.json(1); } } }]")
    assert routes(found) == ["GET /a/:id"]


def test_the_document_may_name_the_handlers() -> None:
    """``operations`` by ``operationId``, with what the document asks of each."""
    document = DOCUMENT.replace(
        "paths: {}", "paths: { '/a': { get: { operationId: 'list', security: [{ bearer: [] }] } } }"
    )
    found = application(
        f"securityHandlers: {{ bearer: {BEARER} }}", "operations: { list: (req, res) => { res.json(1); } }",
        "paths: undefined", document=document,
    )  # fmt: skip
    assert routes(found) == ["GET /a"]
    assert next(one for one in found.endpoints if one.path == "/a").access.authentication == "yes"


def test_an_operation_stands_where_its_function_does() -> None:
    """Not where the package is initialized; its middleware is in order, that of the document before its own."""
    before = "const first = (req, res, next) => next();"
    document = DOCUMENT.replace("openapi", "'x-express-openapi-additional-middleware': [first], openapi")
    module = "\nconst own = (req, res, next) => next();\nexports.GET = [own, (req, res) => { res.json(1); }];\n"
    found = application(document=document, before=before, x=f"{module}exports.GET.apiDoc = {{ parameters: [] }};")
    [endpoint] = [one for one in found.endpoints if one.path == "/x"]
    assert (endpoint.file, endpoint.line, endpoint.handler.line) == ("src/paths/x.js", 3, 3)
    assert [one.name for one in endpoint.middleware] == ["assignApiDocMiddleware", "first", "own"]


def test_the_route_of_the_document_can_be_left_out_or_moved() -> None:
    """``exposeApiDocs`` and ``docsPath``."""
    shown = application("docsPath: '/raw'", x=OPEN)
    assert [one.path for one in shown.endpoints] == ["/x", "/raw"]
    assert [one.path for one in application("exposeApiDocs: false", x=OPEN).endpoints] == ["/x"]


def test_promise_mode_catches_what_handlers_reject() -> None:
    """The package hands rejections on; without the mode, nobody does."""
    module = "exports.GET = async (req, res) => { res.json(await load()); };"
    caught = [
        next(
            one for one in application(f"promiseMode: {mode}", x=module).endpoints if one.path == "/x"
        ).errors.caught_by
        for mode in ("true", "false")
    ]
    assert caught == ["framework", "nothing"]


# Who may call


@pytest.mark.parametrize(
    ("handlers", "asked", "expected"),
    [
        (f"bearer: {BEARER}", "[{ bearer: [] }]", "yes"),
        (f"bearer: {BEARER}, key: (req) => true", "[{ bearer: [], key: [] }]", "yes"),
        (f"bearer: {BEARER}, key: (req) => true", "[{ bearer: [] }, { key: [] }]", "no"),
        (f"bearer: {BEARER}, key: (req) => false", "[{ bearer: [] }, { key: [] }]", "yes"),
        ("bearer: async (req) => true", "[{ bearer: [] }]", "no"),
        ("bearer: (req) => jwt.decode(req.headers.authorization)", "[{ bearer: [] }]", "no"),
        (f"key: {BEARER}", "[{ bearer: [] }]", "no"),
        (f"bearer: {BEARER}", "[]", "no"),
        (f"bearer: {BEARER}", "[{}]", "no"),
        (f"bearer: {BEARER}", "undefined", "no"),
        (f"bearer: {BEARER}", "securityOf('x')", "unknown"),
        ("...handlers", "[{ bearer: [] }]", "unknown"),
        ("bearer: handlers.bearer", "[{ bearer: [] }]", "unknown"),
    ],
)
def test_who_may_call_is_what_the_handlers_prove(handlers: str, asked: str, expected: str) -> None:
    """Of alternatives one is enough, of what is asked for together all; what can't be followed proves nothing."""
    assert operation(f"securityHandlers: {{ {handlers} }}", asked=asked).access.authentication == expected


def test_an_operation_that_says_nothing_is_asked_for_what_the_document_asks() -> None:
    """By ``pathSecurity`` for its path, the last that fits, else by ``security`` of the document."""
    handlers = f"securityHandlers: {{ bearer: {BEARER}, key: () => true }}"
    general = DOCUMENT.replace("openapi", "security: [{ bearer: [] }], openapi")
    assert operation(handlers, asked="undefined", document=general).access.authentication == "yes"
    by_path = "pathSecurity: [[/^.x/, [{ key: [] }]], [/x$/, [{ bearer: [] }]], [/y$/, [{ key: [] }]]]"
    assert operation(handlers, by_path, asked="undefined").access.authentication == "yes"
    assert operation(handlers, "pathSecurity: [[/x/, [{ key: [] }]]]", asked="undefined", document=general).access == (
        operation(handlers, asked="[{ key: [] }]").access
    )
    assert operation(handlers, "pathSecurity: rules()", asked="undefined").access.authentication == "unknown"


def test_without_handlers_or_with_middleware_switched_off_nobody_is_asked() -> None:
    """The document alone guards nothing."""
    assert operation().access.authentication == "no"
    off = DOCUMENT.replace("openapi", "'x-express-openapi-disable-middleware': true, openapi")
    assert operation(f"securityHandlers: {{ bearer: {BEARER} }}", document=off).access.authentication == "no"


# What is checked


def test_what_the_document_describes_of_a_request_may_be_checked() -> None:
    """Never more than that, and nothing where it says nothing or validation is switched off."""
    read = "exports.POST = (req, res) => { save(req.body.name, req.query.page); res.json(1); };"
    described = "exports.POST.apiDoc = { requestBody: { content: { 'application/json': { schema: {} } } } };"
    off = described.replace("requestBody", "'x-express-openapi-disable-validation-middleware': true, requestBody")
    verdicts = []
    for said in (described, off, "exports.POST.apiDoc = { parameters: [{ in: 'query', name: 'page' }] };", ""):
        [found] = [one for one in application(x=read + said).endpoints if one.method == "POST"]
        verdicts.append((verdict(found, "body"), verdict(found, "query")))
    assert verdicts == [("unknown", "missing"), ("missing", "missing"), ("missing", "unknown"), ("missing", "missing")]
