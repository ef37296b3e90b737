"""Applications that several programs make, and registrations that have a path for each configuration."""

import pytest

from medpro_audit.model.subjects import Endpoint
from model.memory import repository
from model.serving import APP, served

H = "(req, res) => res.end()"
MANIFEST = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "4"}}'
FACTORY = f"""const express = require('express');
exports.createApp = (options = {{}}) => {{
  const app = express();
  const router = express.Router();
  router.get('/:id', {H});
  router.get('/search', {H});
  if (options.admin) app.delete('/all', {H});
  app.use('/patients', router);
  return app;
}};
"""
STARTED = "if (require.main === module) createApp(OPTIONS).listen(3000);"


def _endpoints(server: str, factory: str = FACTORY) -> list[Endpoint]:
    source = f"const {{ createApp }} = require('./app');\n{server}"
    return list(repository({"package.json": MANIFEST, "server.js": source, "app.js": factory}).endpoints)


def _told(endpoints: list[Endpoint]) -> list[tuple[str, str | None, bool]]:
    return sorted(((one.identity, one.condition, one.reached) for one in endpoints), key=repr)


def test_an_application_that_two_programs_make_is_one() -> None:
    """It is there without a condition if one of them makes it without; what shadows a route does so in both."""
    found = _endpoints(STARTED.replace("OPTIONS", ""), FACTORY + "exports.app = exports.createApp();")
    assert _told(found) == [("GET /patients/:id", None, True), ("GET /patients/search", None, False)]


def test_an_application_that_one_program_makes_on_a_condition_keeps_it() -> None:
    """There is no other that is made without."""
    found = _endpoints(STARTED.replace("OPTIONS", ""))
    assert {one.condition for one in found} == {"require.main === module"}


def test_applications_of_one_factory_with_other_routes_are_two() -> None:
    """What is registered for the one only keeps its condition."""
    found = _endpoints(STARTED.replace("OPTIONS", "{ admin: true }"), FACTORY + "exports.app = exports.createApp();")
    assert ("DELETE /all", "require.main === module", True) in _told(found)
    assert len(found) == 5


def test_applications_of_two_calls_are_two() -> None:
    """Even where they look alike."""
    one = f"const a = express();\na.get('/x', {H});\na.listen(1);\n"
    two = f"if (process.env.SECOND) {{ const b = express();\nb.get('/x', {H});\nb.listen(2); }}\n"
    files = {"package.json": MANIFEST, "server.js": "const express = require('express');\n" + one + two}
    assert len(repository(files).endpoints) == 2


DEV = "const dev = process.env.NODE_ENV === 'development';\n"
ROUTER = f"const r = express.Router();\nr.get('/x', {H});\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"{DEV}const base = dev ? '/api' : '';\napp.get(`${{base}}/x`, {H});", {"GET /x": "!dev"}),
        (f"{DEV}{ROUTER}app.use(dev ? '/api' : '/', r);", {"GET /x": "!dev"}),
        (f"{DEV}{ROUTER}if (dev) app.use('/api', r); else app.use(r);", {"GET /x": "!dev"}),
        (f"{DEV}{ROUTER}if (!dev) app.use('/v1', r); else app.use('/dev', r);", {"GET /v1/x": "!dev"}),
        # Both are there, or nobody knows which.
        (f"{DEV}{ROUTER}app.use(r); if (dev) app.use('/api', r);", {"GET /x": None, "GET /api/x": "dev"}),
        (f"{DEV}{ROUTER}if (dev) app.use('/api', r);", {"GET /api/x": "dev"}),
        (
            f"{ROUTER}if (flags.old) app.use('/api', r); else app.use(r);",
            {"GET /api/x": "flags.old", "GET /x": "!flags.old"},
        ),
        (
            f"{DEV}if (dev) app.get('/a', {H}); else app.get('/b', {H});",
            {"GET /a": "dev", "GET /b": "!dev"},
        ),
    ],
)
def test_a_registration_is_where_it_is_by_default(source: str, expected: dict[str, str | None]) -> None:
    """Not under the path of each configuration, where one is in place of the other."""
    found = served(source.removeprefix(APP))
    assert {identity: one.condition for identity, one in found.items()} == expected
