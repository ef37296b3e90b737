"""What modules are, where they stand and where they belong."""

import msgspec
import pytest

from medpro_audit.core.config import Config, StructureConfig
from medpro_audit.model.subjects.module import Module
from model.memory import repository

PACKAGE = '{ "scripts": { "start": "node server.js" }, "dependencies": { "express": "4" } }'
APP = "const express = require('express');\nconst app = express();\n{}\napp.listen(3000);"
ROUTES = (
    "const { Router } = require('express');\nconst r = Router();\n"
    "r.get('/', (q, s) => s.json([]));\nmodule.exports = r;"
)
HELPER = "exports.total = (lines) => lines.length;"


def modules(files: dict[str, str], config: StructureConfig | None = None) -> dict[str, Module]:
    """Survey a repository; by path."""
    found = repository(files, Config(structure=config) if config is not None else None).found("module")
    return {module.file: module for module in found if isinstance(module, Module)}


def application(*mounts: str) -> str:
    """The source of an application that mounts these."""
    return APP.format("\n".join(f"app.use('/x', require('{mount}'));" for mount in mounts))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (ROUTES, "routes"),
        (HELPER, "helper"),
        ("module.exports = require('mysql2').createPool({ host: 'x' });", "connection"),
        ("const { z } = require('zod');\nmodule.exports = { a: z.object({}) };", "schema"),
        ("const m = require('mongoose');\nmodule.exports = m.model('A', new m.Schema({ b: String }));", "data-access"),
        ("const A = require('mongoose').model('A');\nexports.load = (id) => A.findById(id);", "service"),
        ("module.exports = { port: process.env.PORT };", "config"),
        ("module.exports = { FREE: 'free', PAID: 'paid' };", "constants"),
        ("class A extends Error {}\nmodule.exports = A;", "error"),
        ("module.exports = require('winston').createLogger({});", "logger"),
        ("module.exports = require('express-rate-limit')({ limit: 5 });", "middleware"),
        ("const axios = require('axios');\nexports.load = () => axios.get('http://x');", "service"),
        ("exports.load = () => fetch('http://x');", "service"),
        ("exports.rows = (db) => db.query('SELECT 1 FROM a');", "service"),
        ("const app = require('express')();\nexports.rows = (db) => db.query('SELECT 1 FROM a');", "service"),
        ("const app = require('express')();\napp.get('/a', (q, s) => s.end());\nmodule.exports = app;", "routes"),
        ("exports.list = (req, res) => res.json([]);", "controller"),
        ("require('./other').run();", "unknown"),
    ],
)
def test_kinds_are_judged_by_what_a_module_does(source: str, kind: str) -> None:
    """Its name says nothing."""
    files = {"package.json": PACKAGE, "server.js": application("./src/x/thing"), "src/x/thing.js": source}
    assert modules(files)["src/x/thing.js"].kind == kind


def test_handlers_middleware_and_wrappers_are_told_by_who_registers_them() -> None:
    """Whatever they look like."""
    files = {
        "server.js": application("./r"),
        "r.js": (
            "const { Router } = require('express');\nconst { wrap } = require('./wrap');\nconst r = Router();\n"
            "r.use(require('./guard').check());\nr.get('/', wrap(require('./patients').list));\nmodule.exports = r;"
        ),
        "wrap.js": "exports.wrap = (fn) => (req, res, next) => fn(req, res).catch(next);",
        "guard.js": "exports.check = () => (a, b, c) => (a.user ? c() : b.sendStatus(401));",
        "patients.js": "exports.list = async (a, b) => b.json([]);",
    }
    found = modules(files)
    kinds = {path: module.kind for path, module in found.items()}
    assert kinds == {
        "server.js": "entry",
        "r.js": "routes",
        "wrap.js": "middleware",
        "guard.js": "middleware",
        "patients.js": "controller",
    }
    assert found["patients.js"].evidence == "handles 1 endpoint of other modules"


def test_a_helper_that_uses_a_service_is_one() -> None:
    """It reaches outside by it."""
    files = {
        "server.js": application("./a"),
        "a.js": "const b = require('./b');\nexports.a = () => b.b();",
        "b.js": "exports.b = () => fetch('http://x');",
    }
    assert modules(files)["a.js"].kind == "service"


def test_an_index_takes_after_what_it_passes_on() -> None:
    """Where that is all of one kind."""
    files = {
        "server.js": application("./routes"),
        "routes/index.js": "module.exports = [require('./a'), require('./b')];",
        "routes/a.js": ROUTES,
        "routes/b.js": ROUTES,
    }
    assert modules(files)["routes/index.js"].kind == "routes"


