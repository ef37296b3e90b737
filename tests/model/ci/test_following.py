"""Which programs a command starts in the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.ci.following import Follower
from medpro_audit.model.modules.manifest import Manifest

_PACKAGES = {
    "": Manifest(
        "package.json",
        scripts={
            "lint": "eslint . || true",
            "pretest": "npm run build",
            "build": "tsc -p .",
            "test": "jest",
            "all": "run-s 'check:*'",
            "check:types": "tsc --noEmit",
            "check:style": "prettier --check .",
            "loop": "npm run loop",
            "both": 'concurrently "npm:lint" "node server.js"',
        },
    ),
    "packages/api": Manifest("packages/api/package.json", name="@clinic/api", scripts={"test": "vitest run"}),
    "packages/web": Manifest("packages/web/package.json", name="@clinic/web", scripts={"test": "ava"}),
}
_FILES = {
    "Makefile": b"ci: lint\n\t@npx --yes knip@5\n\t-npm run check:types\nlint:\n\tnpx eslint src\n",
    "cli": b"#!/usr/bin/env bash\nunit() {\n  $(compose) run --entrypoint npm api run it\n}\nnpm run build\n",
    "tool": b"#!/usr/bin/env python3\nnpm test\n",
    "ci.sh": b"#!/bin/sh\nset -e\nnpm ci\nnode_modules/.bin/mocha --exit\n",
}


def _programs(text: str, folder: str = "") -> list[tuple[str, str]]:
    return [(run.program, run.folder) for run in Follower(_PACKAGES, _FILES.get).runs(text, folder)]


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("npx eslint@9 .", [("eslint", "")]),
        ("NODE_ENV=test npx -y --package=jest jest", [("jest", "")]),
        ("npm test", [("tsc", ""), ("jest", "")]),
        ("npm t -- --coverage", [("tsc", ""), ("jest", "")]),
        ("yarn lint && yarn vitest run", [("eslint", ""), ("vitest", "")]),
        ("npm run all", [("tsc", ""), ("prettier", "")]),
        ("npm run both", [("eslint", ""), ("node", "")]),
        ("npm run loop", []),
        ("npm run nothing", [("npm", "")]),
        ("npm run nothing --if-present", []),
        ("cd packages/api && npm test", [("vitest", "packages/api")]),
        ("(cd packages/web && npm test); npm run build", [("ava", "packages/web"), ("tsc", "")]),
        ("npm --prefix packages/api test", [("vitest", "packages/api")]),
        ("npm test -w @clinic/api", [("vitest", "packages/api")]),
        ("npm test --workspaces", [("vitest", "packages/api"), ("ava", "packages/web")]),
        ("pnpm -r test", [("vitest", "packages/api"), ("ava", "packages/web")]),
        ("yarn workspace @clinic/web test", [("ava", "packages/web")]),
        ("pnpm --filter @clinic/api test", [("vitest", "packages/api")]),
        ("npx turbo run test", [("vitest", "packages/api"), ("ava", "packages/web")]),
        ("make ci", [("eslint", ""), ("knip", ""), ("tsc", "")]),
        ("sh ./ci.sh", [("npm", ""), ("mocha", "")]),
        ("./cli unit", [("unit", ""), ("npm", ""), ("tsc", "")]),
        ("find tests -name '*.js' -exec npx mocha {} +", [("mocha", "")]),
        ("git ls-files | xargs -n 1 eslint", [("git", ""), ("eslint", "")]),
        ("find . -delete", []),
        ("./tool unit", [("tool", "")]),
        ("$RUNNER --fast", [("sh", "")]),
        ("$(npm bin)/eslint .", [("$", ""), ("npm", ""), ("eslint", "")]),
        ("$COMPOSE run api npm run build", [("tsc", "")]),
        ("docker compose run --rm --entrypoint npm api run build", [("tsc", "")]),
        ('bash -c "npm run build"', [("tsc", "")]),
        ("docker compose run api npm run build", [("tsc", "")]),
        ("node ./node_modules/eslint/bin/eslint.js .", [("eslint", "")]),
        ("if npm run build; then echo ok; fi", [("tsc", "")]),
    ],
)
def test_scripts_workspaces_and_runners_are_followed(text: str, programs: list[tuple[str, str]]) -> None:
    """What stands between a step and a program is left out."""
    assert _programs(text) == programs


@pytest.mark.parametrize(
    ("text", "is_binding"),
    [
        ("npm run build", True),
        ("npm run build || exit 1", True),
        ("npm run build || true", False),
        ("npm run lint", False),
        ("if npm run build; then true; fi", False),
    ],
)
def test_a_failure_that_is_overlooked_binds_nobody(text: str, is_binding: bool) -> None:
    """Neither where a step excuses it, nor where a script does."""
    assert Follower(_PACKAGES, _FILES.get).runs(text)[0].is_binding is is_binding


def test_arguments_reach_the_end_of_a_script() -> None:
    """They are what follows ``--``."""
    run = Follower(_PACKAGES, _FILES.get).runs("npm run check:style -- --log-level warn")[0]
    assert run.arguments == ("--check", ".", "--log-level", "warn")
    assert run.scripts == ("package.json: check:style",)


@given(st.text(alphabet="npm run lint&|;()'\"\\\n$<>#=-cdxyz ", max_size=200))
def test_any_text_is_followed(text: str) -> None:
    """What is no shell yields nonsense, never an error."""
    assert all(run.program for run in Follower(_PACKAGES, _FILES.get).runs(text))
