"""Which packages of a repository are back ends, and what belongs to each."""

import json

import pytest

from medpro_audit.core.config import Config, ValidationConfig
from medpro_audit.model.packages import roles_of_package
from medpro_audit.model.subjects import Role
from model.memory import repository
from model.serving import served

APP = "const app = require('express')();\napp.get('/x', (req, res) => res.json(req.query.q));\n"


def package(name: str, **dependencies: str) -> str:
    """A package.json."""
    return json.dumps({"name": name, "main": "server.js", "dependencies": dependencies})


MONOREPO = {
    "package.json": json.dumps({"name": "root", "workspaces": ["packages/*"]}),
    "packages/api/package.json": package("api", express="5", zod="4", shared="*"),
    "packages/api/server.js": f"require('shared');\n{APP}",
    "packages/admin/package.json": package("admin", express="4", joi="17"),
    "packages/admin/server.js": APP,
    "packages/shared/package.json": json.dumps({"name": "shared", "main": "index.js"}),
    "packages/shared/index.js": "exports.x = 1;",
    "packages/web/package.json": package("web", react="19"),
    "packages/web/server.js": "export const x = 1;",
}


def test_each_package_that_serves_is_a_backend() -> None:
    """With its frameworks and its convention; libraries and front ends are none."""
    found = repository(MONOREPO).backends
    shown = [(one.root, one.name, one.frameworks, one.validation_library) for one in found]
    assert shown == [("packages/admin", "admin", ("express",), "joi"), ("packages/api", "api", ("express",), "zod")]


def test_endpoints_belong_to_the_package_of_their_file() -> None:
    """The same path in two packages is two endpoints."""
    found = repository(MONOREPO)
    assert sorted((one.backend, one.identity) for one in found.endpoints) == [
        ("packages/admin", "GET /x"),
        ("packages/api", "GET /x"),
    ]
    assert {(one.backend, one.convention) for one in found.inputs} == {
        ("packages/admin", "joi"),
        ("packages/api", "zod"),
    }


def test_a_configured_convention_wins() -> None:
    """Over what the dependencies say."""
    config = Config(validation=ValidationConfig(library="yup"))
    assert {one.validation_library for one in repository(MONOREPO, config).backends} == {"yup"}


def test_a_repository_without_a_package_is_one_backend() -> None:
    """It has no name."""
    [found] = repository({"server.js": APP}).backends
    assert (found.root, found.frameworks) == (".", ("express",))


def test_a_repository_that_serves_nothing_has_no_backend() -> None:
    """A library, or an empty folder."""
    assert repository({"package.json": package("lib"), "index.js": "exports.x = 1;"}).backends == ()
    assert repository({}).backends == ()


@pytest.mark.parametrize(
    ("middleware", "roles"),
    [
        ("require('helmet')()", ("security-headers",)),
        ("require('cors')({ origin: true })", ("cors",)),
        ("express.json()", ("body-parser",)),
        ("require('express-rate-limit').rateLimit({})", ("rate-limit",)),
        ("require('express-jwt').expressjwt({})", ("authentication",)),
        ("require('multer')().single('file')", ("upload",)),
        ("require('morgan')('dev')", ("logging",)),
        ("require('left-pad')()", ()),
        ("(req, res, next) => limiter(req, res, next)", ("rate-limit",)),
        ("function authenticate(req, res, next) { next(); }", ()),
        ("function validateUser(req, res, next) { next(); }", ()),
    ],
)  # fmt: skip
def test_a_middleware_has_the_roles_of_its_package_or_of_what_it_does(middleware: str, roles: tuple[Role, ...]) -> None:
    """A name alone is no evidence."""
    limiter = "const limiter = require('express-rate-limit')();"
    [found] = served(f"{limiter}\napp.use({middleware});\napp.get('/x', (req, res) => res.end());").values()
    assert found.roles == roles


def test_roles_can_be_configured() -> None:
    """By package, or by file and function."""
    files = {
        "server.js": "const app = require('express')();\nconst { guard } = require('./guard');\n"
        "app.use(require('@clinic/auth')(), guard);\napp.get('/x', (req, res) => res.end());",
        "guard.js": "exports.guard = function guard(req, res, next) { next(); };",
    }
    config = Config(middleware={"@clinic/auth": ("authentication",), "guard.js:guard": ("authorization",)})
    [found] = repository(files, config).endpoints
    assert [use.roles for use in found.middleware] == [("authentication",), ("authorization",)]


@pytest.mark.parametrize(
    ("name", "member", "known"),
    [
        ("helmet", "", True),
        ("express", "json", True),
        ("passport", "Passport.initialize", True),
        ("x", "", False),
        ("x", "Passport.initialize", False),
    ],
)
def test_a_package_that_is_not_known_has_no_roles(name: str, member: str, *, known: bool) -> None:
    """Which is told apart from a known one that has none."""
    assert (roles_of_package(name, member) is not None) is known


def test_two_programs_that_start_one_application_serve_its_endpoints_once() -> None:
    """As what is there for one of them only."""
    files = {
        "package.json": '{"name": "clinic", "main": "dev.js", "scripts": {"start": "node prod.js"}}',
        "dev.js": "require('./app').start('dev');",
        "prod.js": "require('./app').start('prod');",
        "app.js": """
            const express = require('express');
            exports.start = (mode) => {
              const app = express();
              if (mode === 'dev') app.get('/debug', (req, res) => res.end());
              app.use((req, res, next) => (mode === 'dev' ? next() : refuse(req, res, next)));
              app.get('/visits', (req, res) => res.json([]));
              app.listen(3000);
            };
        """,
    }
    assert [endpoint.identity for endpoint in repository(files).endpoints].count("GET /debug") == 1
    files["app.js"] = files["app.js"].replace("(mode === 'dev' ? next() : refuse(req, res, next))", "next()")
    assert [endpoint.identity for endpoint in repository(files).endpoints].count("GET /visits") == 1
