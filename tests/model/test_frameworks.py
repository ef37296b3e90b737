"""Web frameworks other than Express: how they are found, and what is said of what they do that is not followed."""

import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

from medpro_audit.model import frameworks
from medpro_audit.model.libraries import is_framework
from medpro_audit.model.subjects import Endpoint
from model.memory import repository

FILES = [module.name for module in iter_modules(frameworks.__path__)]


@pytest.mark.parametrize("file", FILES)
def test_a_framework_is_found_by_the_names_of_its_packages(file: str) -> None:
    """Every package that a framework's file models makes a module one that may wire an application."""
    packages = import_module(f"{frameworks.__name__}.{file}").PACKAGES
    assert packages
    assert [name for name in packages if not is_framework(name)] == []


def test_other_packages_are_no_frameworks() -> None:
    """Neither a package of another purpose, nor one that is only named after a framework, is one."""
    assert not any(map(is_framework, ["lodash", "expressive", "koala", "express-rate-limit", "koa-helmet", "mykoa"]))


def test_only_frameworks_that_are_used_are_loaded() -> None:
    """A repository that uses Express does not load the others."""
    program = """
        import sys
        from model.memory import repository
        manifest = '{"dependencies": {"express": "5"}}'
        found = repository({"package.json": manifest, "app.js": "require('express')().get('/', f)"})
        assert found.endpoints
        print([name for name in sys.modules if name.startswith("medpro_audit.model.frameworks.")])
    """
    code = "\n".join(line.removeprefix("        ") for line in program.splitlines())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="tests")
    assert done.stdout == "['medpro_audit.model.frameworks.express']\n"


def _endpoints(code: str, package: str) -> dict[str, Endpoint]:
    files = {"package.json": f'{{"dependencies": {{"{package}": "1"}}}}', "app.js": code}
    return {f"{one.method} {one.path}": one for one in repository(files).endpoints}


def test_roles_of_a_frameworks_own_middleware() -> None:
    """What a package of the framework's world is for is known as it is for Express."""
    found = _endpoints(
        """
        const { Hono } = require('hono')
        const { jwt } = require('hono/jwt')
        const { cors } = require('hono/cors')
        const { zValidator } = require('@hono/zod-validator')
        const app = new Hono()
        app.use(cors(), jwt({ secret: 's' }))
        app.post('/', zValidator('json', require('./elsewhere')), (c) => c.json(c.req.valid('json').name))
        """,
        "hono",
    )
    assert [one.roles for one in found["POST /"].middleware] == [("cors",), ("authentication",), ("validation",)]
    assert found["POST /"].validation.body.status == "unknown"


def test_a_prefix_that_is_not_known_is_a_gap() -> None:
    """Routes below it are not listed under a path that they don't have."""
    code = """
        const Koa = require('koa')
        const Router = require('@koa/router')
        const router = new Router({ prefix: JSON.parse(text) })
        router.get('/users', (ctx) => { ctx.body = 1 })
        new Koa().use(router.routes())
    """
    found = repository({"package.json": '{"dependencies": {"koa": "3"}}', "app.js": code})
    assert found.endpoints == ()
    assert [(gap.place.line, gap.reason) for gap in found.unresolved_routes] == [(4, "a text parsed as JSON")]


def test_what_of_hono_is_not_followed_is_a_gap() -> None:
    """What is not followed is said, with its place; the other routes of the application are listed."""
    code = """
        import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi'
        const app = new OpenAPIHono()
        app.get('/plain', (c) => c.text('ok'))
        app.openapi(createRoute({ method: 'get', path: process.env.MADE }), (c) => c.text('ok'))
        app.mount('/old', require('./old').handle)
    """
    found = repository({"package.json": '{"dependencies": {"@hono/zod-openapi": "1"}}', "app.js": code})
    assert [one.path for one in found.endpoints] == ["/plain"]
    assert [gap.place.line for gap in found.unresolved_routes] == [5, 6]


def test_a_declared_route_of_hono_is_checked_by_its_schemas() -> None:
    """With its own middleware first; what has no schema is not checked."""
    found = _endpoints(
        """
        import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi'
        import { jwt } from 'hono/jwt'
        const route = createRoute({
          method: 'put',
          path: '/patients/{id}',
          middleware: [jwt({ secret: process.env.S })],
          request: {
            params: z.object({ id: z.string() }),
            body: { content: { 'application/json': { schema: z.object({ name: z.string() }) } } },
          },
          responses: { 200: { description: 'The patient' } },
        })
        const patients = new OpenAPIHono()
        patients.openapi(route, (c) => {
          const { id } = c.req.valid('param')
          return c.json({ id, name: c.req.valid('json').name, all: c.req.query('all') })
        })
        const app = new OpenAPIHono()
        app.route('/api', patients)
        app.doc('/doc', { openapi: '3.0.0', info: { title: 'Clinic', version: '1' } })
        export default app
        """,
        "@hono/zod-openapi",
    )
    assert sorted(found) == ["GET /doc", "PUT /api/patients/:id"]
    endpoint = found["PUT /api/patients/:id"]
    assert endpoint.middleware[0].roles == ("authentication",)
    validation = endpoint.validation
    assert (validation.body.status, validation.params.status) == ("validated", "validated")
    assert validation.query.status == "missing"
    documentation = endpoint.documentation
    assert (documentation.status, documentation.source, documentation.place) == (
        "documented",
        "zod-to-openapi",
        "app.js:15",
    )
    assert not found["GET /doc"].documentation.is_expected


@pytest.mark.parametrize(
    ("declaration", "shown", "status"),
    [
        ("hide: true,", "app.doc('/doc', {})", "undocumented"),
        ("hide: false,", "app.doc31('/doc', {})", "documented"),
        ("", "app.getOpenAPIDocument({})", "documented"),
        ("", "", "unknown"),
    ],
)
def test_a_declared_route_may_be_shown_nowhere(declaration: str, shown: str, status: str) -> None:
    """It says itself that it is not to be documented, or nothing makes a document of what is declared."""
    found = _endpoints(
        f"""
        import {{ OpenAPIHono, createRoute }} from '@hono/zod-openapi'
        const app = new OpenAPIHono()
        app.openapi(createRoute({{ method: 'get', path: '/a', {declaration} responses: {{}} }}), (c) => c.json([]))
        app.openapi(createRoute({{ method: 'get', path: '/b', responses: {{}} }}), (c) => c.json([]))
        {shown}
        export default app
        """,
        "@hono/zod-openapi",
    )
    assert found["GET /a"].documentation.status == status


def test_an_application_of_nestjs_hands_out_that_of_express() -> None:
    """Routes on it are endpoints; that those of controllers are missing is said."""
    code = """
        const { NestFactory } = require('@nestjs/core')
        const { AppModule } = require('./app.module')
        async function start() {
          const app = await NestFactory.create(AppModule)
          app.use('/private', (req, res) => res.sendStatus(403))
          const server = app.getHttpAdapter().getInstance()
          server.get('/version', (req, res) => res.json({ version: 1 }))
          await app.listen(3000)
        }
        start()
    """
    manifest = '{"dependencies": {"@nestjs/core": "10", "@nestjs/platform-express": "10"}}'
    found = repository({"package.json": manifest, "main.js": code, "app.module.js": "exports.AppModule = class {}"})
    assert [one.identity for one in found.endpoints if one.mounted] == ["ALL /private", "GET /version"]
    assert [one.reason for one in found.unresolved_routes] == ["what controllers of NestJS register is not followed"]
