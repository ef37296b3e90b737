"""Whether the tools of a back end are configured, installed, run and enforced."""

import json
from collections.abc import Sequence
from typing import Any, cast

import msgspec
import pytest

from medpro_audit.model.repository import RepositoryBuilder
from medpro_audit.model.subjects.tooling_setup import ToolingSetup
from model.memory import builder

_SERVER = "const app = require('express')();\napp.get('/', (req, res) => res.end());\napp.listen(1);\n"


def _package(**fields: Any) -> str:
    return json.dumps({"name": "clinic", "dependencies": {"express": "4"}, **fields})


def _setup(practice: str, files: dict[str, str], **fields: Any) -> ToolingSetup:
    return _setups(builder({"package.json": _package(**fields), "server.js": _SERVER, **files}))[practice]


def _setups(made: RepositoryBuilder) -> dict[str, ToolingSetup]:
    found = cast("Sequence[ToolingSetup]", made.build().found("tooling-setup"))
    return {setup.practice: setup for setup in found}


def _ci(*runs: str) -> dict[str, str]:
    steps = "".join(f"      - run: {run}\n" for run in runs)
    return {".github/workflows/ci.yml": f"on: push\njobs:\n  a:\n    steps:\n{steps}"}


_ESLINT = {"devDependencies": {"eslint": "9"}}
_LINTED = {**_ESLINT, "scripts": {"lint": "eslint ."}}


@pytest.mark.parametrize(
    ("files", "fields", "verdict"),
    [
        ({}, {}, (False, False)),
        ({".eslintrc.json": "{}"}, {}, (False, False)),
        ({}, _ESLINT, (False, False)),
        ({".eslintrc.json": "{}"}, _ESLINT, (False, False)),
        ({".eslintrc.json": "{}"}, _LINTED, (True, False)),
        (
            {".eslintrc.json": "{}", "Gruntfile.js": "exports.x = { eslint: {} };"},
            _ESLINT,
            (True, False),
        ),
        ({".eslintrc.json": "{}", "Makefile": "lint:\n\tnode_modules/.bin/eslint ."}, _ESLINT, (True, False)),
        ({".eslintrc.json": "{}", "gulpfile.js": "exports.default = () => {};"}, _ESLINT, (False, False)),
        ({".eslintrc.json": "{}", **_ci("npm run lint")}, _LINTED, (True, True)),
        ({".eslintrc.json": "{}", **_ci("npx eslint .")}, _ESLINT, (True, True)),
        ({".eslintrc.json": "{}", **_ci("npm run lint || true")}, _LINTED, (True, False)),
        ({".eslintrc.json": "{}", ".codeclimate.yml": ""}, _LINTED, (True, None)),
        ({".eslintrc.json": "{}", ".hound.yml": "", **_ci("npm test")}, _LINTED, (True, None)),
        ({".eslintrc.json": "{}", ".hound.yml": "", **_ci("npm run lint || true")}, _LINTED, (True, False)),
        ({".eslintrc.json": "{}", **_ci("npx eslint client/src")}, _LINTED, (True, True)),
        ({".eslintrc.json": "{}", **_ci("npx grunt")}, _LINTED, (True, None)),
        ({".eslintrc.json": "{}", **_ci("docker run --rm x sh -c 'yarn lint'")}, _LINTED, (True, None)),
        ({".eslintrc.json": "{}", **_ci("docker build .")}, _LINTED, (True, False)),
        ({".eslintrc.json": "{}", **_ci("npm ci" + "\n# x" * 20_000)}, _LINTED, (True, None)),
        ({"biome.json": "{}", **_ci("npx biome ci .")}, {"devDependencies": {"@biomejs/biome": "1"}}, (True, True)),
        ({**_ci("npx standard")}, {"devDependencies": {"standard": "17"}}, (True, True)),
    ],
)
def test_a_linter_is_more_than_a_file(
    files: dict[str, str], fields: dict[str, Any], verdict: tuple[bool | None, bool | None]
) -> None:
    """It is configured, installed and run; CI enforces it where its failure fails the run."""
    setup = _setup("linter", files, **fields)
    assert (setup.is_set_up, setup.is_enforced) == verdict
    assert bool(setup.problem) is not setup.is_set_up


