"""Imports among modules, database calls, copied functions, folders."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.structure.circles import circles
from medpro_audit.model.structure.functions import bodies
from medpro_audit.model.subjects.database_call import DatabaseCall
from medpro_audit.model.subjects.dependency import Dependency
from medpro_audit.model.subjects.directory import Directory
from medpro_audit.model.subjects.function import Function
from model.memory import repository

SERVER = "const express = require('express');\nconst app = express();\nmodule.exports = app;\n{}\napp.listen(3000);"
ROUTES = (
    "const { Router } = require('express');\nconst s = require('../services/s');\nconst r = Router();\n"
    "r.get('/', (req, res) => res.json(s.list()));\nmodule.exports = r;"
)
FILES = {
    "package.json": '{ "main": "src/server.js", "dependencies": { "express": "4" } }',
    "src/server.js": SERVER.format("app.use('/s', require('./routes/r'));"),
    "src/routes/r.js": ROUTES,
}
COPIED = """exports.NAME = (entries, now) => {
  const open = entries.filter((entry) => entry.startsAt > now);
  // a comment
  open.sort((left, right) => left.startsAt - right.startsAt);
  const byDay = new Map();

  for (const entry of open) {
    const day = entry.startsAt.toISOString().slice(0, 10);
    const known = byDay.get(day) || [];
    known.push(entry);
    byDay.set(day, known);
  }
  return [...byDay.entries()];
};
"""


def dependencies(files: Mapping[str, str]) -> dict[tuple[str, str], Dependency]:
    """Survey a repository; by file and specifier."""
    found = repository(files).found("dependency")
    return {(each.file, each.specifier): each for each in found if isinstance(each, Dependency)}


def test_a_module_of_which_one_function_serves_by_the_way_is_no_controller() -> None:
    """Among what others use it for, that is: nothing is said of who imports it."""
    replies = "exports.NOT_FOUND = 404;\nexports.asText = (e) => e.text;\nexports.asJson = (e) => e.json;\n"
    files = {
        **FILES,
        "src/server.js": SERVER.format(
            "app.use('/s', require('./routes/r'));\napp.get('/x', require('./reply').gone);"
        ),
        "src/services/s.js": "const { NOT_FOUND } = require('../reply');\nexports.list = () => fetch('x', NOT_FOUND);",
        "src/services/t.js": "const s = require('./s');\nexports.all = () => fetch(s.list());",
    }
    handler = "exports.gone = (req, res) => res.status(410).end();\n"
    key = ("src/services/s.js", "../reply")
    assert dependencies({**files, "src/reply.js": handler})[key].direction == "up"
    more = f"{replies}exports.asPage = (e) => e.page;\n{handler}"
    assert dependencies({**files, "src/reply.js": more})[key].direction == "unknown"


@pytest.mark.parametrize(
    ("resolver", "direction"),
    [("src/clinic-resolvers/wards.js", "level"), ("src/graphql/wards.js", "level"), ("src/logic/wards.js", "up")],
)
def test_what_calls_of_another_protocol_come_in_by_stands_beside_the_controllers(resolver: str, direction: str) -> None:
    """A resolver of GraphQL may use what a controller exports; a service may not."""
    handler = "exports.PAGE = 20;\nexports.gone = (req, res) => res.status(410).end();\n"
    files = {
        **FILES,
        "src/server.js": SERVER.format(
            "app.use('/s', require('./routes/r'));\napp.get('/x', require('./reply').gone);"
        ),
        "src/reply.js": handler,
        resolver: "const { PAGE } = require('../reply');\nexports.list = () => fetch('x', PAGE);",
        "src/services/t.js": f"const s = require('../{resolver[4:-3]}');\nexports.all = () => fetch(s.list());",
    }
    assert dependencies(files)[resolver, "../reply"].direction == direction


def test_helpers_of_which_one_mounts_routers_are_no_routes() -> None:
    """Nothing is said of who uses the others."""
    helpers = (
        "exports.mount = (app, router) => app.use('/r', router);\nexports.plain = (text) => text.trim();\n"
        "exports.first = (list) => list[0];\nexports.last = (list) => list.at(-1);\n"
    )
    files = {
        **FILES,
        "src/server.js": SERVER.format("require('./common/utils').mount(app, require('./routes/r'));"),
        "src/services/s.js": "const u = require('../common/utils');\nexports.list = () => fetch(u.plain('x'));",
        "src/services/t.js": "const s = require('./s');\nexports.all = () => fetch(s.list());",
        "src/common/utils.js": helpers,
    }
    assert dependencies(files)["src/services/s.js", "../common/utils"].direction == "unknown"


def test_a_service_that_imports_the_application_goes_up() -> None:
    """And closes a circle, at that import."""
    found = dependencies(
        {**FILES, "src/services/s.js": "const app = require('../server');\nexports.list = () => app.get('x');"}
    )
    upward = [key for key, each in found.items() if each.direction == "up"]
    assert upward == [("src/services/s.js", "../server")]
    closing = found["src/services/s.js", "../server"]
    assert closing.is_needed
    assert closing.cycle == ("src/services/s.js", "src/server.js", "src/routes/r.js")
    assert sum(each.closes_cycle for each in found.values()) == 1


def test_what_puts_the_application_together_may_import_what_it_likes() -> None:
    """Nothing below uses it."""
    files = {
        **FILES,
        "src/server.js": SERVER.format("require('./startup/routes')(app);"),
        "src/startup/routes.js": "const r = require('../routes/r');\nmodule.exports = (app) => app.use('/s', r);",
        "src/services/s.js": "exports.list = () => [];",
    }
    assert {each.direction for each in dependencies(files).values()} <= {"down", "level"}


def test_imports_of_types_close_no_circle() -> None:
    """Neither those that say so, nor those whose names are used as types only."""
    files = {
        "src/server.ts": "import express from 'express';\nimport { a } from './a';\nexpress().get('/', a);",
        "src/a.ts": (
            "import { B } from './b';\nexport interface A { b: B }\nexport const a = (q: A, s: Map<string, B>) => {};"
            "\n// B.run() is called there\n/**\n * As new B() says.\n */\nexport type Some = Pick<\n  B, 'run'>;"
        ),
        "src/b.ts": "import { a } from './a';\nexport class B { run() { a(null, null); } }",
    }
    assert not any(each.closes_cycle for each in dependencies(files).values())
    files["src/a.ts"] += "\nnew B();"
    assert sum(each.closes_cycle for each in dependencies(files).values()) == 1


@pytest.mark.parametrize(
    ("use", "is_needed"),
    [
        ("export const b = () => a();", False),
        ("export class B { now = a(); run() { return a(); } }", False),
        ("export const b = a();", True),
        ("export class B extends a {}", True),
        ("export class B { @a() run() {} }", True),
        ("export class B { static now = a(); }", True),
    ],
)
def test_a_circle_harms_where_a_module_needs_another_while_it_loads(use: str, *, is_needed: bool) -> None:
    """What functions use is there when they run."""
    files = {
        "src/server.ts": "import express from 'express';\nimport { a } from './a';\nexpress().get('/', a);",
        "src/a.ts": "import * as other from './b';\nexport const a = () => other;",
        "src/b.ts": f"import {{ a }} from './a';\n{use}",
    }
    (closing,) = (each for each in dependencies(files).values() if each.closes_cycle)
    assert closing.closes_harmful_cycle is is_needed


@pytest.mark.parametrize(
    ("a", "is_needed"),
    [
        ("const b = require('./b');\nexports.a = () => b.b();", False),
        ("const b = require('./b');\nmodule.exports.a = () => b.b();\nmodule.exports.all = { b };", False),
        ("require('./b');\nexports.a = () => 1;", False),
        ("module.exports = { a };\nconst b = require('./b');\nfunction a() { return b.b(); }", False),
        ("const { b } = require('./b');\nexports.a = () => b();", True),
        ("const b = require('./b').b;\nexports.a = () => b();", True),
        ("const b = require('./b');\nexports.a = b.b();", True),
        ("const b = require('./b');\nmodule.exports = { a: () => b.b() };", True),
        ("const b = require('./b');\nmodule.exports = () => b.b();", True),
    ],
)
def test_a_circle_of_whole_modules_harms_only_what_runs_at_once(a: str, *, is_needed: bool) -> None:
    """``require`` yields the object to which the other module adds its members later, unless it replaces that."""
    files = {
        "src/server.js": "const a = require('./a');\nrequire('express')().get('/', (q, s) => s.json(a.a()));",
        "src/a.js": a,
        "src/b.js": "const a = require('./a');\nexports.b = () => a.a();",
    }
    (closing,) = (each for each in dependencies(files).values() if each.closes_cycle)
    assert closing.closes_harmful_cycle is is_needed


def test_what_the_other_module_declares_as_a_type_is_one() -> None:
    """However it is used; a name that is a value too may be that one."""
    files = {
        "src/server.ts": "import express from 'express';\nimport { a } from './a';\nexpress().get('/', a);",
        "src/a.ts": "import { B } from './b';\nexport type A = { [k in B]?: string };\nexport const a = () => 1;",
        "src/b.ts": "import { a } from './a';\nexport type B = 'x' | 'y';\nexport const b = a();",
    }
    assert not any(each.closes_cycle for each in dependencies(files).values())
    files["src/b.ts"] += "\nexport const B = 1;"
    assert any(each.closes_cycle for each in dependencies(files).values())


def test_imports_within_functions_close_no_circle() -> None:
    """They run when all modules have loaded."""
    service = "exports.list = () => { const app = require('../server'); return app.get('x'); };"
    found = dependencies({**FILES, "src/services/s.js": service})
    assert not any(each.closes_cycle for each in found.values())
    assert found["src/services/s.js", "../server"].direction == "up"


def test_related_models_close_no_circle() -> None:
    """Each names the other by a function."""
    entity = (
        "import { Entity, OneToMany } from 'typeorm';\nimport { OTHER } from './OTHER';\n"
        "@Entity()\nexport class NAME { @OneToMany(() => OTHER, 'x') all: OTHER[]; }\nexport const first = OTHER;"
    )
    files = {
        "src/server.ts": "import express from 'express';\nimport { A } from './A';\nexpress().get('/', () => A);",
        "src/A.ts": entity.replace("OTHER", "B").replace("NAME", "A"),
        "src/B.ts": entity.replace("OTHER", "A").replace("NAME", "B"),
    }
    assert not any(each.closes_cycle for each in dependencies(files).values())
    files["src/B.ts"] = "import { A } from './A';\nexport const B = () => new A();"
    assert any(each.closes_cycle for each in dependencies(files).values())


def test_what_is_imported_as_a_type_or_as_a_base_goes_not_up() -> None:
    """A type is gone; a base class may stand anywhere."""
    files = {
        "src/server.ts": (
            "import express from 'express';\nimport { routes } from './routes/r';\nexport class Server {}\n"
            "const app = express();\nroutes(app);"
        ),
        "src/routes/r.ts": (
            "import { list } from '../services/s';\n"
            "export const routes = (app) => app.get('/', (req, res) => res.json(list()));"
        ),
        "src/services/s.ts": "",
    }

    def direction(source: str) -> str:
        [found] = [
            each for key, each in dependencies({**files, "src/services/s.ts": source}).items() if "/s." in key[0]
        ]
        return found.direction

    use = "export const list = () => fetch('http://x');\n"
    assert direction(f"import {{ Server }} from '../server';\n{use}export const add = (s: Server) => s;") == "level"
    assert direction(f"import {{ Server }} from '../server';\n{use}export const add = () => new Server();") == "up"
    base = f"import {{ Server }} from '../server';\n{use}export class Own extends Server {{}}"
    assert direction(base) == "unknown"
    assert direction(f"{base}\nnew Server();") == "up"


def test_an_import_that_leads_nowhere() -> None:
    """Surely, unless a build, git or a try block may have to do with it."""
    source = (
        "const a = require('./gone');\nconst b = require('./generated/b');\nconst c = require('./local');\n"
        "let d;\ntry { d = require('./optional'); } catch {}\nexports.list = () => [a, b, c, d];"
    )
    found = dependencies({**FILES, "src/services/s.js": source, ".gitignore": "*.log\nsrc/services/local.*\n"})
    assert {specifier: each.resolves for (file, specifier), each in found.items() if file.endswith("s.js")} == {
        "./gone": False,
        "./generated/b": None,
        "./local": None,
        "./optional": None,
    }


def test_levels_are_counted() -> None:
    """Of relative imports."""
    found = dependencies({**FILES, "src/services/s.js": "require('../../../x');\nrequire('./y');"})
    levels = {specifier: each.levels for (_, specifier), each in found.items()}
    assert (levels["../../../x"], levels["./y"], levels["../services/s"]) == (3, 0, 1)


@pytest.mark.parametrize(
    ("path", "head", "resolves"),
    [("src/old.js", "", None), ("src/old.ts", "", False), ("src/old.ts", "// @ts-nocheck\n", None)],
)
def test_what_nothing_loads_does_not_fail(path: str, head: str, *, resolves: bool | None) -> None:
    """Unless it is TypeScript, of which all is compiled that doesn't ask for the contrary."""
    found = dependencies({**FILES, path: f"{head}import x from './gone';\nexport const y = () => x;"})
    assert found[path, "./gone"].resolves is resolves
    assert not found[path, "./gone"].is_loaded


