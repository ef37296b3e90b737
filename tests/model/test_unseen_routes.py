"""Routes that are registered where it can't be seen which: that there are some is said, with a place."""

import pytest

from medpro_audit.model.subjects import Repository
from model.memory import repository

PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "5"}}'


def program(source: str) -> Repository:
    """A program of one file."""
    head = "const express = require('express');\nconst app = express();\n"
    return repository({"package.json": PACKAGE, "server.js": f"{head}{source}"})


def gaps(found: Repository) -> list[str]:
    """Line and reason of what is unresolved."""
    return [f"{gap.place.line}: {gap.reason}" for gap in found.unresolved_routes]


def silent(found: Repository) -> list[str]:
    """Line and message of the notices about routes."""
    notices = [notice for notice in found.notices if notice.kind in {"no-endpoint", "unresolved-route"}]
    return [f"{notice.place.line}: {notice.message}" for notice in notices if notice.place is not None]


@pytest.mark.parametrize(
    ("package", "call"),
    [
        ("finale-rest", "found.initialize({ app, sequelize })"),
        ("@ts-rest/express", "found.createExpressEndpoints(contract, router, app)"),
        ("swagger-routes-express", "found.connector(api, document)(app)"),
        ("apollo-server-express", "new found.ApolloServer({}).applyMiddleware({ app, path: '/graphql' })"),
        ("@nestjs/platform-express", "new found.ExpressAdapter(app)"),
    ],
)
def test_a_package_that_registers_routes_by_itself_is_named(package: str, call: str) -> None:
    """Where it is given the application: what it registers is not followed."""
    found = program(f"const found = require('{package}');\n{call};\napp.listen(3000);")
    assert gaps(found) == [f"4: the package {package} registers routes here, and what it registers is not followed"]
    assert silent(found) == []


def test_a_package_that_is_given_the_application_for_something_else_is_not() -> None:
    """It is named for what it does, not for what it is given."""
    assert gaps(program("require('express-prom-bundle')({ app });\napp.get('/x', (req, res) => res.end());")) == []


@pytest.mark.parametrize(
    "call",
    [
        "for (const { method, path, handler } of read()) app[method](path, handler)",
        "read().forEach((route) => { app[route.method.toLowerCase()](route.path, route.handler); })",
    ],
)
def test_a_method_that_is_computed_is_unresolved(call: str) -> None:
    """Of a table that is read while the program runs."""
    source = f"const read = () => require('fs').readFileSync('routes', 'utf8').split('\\n').map(JSON.parse);\n{call};"
    assert gaps(program(source)) == ["4: its method is computed while the program runs"]


def test_a_setting_that_is_read_by_a_computed_name_registers_nothing() -> None:
    """Nor does a property that is only looked at."""
    source = "const name = process.env.NAME;\nif (app[name]) app[name]();\napp.get('/x', (req, res) => res.end());"
    assert gaps(program(source)) == []


@pytest.mark.parametrize(
    "source",
    ["app.listen(3000);", "app.use(express.json());\nrequire('http').createServer(app).listen(3000);"],
)
def test_an_application_without_endpoints_is_noticed(source: str) -> None:
    """There may be some that are not seen; one with endpoints, or with routes that are unresolved, is not."""
    assert silent(program(source)) == ["2: no endpoint is found on this application"]
    assert silent(program(f"app.get('/x', (req, res) => res.end());\n{source}")) == []
    assert silent(program(f"app.get(makePath(), (req, res) => res.end());\n{source}")) == []


def test_an_application_that_nothing_uses_is_not() -> None:
    """It was made and left alone."""
    assert silent(program("")) == []


def test_code_that_is_not_followed_and_is_given_the_application_is_noticed() -> None:
    """It may register anything; a package of the registry that is given it for something else is no such code."""
    source = "require('./generated/routes').register(app);\napp.get('/x', (req, res) => res.end());\napp.listen(3000);"
    message = "code that can't be followed is given an application or router here, and may register routes"
    assert silent(program(source)) == [f"3: {message}"]
    assert silent(program(source.replace("./generated/routes", "express-status-monitor"))) == []