@pytest.mark.parametrize(
    ("run", "is_enforced"),
    [("npx prettier --check .", True), ("npx prettier -c src", True), ("npx prettier --write .", False)],
)
def test_a_formatter_is_enforced_where_it_checks(run: str, is_enforced: bool) -> None:
    """To rewrite files in CI finds nothing."""
    fields = {"devDependencies": {"prettier": "3"}, "scripts": {"format": "prettier --write ."}}
    assert _setup("formatter", {**_ci(run)}, **fields).is_enforced is is_enforced


def test_a_linter_that_formats_is_a_formatter() -> None:
    """Where its configuration uses the plug-in, and CI runs it."""
    fields = {"devDependencies": {"eslint": "9", "eslint-plugin-prettier": "5", "prettier": "3"}}
    config = {"eslint.config.js": "module.exports = [require('eslint-plugin-prettier/recommended')];\n"}
    setup = _setup("formatter", {**config, **_ci("npx eslint .")}, **fields)
    assert (setup.tool, setup.is_enforced) == ("Prettier through eslint-plugin-prettier", True)


_HUSKY = {"devDependencies": {"husky": "9", "eslint": "9"}, "scripts": {"prepare": "husky"}}


@pytest.mark.parametrize(
    ("files", "fields", "is_set_up"),
    [
        ({}, _HUSKY, False),
        ({".husky/pre-commit": "npx eslint .\n"}, _HUSKY, True),
        ({".husky/pre-commit": "npx eslint .\n"}, {"devDependencies": {"husky": "9"}}, False),
        ({".husky/pre-commit": '. "$(dirname "$0")/_/husky.sh"\n'}, _HUSKY, False),
        ({".husky/pre-commit": "npx lint-staged\n"}, _HUSKY, False),
        ({".husky/pre-commit": "npx lint-staged\n", ".lintstagedrc": "{}"}, _HUSKY, True),
        ({".husky/commit-msg": "npx commitlint\n"}, _HUSKY, False),
        ({".husky/pre-commit": "./check.sh\n"}, _HUSKY, None),
        ({"lefthook.yml": "pre-commit:\n  commands:\n    lint:\n      run: npx eslint .\n"}, {}, True),
        ({".pre-commit-config.yaml": "repos: []\n"}, {}, True),
        ({}, {"simple-git-hooks": {"pre-commit": "npx eslint ."}}, True),
        ({}, {"husky": {"hooks": {"pre-commit": "npm test"}}, "devDependencies": {"husky": "4"}}, None),
    ],
)
def test_a_hook_runs_something_that_checks(
    files: dict[str, str], fields: dict[str, Any], is_set_up: bool | None
) -> None:
    """A package that is installed is no hook; what can't be followed is unknown."""
    assert _setup("commit-hooks", files, **fields).is_set_up is is_set_up


@pytest.mark.parametrize(
    ("files", "typescript", "is_set_up"),
    [
        ({"tsconfig.json": '{ "compilerOptions": { "strict": true } }'}, "5", True),
        ({"tsconfig.json": "{}"}, "5", False),
        ({"tsconfig.json": "{}"}, "^6.0.0", True),
        ({"tsconfig.json": '{ "extends": "./base.json" }', "base.json": "{}"}, "5", None),
        ({"tsconfig.json": '{ "extends": "@tsconfig/node20/tsconfig.json" }'}, "5", True),
        ({"tsconfig.json": '{ "extends": "@clinic/base" }'}, "5", None),
    ],
)
def test_strict_is_looked_for_in_what_a_project_extends(
    files: dict[str, str], typescript: str, is_set_up: bool | None
) -> None:
    """A base that can't be read leaves it unknown; the default depends on the version."""
    code = {"server.ts": "import express from 'express';\nexpress().get('/', (req, res) => res.end());\n"}
    fields = {"devDependencies": {"typescript": typescript}}
    assert _setup("strict-types", {**code, **files}, **fields).is_set_up is is_set_up