@pytest.mark.parametrize(("head", "resolves"), [("", False), ("// @ts-nocheck\n", None)])
def test_types_are_for_the_compiler_only(head: str, *, resolves: bool | None) -> None:
    """A loaded module that imports a type from nowhere runs all the same."""
    server = f"{FILES['src/server.js']}\nrequire('./typed');"
    files = {
        **FILES,
        "src/server.js": server,
        "src/typed.ts": f"{head}import type {{ X }} from './gone';\nexport const y = 1;",
    }
    found = dependencies(files)["src/typed.ts", "./gone"]
    assert (found.kind, found.resolves) == ("type", resolves)


@pytest.mark.parametrize(("server", "is_loaded"), [("", False), ("require('./older');", True)])
def test_what_only_idle_modules_load_is_idle(server: str, *, is_loaded: bool) -> None:
    """However far below them it is, and though it is on a circle."""
    files = {
        **FILES,
        "src/server.js": f"{FILES['src/server.js']}\n{server}",
        "src/oldest.ts": "import './older';\nexport const y = 1;",
        "src/older.ts": "import './old';\nexport const y = 1;",
        "src/old.ts": "import x from './gone';\nimport './older';\nexport const y = () => x;",
    }
    assert dependencies(files)["src/old.ts", "./gone"].is_loaded is is_loaded


