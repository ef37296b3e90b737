"""Which files test runners take."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.testing.globs import expression, glob
from model.testing.clinic import clinic, only, package

CASE = "test('x', () => { expect(1).toBe(1); });"


def runs(path: str, files: dict[str, str]) -> bool | None:
    """Whether the tests of a file run."""
    verdict: bool | None = only(clinic({path: CASE, **files}), "test-file", file=path).is_run
    return verdict


def jest(**settings: object) -> dict[str, str]:
    """A clinic that runs Jest with these settings."""
    return {"package.json": package("jest"), "jest.config.js": f"module.exports = {json.dumps(settings)};"}


NAMED = {"package.json": package("jest --config ./jest.json"), "jest.json": '{"rootDir": "src"}'}
OPAQUE = {"package.json": package("jest"), "jest.config.js": "module.exports = require('company')('x');"}
COMPUTED = {"package.json": package("jest"), "jest.config.ts": "export default { roots: [where()] };"}
SPREAD = {
    "package.json": package("jest"),
    "jest.config.js": "const base = { testMatch: ['**/tests/*.js'] }; module.exports = { ...base, verbose: true };",
}
ELSEWHERE = {"cypress/ci.js": "module.exports = { e2e: { specPattern: 'cypress/e2e/**/*.cy.js' } };"}
VITEST = {
    "package.json": package("vitest"),
    "vitest.config.ts": (
        "import { defineConfig } from 'vitest/config';"
        "export default defineConfig({ test: { include: ['tests/**/*.ts'] } });"
    ),
}
JASMINE = {
    "package.json": package("jasmine"),
    "spec/support/jasmine.json": '{"spec_dir": "spec", "spec_files": ["**/*.js"]}',
}
CYPRESS = {
    "package.json": package("cypress run --component"),
    "cypress.config.js": "module.exports = { component: { specPattern: 'cypress/tests/**/*.cy.js' } };",
}
CHAIN = {"package.json": package(scripts={"test": "npm run unit", "unit": "cross-env CI=1 jest"})}


@pytest.mark.parametrize(
    ("path", "files", "expected"),
    [
        ("a.test.js", jest(), True),
        ("cypress/tests/cards/a.cy.js", CYPRESS, True),
        ("cypress/cards/a.cy.js", CYPRESS, False),
        (
            "cypress/e2e/a.cy.js",
            {**ELSEWHERE, "package.json": package("cypress run --config-file cypress/ci.js")},
            True,
        ),
        ("src/__tests__/a.js", jest(), True),
        ("src/a.spec.mjs", jest(), None),
        ("tests/a.js", jest(), False),
        ("tests/a.js", jest(testMatch=["**/tests/**/*.js"]), True),
        ("tests/a.js", jest(testMatch=["<rootDir>/tests/*.js"]), True),
        ("tests/a.test.ts", jest(testMatch=["**/tests/**/*.test.(ts|js)"]), True),
        ("other/tests/a.js", jest(testMatch=["<rootDir>/tests/*.js"]), False),
        ("tests/unit/a.spec.js", jest(testMatch=["**/unit/**/*.spec.(js|ts)|**/__tests__/*.(js|ts)"]), True),
        ("a/__tests__/b.ts", jest(testMatch=["**/unit/**/*.spec.(js|ts)|**/__tests__/*.(js|ts)"]), True),
        ("tests/unit/a.js", jest(testMatch=["**/unit/**/*.spec.(js|ts)|**/__tests__/*.(js|ts)"]), False),
        ("tests/a.js", jest(testRegex="/tests/.*\\.js$"), True),
        ("tests/a.test.js", jest(testPathIgnorePatterns=["/tests/"]), False),
        ("tests/a.test.js", jest(roots=["<rootDir>/src"]), False),
        ("src/a.test.js", jest(roots=["<rootDir>/src"]), True),
        ("a.test.js", jest(projects=["packages/*"]), None),
        ("a.test.js", {"package.json": package("jest tests/unit")}, False),
        ("tests/unit/a.test.js", {"package.json": package("jest tests/unit")}, True),
        ("a.test.js", NAMED, False),
        ("tests/a.js", {"package.json": package("jest", jest={"testMatch": ["**/tests/*.js"]})}, True),
        ("a.test.js", OPAQUE, None),
        ("a.test.js", COMPUTED, None),
        ("tests/a.js", SPREAD, True),
        ("src/a.test.ts", {"package.json": package("vitest run")}, True),
        ("tests/a.ts", {"package.json": package("vitest run")}, False),
        ("tests/a.ts", VITEST, True),
        ("src/a.test.ts", {"package.json": package("vitest run unit")}, False),
        ("test/a.js", {"package.json": package("mocha")}, True),
        ("test/unit/a.js", {"package.json": package("mocha")}, False),
        ("test/unit/a.js", {"package.json": package("mocha --recursive")}, True),
        ("test/unit/a.js", {"package.json": package("nyc --reporter=text mocha --timeout 9000 test/unit")}, True),
        ("test/a.js", {"package.json": package("mocha --report lcovonly -- -R spec")}, None),
        ("test/a.js", {"package.json": package("mocha --exit test")}, True),
        ("test/a.ts", {"package.json": package("tsc && mocha test")}, None),
        ("test/a.spec.ts", {"package.json": package("tsc && mocha 'test/**/*.spec.js'")}, None),
        ("spec/a.js", {"package.json": package("ng test && mocha test")}, None),
        ("spec/a.ts", {"package.json": package("tsc && mocha test")}, False),
        ("tests/a.js", {"package.json": package("./run.sh tests"), "run.sh": "find $1 -exec npx mocha {} \\;\n"}, None),
        ("spec/a.js", {"package.json": package("mocha"), ".mocharc.yml": "spec: spec/**/*.js\n"}, True),
        ("test/a.js", {"package.json": package("mocha"), ".mocharc.json": '{"ignore": ["test/a.js"]}'}, False),
        ("tests/a.test.js", {"package.json": package("node --test")}, True),
        ("tests/a.js", {"package.json": package("node --test")}, False),
        ("test/deep/a.js", {"package.json": package("node --test")}, True),
        ("tests/a.js", {"package.json": package("node --test 'tests/**/*.js'")}, True),
        ("test/helpers/a.js", {"package.json": package("ava")}, False),
        ("test/a.js", {"package.json": package("ava")}, True),
        ("spec/a.js", JASMINE, True),
        ("a.test.js", CHAIN, True),
        ("a.test.js", {"package.json": package("gulp test")}, None),
        ("tests/a.test.js", {"package.json": package("jest"), "tests/b.js": CASE}, True),
    ],
)
def test_a_runner_takes_what_its_settings_say(path: str, files: dict[str, str], expected: bool | None) -> None:
    """Without running anything; where a setting can't be told, the answer is unknown."""
    assert runs(path, files) is expected