@pytest.mark.parametrize(("typed", "is_asked"), [(1, False), (2, True)])
def test_types_are_asked_for_where_most_of_the_code_has_them(typed: int, is_asked: bool) -> None:
    """JavaScript with some files of types was not meant to be checked strictly."""
    code = {f"types{number}.ts": "export const a = 1;\n" for number in range(typed)}
    plain = {"package.json": _package(), "server.js": _SERVER, "list.js": "exports.a = 1;\n", "tsconfig.json": "{}"}
    made = builder({**plain, **code})
    assert ("strict-types" in _setups(made)) is is_asked


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"strictNullChecks": True, "noImplicitAny": True}, ""),
        ({"strict": False, "strictNullChecks": True, "noImplicitAny": True}, ""),
        ({"strictNullChecks": True}, "neither strict nor noImplicitAny is on: arguments may be of any type"),
        ({"noImplicitAny": True}, "neither strict nor strictNullChecks is on: values may be null without"),
        ({"noImplicitAny": False}, "strict is not on: values may be null or of any type"),
    ],
)
def test_the_parts_of_strict_count_where_they_are_set_by_themselves(options: dict[str, bool], problem: str) -> None:
    """Both together are what a server needs; where one is missing, only what that one prevents is said."""
    files = {
        "server.ts": "import express from 'express';\nexpress().get('/', (req, res) => res.end());\n",
        "tsconfig.json": json.dumps({"compilerOptions": options}),
    }
    setup = _setup("strict-types", files, devDependencies={"typescript": "5"})
    assert setup.is_set_up is not bool(problem)
    assert setup.problem.startswith(problem)


def test_what_stands_above_the_scanned_folder_counts() -> None:
    """The tools of a monorepo, seen from one of its packages."""
    contents = {
        "package.json": _package(),
        "server.js": _SERVER,
        "../../package.json": json.dumps({"workspaces": ["packages/*"], **_LINTED}),
        "../../eslint.config.js": "module.exports = [];\n",
        "../../.github/workflows/ci.yml": _ci("npm run lint")[".github/workflows/ci.yml"],
        "../../yarn.lock": "",
    }
    made = builder(contents)
    inside = frozenset(path for path in contents if not path.startswith(".."))
    made._inventory = msgspec.structs.replace(  # noqa: SLF001 - as discovery lists it
        made._inventory,  # noqa: SLF001
        paths=inside,
        around=tuple(sorted(contents.keys() - inside)),
        location="packages/api",
    )
    setups = _setups(made)
    assert (setups["linter"].is_set_up, setups["linter"].is_enforced) == (True, True)
    assert setups["lockfile"].tool == "yarn"


def test_a_lockfile_that_gitignore_names_may_be_kept_all_the_same() -> None:
    """It is there and not listed: whether git has it can't be told."""
    made = builder({"package.json": _package(), "server.js": _SERVER, "package-lock.json": "{}"})
    listed = made._inventory  # noqa: SLF001 - as discovery lists it
    made._inventory = msgspec.structs.replace(listed, paths=listed.paths - {"package-lock.json"})  # noqa: SLF001
    lockfile = _setups(made)["lockfile"]
    assert lockfile.is_set_up is None
    assert lockfile.problem == "a .gitignore names package-lock.json, which is there: git may have it all the same"


def test_who_forbids_a_lockfile_has_decided() -> None:
    """Nothing is said of a package whose .npmrc keeps npm from writing one."""
    lockfile = _setup("lockfile", {".npmrc": "package-lock=false\n"})
    assert lockfile.is_set_up is None
    assert lockfile.problem == ".npmrc says that none is to be kept"
    assert _setup("lockfile", {".npmrc": "# package-lock=false\n"}).is_set_up is False
