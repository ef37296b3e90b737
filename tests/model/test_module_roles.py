"""What each file is said to be for."""

from collections.abc import Mapping

import pytest

from medpro_audit.model.module_roles import is_test, module_roles
from medpro_audit.model.modules.entry_points import entry_points
from model.memory import builder

SERVER = '{"dependencies": {"express": "5"}, "scripts": {"start": "node server.js", "seed": "node db/fill.js"}}'
APP = "const app = require('express')();\n"


def roles(files: Mapping[str, str], applications: tuple[str, ...] = ()) -> dict[str, str]:
    """Roles of files, given what makes an application."""
    model = builder(files)
    packages = sorted(model.resolver.projects.packages.values(), key=lambda package: package.path)
    entries = [entry for package in packages for entry in entry_points(package, model.resolver)]
    return dict(module_roles(model.facts, model.graph(), model.resolver, applications=applications, entries=entries))


@pytest.mark.parametrize(
    ("path", "source", "role"),
    [
        ("routes/visits.js", "exports.list = () => 1;", "server"),
        ("scripts/import.js", "exports.run = () => 1;", "script"),
        ("db/fill.js", "exports.run = () => 1;", "script"),
        ("db/knex_migrations/1_init.js", "exports.up = () => 1;", "script"),
        ("seeds/visits.js", "exports.seed = () => 1;", "script"),
        ("vite.config.js", "module.exports = {};", "script"),
        ("docs/.site/config.js", "module.exports = {};", "script"),
        ("report.js", "#!/usr/bin/env node\nexports.x = 1;", "script"),
        ("once.js", "require('fs').rmSync('x');", "script"),
        ("koa.js", "const app = new (require('koa'))(); app.listen(1);", "server"),
        ("public/page.js", "exports.x = 1;", "browser"),
        ("ui/button.jsx", "export const Button = () => <b/>;", "browser"),
        ("ui/store.js", "import { createStore } from 'redux';\nexport default createStore();", "browser"),
        ("ui/form.js", "export const f = () => document.querySelector('form');", "browser"),
        ("pages/print.js", "export const page = '<script>document.querySelector(1)</script>';", "server"),
        ("lab/documents.js", "export const f = (document) => document.title;", "server"),
        ("src/__integration_tests__/rows.js", "exports.x = 1;", "test"),
        ("lib/visit.test.js", "exports.x = 1;", "test"),
        ("_jest-setup_/env.js", "exports.x = 1;", "test"),
        ("test-setup/env.js", "exports.x = 1;", "test"),
        ("src/setupTests.ts", "export const x = 1;", "test"),
        ("src/vitestSetup.ts", "export const x = 1;", "test"),
        ("src/contestSetup.ts", "export const x = 1;", "server"),
        ("src/setup/tests-of-blood.js", "exports.x = 1;", "server"),
        ("check/visit.js", "import { test } from 'vitest';\nexport default test;", "test"),
    ],
)
def test_a_file_is_known_by_what_it_does_and_where_it_stands(path: str, source: str, role: str) -> None:
    """Here nothing loads it."""
    files = {"package.json": SERVER, "server.js": APP + "app.listen(1);", path: source}
    assert roles(files)[path] == role


@pytest.mark.parametrize(
    ("source", "loads", "role"),
    [
        ("if (require.main === module) check();\nmodule.exports = { check };", "", "script"),
        ("export const check = 1;\nif (import.meta.url === `file://${process.argv[1]}`) run();", "", "script"),
        ("module.exports = { check };", "", "server"),
        ("if (require.main === module) check();\nmodule.exports = { check };", "require('./rules/check');", "server"),
        (
            "const app = require('express')();\nif (require.main === module) app.listen(1);\nmodule.exports = app;",
            "",
            "server",
        ),
    ],
)
def test_what_asks_whether_it_was_started_is_run_by_hand(source: str, loads: str, role: str) -> None:
    """Unless something loads it, or it serves."""
    files = {"package.json": SERVER, "server.js": f"{APP}{loads}app.listen(1);", "rules/check.js": source}
    assert roles(files, ("server.js",))["rules/check.js"] == role