def test_the_layout_that_most_follow_is_not_wrong() -> None:
    """Folders of roles at the root, with or without src, and folders of features."""
    for root in ("", "src/", "app/"):
        files = {
            f"{root}server.js": application("./routes/a", "./modules/visits/visit.routes"),
            f"{root}routes/a.js": ROUTES,
            f"{root}services/b.js": "exports.b = () => fetch('http://x');",
            f"{root}modules/visits/visit.routes.js": ROUTES,
            f"{root}modules/visits/visit.names.js": HELPER,
        }
        assert {module.in_place for module in modules(files).values()} == {True}


def test_without_a_layout_src_is_the_target() -> None:
    """With a folder for each kind; the trail says so."""
    files = {
        "server.js": application("./patientHelper/patients"),
        "patientHelper/patients.js": ROUTES.replace("[]", "require('../dateHelper/dates').total([])"),
        "dateHelper/dates.js": HELPER,
        "smsHelper/index.js": "exports.send = () => fetch('http://x');",
    }
    found = modules(files)
    assert [(path, module.in_place, module.destination) for path, module in found.items()] == [
        ("dateHelper/dates.js", False, "src/utils/dates.js"),
        ("patientHelper/patients.js", False, "src/routes/patients.js"),
        ("server.js", True, None),
        ("smsHelper/index.js", False, "src/services/sms.js"),
    ]
    assert found["dateHelper/dates.js"].layout == "default"
    assert "no layout is configured" in found["dateHelper/dates.js"].trail[-1].text


def test_two_modules_never_get_one_destination() -> None:
    """The second is put into a folder of its subject."""
    files = {
        "server.js": application("./aHelper/format", "./bHelper/format"),
        "aHelper/format.js": HELPER,
        "bHelper/format.js": HELPER,
    }
    found = [module.destination for module in modules(files).values() if module.destination]
    assert sorted(found) == ["src/utils/b/format.js", "src/utils/format.js"]


def test_where_no_folder_helps_a_destination_gets_a_number() -> None:
    """Nothing is written over."""
    files = {
        "server.js": application("./aHelper/x", "./bHelper/x", "./bHelper/old/x"),
        "aHelper/x.js": HELPER,
        "bHelper/x.js": HELPER,
        "bHelper/old/x.js": HELPER,
    }
    found = [module.destination for module in modules(files).values() if module.destination]
    assert sorted(found) == ["src/utils/b/x.js", "src/utils/b/x2.js", "src/utils/x.js"]


def test_a_configured_layout_decides() -> None:
    """Its folders, in its order, and everything else is out of place."""
    files = {"app.js": application("./routes/a", "./web/b"), "routes/a.js": ROUTES, "web/b.js": ROUTES}
    config = msgspec.convert({"root": ".", "layout": {"routes": ["web"]}}, StructureConfig)
    found = modules(files, config)
    assert found["web/b.js"].in_place is True
    assert (found["routes/a.js"].in_place, found["app.js"].in_place) == (True, True)
    strict = modules(files, msgspec.convert({"root": "server"}, StructureConfig))
    assert strict["routes/a.js"].destination == "server/routes/a.js"


def test_the_canonical_connection_module_is_in_place() -> None:
    """The configuration names it."""
    files = {
        "server.js": application("./xHelper/x"),
        "xHelper/x.js": "exports.x = require('../config/database.connection');",
        "config/database.connection.js": "module.exports = require('mysql2').createPool({ host: 'x' });",
    }
    assert modules(files)["config/database.connection.js"].in_place is True


def test_used_is_what_is_imported_started_or_perhaps_loaded() -> None:
    """Not knowing says why."""
    files = {
        "package.json": PACKAGE,
        "server.js": application("./jobs", "./tested"),
        "jobs/index.js": "require('fs').readdirSync(__dirname).forEach((name) => require('./' + name));",
        "jobs/letters.js": HELPER,
        "tested.js": HELPER,
        "only-tested.js": HELPER,
        "forgotten.js": HELPER,
        "named.js": HELPER,
        "Dockerfile": "CMD node ./named.js",
        "tests/a.test.js": "require('../only-tested');",
    }
    found = modules(files)
    assert {path: module.is_used for path, module in found.items() if module.is_used is not True} == {
        "jobs/letters.js": None,
        "only-tested.js": None,
        "forgotten.js": False,
        "named.js": None,
    }
    assert found["jobs/letters.js"].reason == "jobs/index.js loads modules whose names are computed"
    assert found["tested.js"].used_by == ("server.js",)


def test_an_index_of_a_folder_does_not_make_the_rest_of_it_used() -> None:
    """A path beside the import does, perhaps."""
    files = {
        "package.json": PACKAGE,
        "server.js": application("./workers"),
        "workers/index.js": HELPER,
        "workers/letters.js": HELPER,
    }
    assert modules(files)["workers/letters.js"].is_used is False
    files["server.js"] += "\nnew Worker('./workers/letters.js');"
    assert modules(files)["workers/letters.js"].is_used is None