def test_a_file_that_a_test_loads_runs_with_it() -> None:
    """Through any number of others: shared cases are kept this way."""
    files = {"a.test.js": "require('./tests/b'); " + CASE, "tests/b.js": "require('./c');"}
    assert runs("tests/c.js", files) is True


def test_ci_runs_tests_too() -> None:
    """A step that names the framework counts as a script does."""
    workflow = "on: push\njobs:\n  a:\n    steps:\n      - run: npx jest --testMatch '**/tests/*.js'\n"
    files = {"package.json": package("echo none"), ".github/workflows/ci.yml": workflow}
    assert runs("tests/a.js", files) is True


MAKEFILE = (
    'TESTS = $(shell find test -name "*.test.js")\n\n'
    "test: lint\n\t$(MAKE) test-unit\n\n"
    "test-unit: node_version\n\tNODE_ENV=test npx mocha --recursive \\\n\t    test/unit\n"
)


@pytest.mark.parametrize(
    ("path", "recipes", "expected"),
    [
        ("test/unit/deep/a.js", MAKEFILE, True),
        ("test/other/a.js", MAKEFILE, False),
        ("test/a.test.js", "test:\n\tnpx mocha \\\n\t\t$(TESTS)\n", None),
    ],
)
def test_targets_of_a_makefile_run_tests(path: str, recipes: str, *, expected: bool | None) -> None:
    """Whether or not a script asks for them; files that the Makefile finds by itself may be any."""
    assert runs(path, {"package.json": package("echo none"), "Makefile": recipes}) is expected


