"""Which files of a package are started."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.modules.commands import MAX_CALLED, Program, programs
from medpro_audit.model.modules.entry_points import EntryPoint, entry_points
from medpro_audit.model.modules.resolver import Resolver

Resolvers = Callable[[dict[str, str]], Resolver]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("node server.js", ["server.js"]),
        ("node .", ["."]),
        ("NODE_ENV=production node --inspect=0.0.0.0 -r dotenv/config ./dist/x.js --port 3", ["./dist/x.js"]),
        ("cross-env NODE_ENV=test PORT=1 node --import tsx --watch src/index.ts", ["src/index.ts"]),
        ("node --env-file .env x", ["x"]),
        ("nodemon --watch src --ext ts --exec ts-node src/index.ts", ["src/index.ts"]),
        ("nodemon --exec 'ts-node' --transpile-only -r tsconfig-paths/register ./src/a.ts", ["./src/a.ts"]),
        ('nodemon --exec "node --inspect app.js"', ["app.js"]),
        ("nodemon", [""]),
        ("npx ts-node-dev --respawn --transpile-only ./src/server.ts", ["./src/server.ts"]),
        ("tsx watch --env-file=.env src/index.ts", ["src/index.ts"]),
        ("pm2 start -i max --name api build/app.js", ["build/app.js"]),
        ("pm2-runtime dist/main.js", ["dist/main.js"]),
        ("nest start --watch", ["src/main"]),
        ("npm run build && node dist/a.js", ["dist/a.js"]),
        ("tsc; node a.js & node b.js | pino-pretty", ["a.js", "b.js"]),
        ('concurrently -k "tsc -w" "nodemon a.js" \'npm:watch\'', ["a.js"]),
        ("node_modules/.bin/nodemon a.js", ["a.js"]),
        ("echo node a.js", []),
        ("node -e 'require(\"./a\")'", []),
        ("node --test test/a.js", []),
        ("jest --coverage", []),
        ("node 'a.js", ["'a.js"]),
        ("", []),
    ],
)
def test_programs(script: str, expected: list[str]) -> None:
    """The program is found behind whatever runs it and whatever stands before that."""
    assert [program.path for program in programs("x", {"x": script, "build": "tsc"})] == expected


def test_scripts_that_run_scripts() -> None:
    """Scripts are followed once each, and a change of folder is kept."""
    scripts = {
        "start": "npm-run-all build serve serve",
        "build": "npm run start",
        "serve": "cd api && yarn dev",
        "dev": "cd src && node x.js",
    }
    assert programs("start", scripts) == (Program("x.js", "api/src"),)


def test_scripts_that_multiply_are_cut() -> None:
    """Scripts that run each other many times over end soon."""
    scripts = {f"s{at}": " && ".join(["npm run s" + str(at + 1)] * 100) for at in range(100)}
    scripts[f"s{MAX_CALLED}"] = "node late.js"
    assert programs("s0", scripts) == ()


@given(st.text(alphabet="node x.js&|;'\"\\-er()<>cd\n", max_size=60))
def test_any_script_is_read(script: str) -> None:
    """No script raises."""
    programs("x", {"x": script})


def test_entry_points_in_order(resolver_of: Resolvers) -> None:
    """Serving scripts come first, then main and bin, then other scripts; builds lead to their source."""
    files = {
        "package.json": """{
            "main": "lib.js", "bin": {"tool": "bin/tool.js"},
            "scripts": {
                "seed": "node scripts/seed.js", "dev": "nodemon src/dev.ts", "test": "node test.js",
                "start": "node dist/server.js", "start:prod": "pm2 start ecosystem.config.js", "again": "node lib"
            }}""",
        "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}',
        **dict.fromkeys(("src/server.ts", "src/dev.ts", "lib.js", "bin/tool.js", "scripts/seed.js", "test.js"), ""),
        "ecosystem.config.js": "",
    }
    resolver = resolver_of(files)
    assert entry_points(resolver.projects.packages[""], resolver) == (
        EntryPoint("src/server.ts", "scripts.start"),
        EntryPoint("src/dev.ts", "scripts.dev"),
        EntryPoint("lib.js", "main"),
        EntryPoint("bin/tool.js", "bin.tool"),
        EntryPoint("scripts/seed.js", "scripts.seed"),
        EntryPoint("test.js", "scripts.test"),
    )


def test_entry_points_named_further_out(resolver_of: Resolvers) -> None:
    """Scripts of the package around it start a package's files too; a missing main is its index."""
    files = {
        "package.json": '{"scripts": {"backend": "node api/server/index.js", "web": "cd api && node worker"}}',
        "api/package.json": '{"scripts": {"start": "echo run this from the root"}}',
        **dict.fromkeys(("api/server/index.js", "api/index.js", "api/worker.js"), ""),
    }
    resolver = resolver_of(files)
    assert entry_points(resolver.projects.packages["api"], resolver) == (
        EntryPoint("api/index.js", "main"),
        EntryPoint("api/server/index.js", "package.json: scripts.backend"),
        EntryPoint("api/worker.js", "package.json: scripts.web"),
    )


@pytest.mark.parametrize(
    ("named_by", "expected"),
    [
        ("scripts.start", True),
        ("scripts.start:prod", True),
        ("package.json: scripts.backend", True),
        ("scripts.seed", False),
        ("scripts.start:test", False),
        ("main", False),
        ("bin.start", False),
    ],
)
def test_serving_entry_points(named_by: str, *, expected: bool) -> None:
    """The name of the script says whether what it starts serves."""
    assert EntryPoint("x.js", named_by).is_serving is expected


def test_a_package_that_starts_nothing(resolver_of: Resolvers) -> None:
    """Files that don't exist are no entry points."""
    files = {"package.json": '{"main": "gone.js", "scripts": {"start": "node gone"}, "bin": "./gone"}'}
    resolver = resolver_of(files)
    assert entry_points(resolver.projects.packages[""], resolver) == ()