def test_database_calls_say_whether_they_stand_with_routes() -> None:
    """Followed calls of drivers, and calls that are given SQL; a cache, or another thing called query, is none."""
    files = {
        **FILES,
        "src/routes/r.js": ROUTES.replace("s.list()", "require('../db').query('SELECT 1 FROM a')"),
        "src/db.js": "module.exports = require('mysql2').createPool({ host: 'x' });",
        "src/services/s.js": (
            "exports.list = (db) => db.execute(`DELETE FROM a WHERE b = ${db.id}`);\nexports.q = (u) => u.query('a=b');"
        ),
    }
    found = [each for each in repository(files).found("database-call") if isinstance(each, DatabaseCall)]
    assert [(each.file, each.line, each.package, each.in_routes) for each in found] == [
        ("src/routes/r.js", 4, "mysql2", True),
        ("src/services/s.js", 1, None, False),
    ]


@pytest.mark.parametrize(("elsewhere", "has_layer"), [(0, False), (1, False), (2, True)])
def test_a_back_end_has_a_layer_where_most_queries_stand_in_it(elsewhere: int, has_layer: bool) -> None:
    """Or it has the habit to ask in its routes."""
    query = "exports.q{} = () => require('../db').query('SELECT 1 FROM a');\n"
    files = {
        **FILES,
        "src/routes/r.js": ROUTES.replace("s.list()", "require('../db').query('SELECT 1 FROM a')"),
        "src/db.js": "module.exports = require('mysql2').createPool({ host: 'x' });",
        "src/services/s.js": "".join(query.format(number) for number in range(elsewhere)),
    }
    found = [each for each in repository(files).found("database-call") if isinstance(each, DatabaseCall)]
    assert {each.has_layer for each in found} == {has_layer}