def test_a_file_beside_the_packages_that_run_tests() -> None:
    """May be run from a folder above the scanned one: nothing is known of it."""
    files = {"package.json": package("echo none"), "web/package.json": package("jest")}
    assert runs("api/tests/a.js", files) is None
    assert runs("web/tests/a.js", files) is False


@pytest.mark.parametrize("pattern", ["+(*a)*b", "*(*)", "!(x).js", "[", "{a,b", "a" * 301, "**/" * 9])
def test_a_glob_that_may_take_forever_is_refused(pattern: str) -> None:
    """Or one that isn't understood."""
    assert glob(pattern) is None


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "a*a*a*a*a*a*", "(?<n>a)", "(a)\\1", "("])
def test_an_expression_that_may_take_forever_is_refused(pattern: str) -> None:
    """Backreferences and repeated groups among them."""
    assert expression(pattern) is None


@given(st.text(alphabet="*?+@!()[]{}|,./ab\\-^", max_size=40), st.text(alphabet="ab/.", max_size=40))
def test_any_glob_can_be_asked(pattern: str, path: str) -> None:
    """Without a fault, and without taking long."""
    found = glob(pattern)
    if found is not None:
        found.match(path)


def test_where_no_test_seems_to_run_a_pattern_was_misread() -> None:
    """Of many files some run; of a few none may."""
    others = {f"tests/{name}.js": CASE for name in "bcd"}
    assert runs("tests/a.js", {**jest(), **others}) is None
    assert runs("tests/a.js", {**jest(), **others, "e.test.js": CASE}) is False


@pytest.mark.parametrize(
    "files",
    [
        jest(testMatch=["**/dist/**/*.test.js"]),
        {"package.json": package("mocha 'build/test/**/*.js'")},
        {"package.json": package("node --test dist/")},
    ],
)
def test_of_which_sources_a_build_makes_what_is_run_is_not_known(files: dict[str, str]) -> None:
    """Tests that run compiled may be those of any source."""
    assert runs("src/visits.test.js", files) is None


def _started(script: str, index: str, place: str = "test/index.js") -> dict[str, str]:
    return {
        "package.json": package(scripts={"test": script, "test:keys": "node --test test/keys.test.js"}),
        place: index,
        "test/keys.test.js": CASE,
        "test/patients.js": CASE,
    }


@pytest.mark.parametrize(
    ("script", "index", "expected"),
    [
        ("NODE_ENV=test node test/", "require('./wards'); require('./patients');", True),
        ("node ./test/index.js", "require('./patients');", True),
        ("tsx test", "import './patients';", True),
        ("nyc node test", "require('./patients');", True),
        ("mocha test/index.js", "require('./patients');", True),
        ("node test", "require('./wards');", False),
        ("node test", "require('fs').readdirSync(__dirname).forEach((name) => require('./' + name));", None),
        ("mocha test/index.js", "require('glob').sync('*.js').forEach((name) => require('./' + name));", None),
        ("node test", "require('child_process').execSync('mocha test/*.js');", None),
        ("node scripts/check.js", "require('./wards');", None),
    ],
)
def test_a_program_runs_the_tests_that_it_loads(script: str, index: str, expected: bool | None) -> None:
    """``node test/`` runs its index with all that it requires; one that looks for files may run any of them."""
    files = _started(script, index) | {"scripts/check.js": "require('../tools')();", "test/wards.js": CASE}
    assert runs("test/patients.js", files) is expected


@pytest.mark.parametrize(("root", "expected"), [("__dirname, '..'", True), ("'tests'", True), ("__dirname", False)])
@pytest.mark.parametrize(
    ("script", "config", "key"),
    [
        ("jest -c ci/jest.config.js", "ci/jest.config.js", "rootDir"),
        ("vitest run --config ci/vitest.config.js", "ci/vitest.config.js", "root"),
    ],
)
def test_a_root_may_be_put_together(script: str, config: str, key: str, root: str, *, expected: bool) -> None:
    """An absolute path is one below the scanned directory."""
    text = f"const path = require('path'); module.exports = {{ {key}: path.resolve({root}) }};"
    assert runs("tests/a.test.js", {"package.json": package(script), config: text}) is expected