def test_a_module_with_several_tasks_is_mixed() -> None:
    """And says which."""
    source = "const m = require('mongoose');\nconst A = m.model('A', new m.Schema({}));\n" + APP.format(
        "app.get('/', (q, s) => s.json(A));"
    )
    found = modules({"server.js": source})["server.js"]
    assert found.is_mixed
    assert found.tasks == "defines data models and starts the application and registers endpoints"


def test_a_table_of_sessions_is_no_second_task() -> None:
    """The store of express-session is given its model where the application is made."""
    table = "const db = new S.Sequelize('x');\ndb.define('Session', {});\n"
    head = f"const S = require('sequelize');\n{table}const Store = require('connect-session-sequelize')({{}});\n"
    source = head + APP.format("app.get('/', (q, s) => s.json([Store]));")
    assert not modules({"server.js": source})["server.js"].is_mixed
    without = source.replace("connect-session-sequelize", "./other")
    assert modules({"server.js": without})["server.js"].is_mixed


def test_an_application_that_another_may_mount_is_not_started_by_its_module() -> None:
    """It only has endpoints, and goes a way to the other one that can't be followed."""
    gets = "".join(f"part.get('/{name}', (q, s) => s.json([]));" for name in "abcdef")
    made = f"const part = express(); {gets} return part;"
    part = f"const express = require('express');\nmodule.exports = (env) => {{ {made} }};"
    plugins = "require('./part')(process.env); app.use('/part', plugins.part);"
    files = {"server.js": APP.format(f"app.use('/x', require('./x'));{plugins}"), "x.js": ROUTES, "part.js": part}
    found = modules(files)
    assert (found["part.js"].kind, found["part.js"].layer, found["server.js"].kind) == ("routes", "unknown", "entry")
    alone = modules({"server.js": APP.format("require('./part')(process.env);"), "part.js": part})
    assert alone["part.js"].is_mixed


def test_scripts_and_tests_are_left_alone() -> None:
    """Only server code has a layout."""
    files = {"server.js": application("./routes/a"), "routes/a.js": ROUTES, "scripts/x.js": "1;", "a.test.js": "1;"}
    assert sorted(modules(files)) == ["routes/a.js", "server.js"]


def test_a_package_that_serves_nothing_is_held_to_no_layout() -> None:
    """Routes and controllers are no layout for a library; where it is configured, it is."""
    files = {
        "package.json": PACKAGE,
        "server.js": application("./routes/a"),
        "routes/a.js": ROUTES.replace("[]", "require('../packages/names/total').total([])"),
        "packages/names/package.json": '{ "name": "names" }',
        "packages/names/total.js": HELPER,
        "packages/names/load.js": "exports.load = () => fetch('http://x');",
        "packages/names/index.js": "exports.all = [require('./load').load, require('./total').total];",
    }
    found = modules(files)["packages/names/total.js"]
    assert (found.in_place, found.layout) == (None, "default")
    assert found.reason == "belongs to a package that serves no requests, and no layout is configured for it"
    strict = modules(files, msgspec.convert({"root": "src"}, StructureConfig))
    assert strict["packages/names/total.js"].in_place is False


def test_a_class_with_few_handlers_is_no_sure_controller() -> None:
    """It does other work, too; where its folder says so, it is one."""
    plain = "class Feeds {\n{}  feed(a, b) { b.json([]); }\n}\nmodule.exports = new Feeds();"
    source = plain.replace("{}", "".join(f"  work{at}(x) {{ return x; }}\n" for at in range(5)))
    files = {
        "package.json": PACKAGE,
        "server.js": application("./routes/a"),
        "routes/a.js": (
            "const { Router } = require('express');\nconst r = Router();\n"
            "r.get('/', require('../services/feeds').feed);\nr.get('/b', require('../controllers/feeds').feed);\n"
            "module.exports = r;"
        ),
        "services/feeds.js": source,
        "controllers/feeds.js": source,
    }
    found = modules(files)
    assert {path: each.layer for path, each in found.items() if path.endswith("feeds.js")} == {
        "controllers/feeds.js": "controllers",
        "services/feeds.js": "unknown",
    }
    assert found["services/feeds.js"].in_place is None


@pytest.mark.parametrize(("handler", "kind"), [("(q, s) => s.json([])", "mixed"), ("require('./c').list", "entry")])
def test_a_list_of_endpoints_that_others_handle_is_no_second_task(handler: str, kind: str) -> None:
    """The module that starts the application may put it together."""
    routes = "".join(f"app.get('/x{at}', {handler});" for at in range(6))
    files = {"package.json": PACKAGE, "server.js": APP.format(routes), "c.js": "exports.list = (q, s) => s.json([]);"}
    assert modules(files)["server.js"].kind == kind