def test_a_transaction_that_is_opened_in_a_route_is_no_query() -> None:
    """What belongs together the route may say."""
    call = "require('../db').transaction(async (trx) => s.list(trx))"
    files = {
        **FILES,
        "src/routes/r.js": ROUTES.replace("s.list()", call),
        "src/db.js": "module.exports = require('knex')({ client: 'pg', connection: { host: 'x' } });",
        "src/services/s.js": "exports.list = (trx) => trx('patients').select();",
    }
    found = [each for each in repository(files).found("database-call") if isinstance(each, DatabaseCall)]
    assert ("src/routes/r.js", True) not in [(each.file, each.in_routes) for each in found]
    assert found


def test_copied_functions_are_found_by_their_text() -> None:
    """Whatever their names, comments and indentation; the copy that most modules use is the one to keep."""
    files = {
        **FILES,
        "src/services/s.js": COPIED.replace("NAME", "list"),
        "src/services/t.js": "exports.x = 1;\n" + COPIED.replace("NAME", "other").replace("  // a comment\n", "\n"),
    }
    found = [each for each in repository(files).found("function") if isinstance(each, Function)]
    assert [(each.file, each.line, each.name, each.copy_of) for each in found] == [
        ("src/services/s.js", 1, "list", None),
        ("src/services/t.js", 2, "other", "src/services/s.js:1"),
    ]