def test_what_an_application_loads_is_server_code_wherever_it_stands() -> None:
    """Structure is stronger than names: in a hospital, tests are made on patients."""
    files = {
        "package.json": SERVER,
        "server.js": "require('./app');",
        "app.js": APP + "require('./tests/blood');\nrequire('./scripts/import');\nmodule.exports = app;",
        "tests/blood.js": "module.exports = require('../views/card.jsx');",
        "views/card.jsx": "export default () => <b/>;",
        "scripts/import.js": "exports.run = () => 1;",
    }
    assert set(roles(files, ("app.js",)).values()) == {"server"}


def test_a_test_that_makes_an_application_does_not_serve() -> None:
    """Nor does what it loads become server code by that."""
    files = {
        "package.json": '{"dependencies": {"react": "19"}}',
        "test/fake.js": APP + "require('../shared/format');",
        "shared/format.js": "exports.x = 1;",
    }
    assert roles(files, ("test/fake.js",)) == {"test/fake.js": "test", "shared/format.js": "browser"}


def test_a_package_that_serves_nothing_has_no_server_code() -> None:
    """Unless a server loads it."""
    files = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/api/package.json": '{"name": "api", "dependencies": {"express": "5", "shared": "*"}}',
        "packages/api/app.js": APP + "require('shared/used');",
        "packages/shared/package.json": '{"name": "shared"}',
        "packages/shared/used.js": "exports.x = 1;",
        "packages/shared/unused.js": "exports.x = 1;",
        "packages/web/package.json": '{"name": "web", "dependencies": {"vue": "3"}}',
        "packages/web/format.js": "exports.x = 1;",
    }
    assert roles(files, ("packages/api/app.js",)) == {
        "packages/api/app.js": "server",
        "packages/shared/unused.js": "script",
        "packages/shared/used.js": "server",
        "packages/web/format.js": "browser",
    }


def test_what_only_a_script_loads_belongs_to_it() -> None:
    """But what only a test loads may be server code that has no user yet."""
    files = {
        "package.json": SERVER,
        "server.js": APP,
        "db/fill.js": "require('./words'); require('../service');",
        "db/words.js": "exports.x = 1;",
        "service.js": "exports.x = 1;",
        "routes/new.js": "exports.x = 1;",
        "test/new.test.js": "require('../routes/new');",
    }
    found = roles({**files, "server.js": APP + "require('./service');"}, ("server.js",))
    assert (found["db/words.js"], found["service.js"], found["routes/new.js"]) == ("script", "server", "server")


def test_tests_are_told_by_their_names() -> None:
    """At their end or by their folder."""
    assert is_test("src/__tests__/visits.js")
    assert is_test("src/visits.spec.ts")
    assert is_test("src/test-support/application.ts")
    assert not is_test("src/contest/visits.js")


def test_a_folder_of_which_nothing_serves_is_the_page_of_a_package_with_pages() -> None:
    """What only single-file components load is loaded by nothing that is read."""
    package = SERVER.replace('"express": "5"', '"express": "5", "vue": "3"')
    files = {
        "server.js": "require('./api/app');",
        "api/app.js": APP + "require('./log');",
        "api/log.js": "exports.x = 1;",
        "api/later.js": "exports.x = 1;",
        "src/mixins/table.js": "export default { methods: {} };",
    }
    expected = {"api/later.js": "server", "src/mixins/table.js": "browser"}
    found = roles({"package.json": package, **files})
    assert {path: found[path] for path in expected} == expected
    assert roles({"package.json": SERVER, **files})["src/mixins/table.js"] == "server"


def test_what_stands_below_a_build_of_pages_is_of_the_page() -> None:
    """Unless the server loads it; a build at the root of the package says nothing of its folders."""
    package = '{"dependencies": {"express": "5", "svelte": "5"}, "scripts": {"start": "node server.js"}}'
    files = {
        "package.json": package,
        "server.js": f"{APP}require('./pages/lib/names');\napp.listen(1);",
        "vite.config.mjs": "export default {};",
        "pages/vite.config.mts": "export default {};",
        "pages/lib/names.js": "exports.names = [];",
        "pages/lib/report.api.ts": "export const load = async () => 1;",
        "services/report.js": "exports.load = () => 1;",
    }
    found = roles(files)
    assert (found["pages/lib/names.js"], found["pages/lib/report.api.ts"]) == ("server", "browser")
    bare = roles({path: text for path, text in files.items() if path != "pages/vite.config.mts"})
    assert bare["pages/lib/report.api.ts"] == "server"