def test_functions_in_one_file_are_no_copies_of_each_other() -> None:
    """Only a second module is a second place."""
    files = {**FILES, "src/services/s.js": COPIED + COPIED.replace("NAME", "again")}
    found = [each for each in repository(files).found("function") if isinstance(each, Function)]
    assert [each.copy_of for each in found] == [None, None]


def test_folders_say_who_uses_them_and_where_they_belong() -> None:
    """Those of helpers at the root."""
    files = {
        "server.js": SERVER.format("app.use('/s', require('./routes/r'));"),
        "routes/r.js": ROUTES.replace("../services/s", "../billingHelper/totals"),
        "billingHelper/totals.js": "exports.list = () => [];",
        "billingHelper/open.js": "exports.open = (db) => db.query('SELECT 1 FROM a');",
    }
    found = {each.path: each for each in repository(files).found("directory") if isinstance(each, Directory)}
    helper = found["billingHelper"]
    assert [path for path, each in found.items() if each.is_helper_folder] == ["billingHelper"]
    assert (helper.modules, helper.used_by) == (2, ("routes/r.js",))
    assert helper.destinations == ("src/services/billing", "src/utils/billing")


@given(st.text(alphabet="af (){}=>\n\t;:,/*", max_size=400))
def test_any_text_has_functions_within_its_lines(text: str) -> None:
    """Or none."""
    for body in bodies(text):
        assert 1 <= body.line < body.end_line <= text.count("\n") + 1


@given(st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda pair: pair[0] != pair[1])))
def test_every_circle_is_one(edges: set[tuple[str, str]]) -> None:
    """Each step of it is an import, and so is the one back."""
    for circle in circles(sorted(edges), {}):
        assert circle.way[:2] == circle.edge
        assert all(step in edges for step in zip(circle.way, (*circle.way[1:], circle.way[0]), strict=True))
