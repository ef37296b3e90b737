"""Where imports lead."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from medpro_audit.facts.file import ImportKind
from medpro_audit.facts.inventory import Inventory
from medpro_audit.model.modules.resolution import (
    AssetFile,
    ExternalPackage,
    NodeBuiltin,
    RemoteModule,
    Resolution,
    SourceModule,
    Unresolved,
)
from medpro_audit.model.modules.resolver import Resolver

Inventories = Callable[[dict[str, str]], Inventory]
Resolvers = Callable[[dict[str, str]], Resolver]
Linked = Callable[[dict[str, str], str], Resolver]


def paths(*names: str) -> dict[str, str]:
    """Build empty files."""
    return dict.fromkeys(names, "")


@pytest.mark.parametrize(
    ("importer", "specifier", "expected"),
    [
        ("a/x.js", "./b", "a/b.js"),
        ("a/x.ts", "./b", "a/b.ts"),
        ("a/x.js", "./b.ts", "a/b.ts"),
        ("a/x.js", "./b.js", "a/b.js"),
        ("a/x.ts", "./b.js", "a/b.ts"),
        ("a/x.js", "./only", "a/only.ts"),
        ("a/x.js", "./only.js", "a/only.ts"),
        ("a/x.ts", "./view.jsx", "a/view.tsx"),
        ("a/x.mts", "./m.mjs", "a/m.mts"),
        ("a/x.cts", "./c.cjs", "a/c.cts"),
        ("a/x.js", "./c", "a/c.js"),
        ("a/x.js", "./c/", "a/c/index.js"),
        ("a/x.js", ".", "a/index.js"),
        ("a/x.js", "./", "a/index.js"),
        ("a/c/index.js", "..", "a/index.js"),
        ("a/x.js", "../lib", "lib/main.js"),
        ("a/x.js", "..//a/./b", "a/b.js"),
        ("a/x.js", "./b?v=1", "a/b.js"),
        ("a/x.js", "./b.js#part", "a/b.js"),
        ("a/x.js", "./odd?.js", "a/odd?.js"),
        ("a/x.ts", "./typed", "a/typed.d.ts"),
        ("a/x.ts", "./both", "a/both.js"),
        ("x.js", "./a", "a/index.js"),
    ],
)
def test_relative(importer: str, specifier: str, expected: str, resolver_of: Resolvers) -> None:
    """Suffixes, folders and sources of compiled files are found as Node and TypeScript find them."""
    files = paths(
        *("a/b.js", "a/b.ts", "a/only.ts", "a/view.tsx", "a/m.mts", "a/c.cts", "a/c.js", "a/c/index.js", "a/index.js"),
        *("lib/main.js", "lib/index.js", "a/odd?.js", "a/typed.d.ts", "a/both.js", "a/both.d.ts"),
    )
    files["lib/package.json"] = '{"main": "./main"}'
    assert resolver_of(files).resolve(importer, specifier, "import") == SourceModule(expected)


@pytest.mark.parametrize("main", ["", "gone.js", ".", "./", "..", "../lib", "../../..", "/etc/passwd", "lib"])
def test_a_useless_main_means_index(main: str, resolver_of: Resolvers) -> None:
    """A main that leads nowhere, or back to itself, is passed over."""
    files = {"lib/package.json": f'{{"main": "{main}"}}', "lib/index.js": ""}
    assert resolver_of(files).resolve("a.js", "./lib", "require") == SourceModule("lib/index.js")


def test_assets(resolver_of: Resolvers) -> None:
    """A file that is no source is an asset."""
    resolver = resolver_of(paths("c.json", "style.css", "bin/run"))
    assert resolver.resolve("a.js", "./c", "require") == AssetFile("c.json")
    assert resolver.resolve("a.ts", "./style.css", "import") == AssetFile("style.css")
    assert resolver.resolve("a.js", "./bin/run", "require") == AssetFile("bin/run")


@pytest.mark.parametrize(
    ("specifier", "reason"),
    [
        ("./gone", "no file at gone"),
        ("./User", "no file at User; user.js differs in upper and lower case"),
        ("../../x", "../../x is outside of the scanned directory and of the packages linked to it"),
        ("/etc/passwd", "an absolute path, which is another on each machine"),
        ("file:///etc/passwd", "an absolute path, which is another on each machine"),
        ("node:nonsense", "Node has no such module"),
        ("@/models", "neither a package's name nor an alias that is set up"),
        ("C:\\x", "neither a package's name nor an alias that is set up"),
        ("#x", "no package.json around the file lists it under imports"),
        ("", "not a module's name"),
        ("a\0b", "not a module's name"),
        ("a" * 5_000, "not a module's name"),
    ],
)
def test_reasons(specifier: str, reason: str, resolver_of: Resolvers) -> None:
    """What leads nowhere says why."""
    assert resolver_of(paths("user.js")).resolve("a.js", specifier, "import") == Unresolved(reason)


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("fs", NodeBuiltin("fs")),
        ("node:fs/promises", NodeBuiltin("fs/promises")),
        ("node:test", NodeBuiltin("test")),
        ("test", ExternalPackage("test", "", is_declared=False)),
        ("events/", ExternalPackage("events", "", is_declared=False)),
        ("express", ExternalPackage("express", "", is_declared=True)),
        ("jest", ExternalPackage("jest", "", is_declared=True)),
        ("@scope/x/y/z.js", ExternalPackage("@scope/x", "y/z.js", is_declared=False)),
        ("express4", ExternalPackage("express", "", is_declared=True)),
        ("scoped/x", ExternalPackage("@real/one", "x", is_declared=True)),
        ("./node_modules/express/lib/router", ExternalPackage("express", "lib/router", is_declared=True)),
        ("https://esm.sh/x", RemoteModule("https://esm.sh/x")),
        ("data:text/javascript,1", RemoteModule("data:text/javascript,1")),
        ("bun:sqlite", RemoteModule("bun:sqlite")),
    ],
)
def test_outside_the_repository(specifier: str, expected: Resolution, resolver_of: Resolvers) -> None:
    """Packages, Node's own modules and URLs are told apart, and a package's real name is known."""
    files = {
        "package.json": '{"dependencies": {"express": "4", "express4": "npm:express@4", "scoped": "npm:@real/one@^1"}}',
        "api/package.json": '{"devDependencies": {"jest": "1"}}',
    }
    if specifier.startswith("./"):
        specifier = f".{specifier}"
    assert resolver_of(files).resolve("api/a.js", specifier, "require") == expected


def test_without_any_manifest_nothing_is_undeclared(resolver_of: Resolvers) -> None:
    """Where no package.json could declare a package, none is missing there."""
    found = resolver_of(paths("a.js")).resolve("a.js", "express", "require")
    assert found == ExternalPackage("express", "", is_declared=True)


@pytest.mark.parametrize(
    ("importer", "specifier", "expected"),
    [
        ("src/a.ts", "@/models/user", "src/models/user.ts"),
        ("src/a.ts", "@models", "src/models/index.ts"),
        ("src/a.ts", "@/../scripts/x", "scripts/x.ts"),
        ("src/a.ts", "@/models/user?raw", "src/models/user.ts"),
        ("src/a.ts", "either/one", "second/one.ts"),
        ("src/a.ts", "build/one", "src/one.ts"),
        ("src/deep/a.ts", "@/models/user", "src/deep/user.ts"),
        ("src/a.js", "@/models/user", "src/models/user.ts"),
    ],
)
def test_typescript_paths(importer: str, specifier: str, expected: str, resolver_of: Resolvers) -> None:
    """Aliases of the nearest TypeScript project lead to files, also over build output."""
    files = {
        "package.json": "{}",
        "tsconfig.json": """{
            // aliases
            "compilerOptions": {
                "outDir": "dist", "rootDir": "src",
                "paths": {
                    "@/*": ["./src/*"], "@models": ["./src/models"], "either/*": ["./first/*", "./second/*"],
                    "build/*": ["./dist/*"],
                },
            },
        }""",
        "src/deep/tsconfig.json": '{"compilerOptions": {"paths": {"@/models/*": ["./*"]}}}',
        **paths("src/models/user.ts", "src/models/index.ts", "src/index.ts", "scripts/x.ts", "second/one.ts"),
        **paths("src/one.ts", "src/deep/user.ts"),
    }
    assert resolver_of(files).resolve(importer, specifier, "import") == SourceModule(expected)


def test_a_broken_alias_says_who_set_it(resolver_of: Resolvers) -> None:
    """An alias to nothing names the file that it leads to and the settings that say so."""
    files = {"tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"], "*": ["./types/*"]}}}'}
    resolver = resolver_of(files)
    assert resolver.resolve("a.ts", "@/gone", "import") == Unresolved("no file at src/gone, where tsconfig.json leads")
    assert resolver.resolve("a.ts", "lodash", "import") == ExternalPackage("lodash", "", is_declared=True)


def test_base_url_and_packages(resolver_of: Resolvers) -> None:
    """In TypeScript a file below baseUrl hides a package, in JavaScript a declared package goes first."""
    files = {
        "package.json": '{"dependencies": {"config": "1"}}',
        "tsconfig.json": '{"compilerOptions": {"baseUrl": "src"}}',
        **paths("src/config.ts", "src/services/user.ts"),
    }
    resolver = resolver_of(files)
    assert resolver.resolve("a.ts", "config", "import") == SourceModule("src/config.ts")
    assert resolver.resolve("a.js", "config", "require") == ExternalPackage("config", "", is_declared=True)
    assert resolver.resolve("a.js", "services/user", "require") == SourceModule("src/services/user.ts")
    assert resolver.resolve("a.ts", "path", "import") == NodeBuiltin("path")


def test_projects_that_are_referred_to(resolver_of: Resolvers) -> None:
    """Aliases of a referenced project count where the nearest has none."""
    files = {
        "tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}, {"path": "./gone"}, 1]}',
        "tsconfig.app.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
        "src/x.ts": "",
    }
    assert resolver_of(files).resolve("src/a.ts", "@/x", "import") == SourceModule("src/x.ts")


def test_root_dirs(resolver_of: Resolvers) -> None:
    """Folders that rootDirs lists are one folder."""
    files = {"tsconfig.json": '{"compilerOptions": {"rootDirs": ["src", "generated"]}}', "generated/api/x.ts": ""}
    assert resolver_of(files).resolve("src/api/a.ts", "./x", "import") == SourceModule("generated/api/x.ts")


def test_module_alias(resolver_of: Resolvers) -> None:
    """Prefixes of module-alias lead to files or to the source of a build; the longer prefix wins."""
    files = {
        "package.json": """{"_moduleAliases": {"~": ".", "@db": "dist/db", "@db/models": "models", "deep": "lib/deep"},
                            "imports": {"~/*": "./*"}}""",
        "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}',
        "sub/package.json": "{}",
        **paths("server/index.js", "src/db/pool.ts", "models/user.js", "lib/deep.js"),
    }
    resolver = resolver_of(files)
    assert resolver.resolve("sub/a.js", "~/server", "require") == SourceModule("server/index.js")
    assert resolver.resolve("sub/a.js", "@db/pool", "require") == SourceModule("src/db/pool.ts")
    assert resolver.resolve("sub/a.js", "@db/models/user", "require") == SourceModule("models/user.js")
    assert resolver.resolve("sub/a.js", "deep", "require") == SourceModule("lib/deep.js")
    assert resolver.resolve("sub/a.js", "deeper", "require") == ExternalPackage("deeper", "", is_declared=False)
    assert resolver.resolve("a.js", "~/gone", "require") == Unresolved("no file at gone, where package.json leads")


def test_an_alias_of_another_package(resolver_of: Resolvers) -> None:
    """What can only be an alias is that of the one package that has a file for it."""
    files = {
        "api/package.json": '{"_moduleAliases": {"~": "."}}',
        "web/package.json": '{"_moduleAliases": {"~": "src"}}',
        **paths("api/models.js", "api/both.js", "web/src/both.js"),
    }
    resolver = resolver_of(files)
    assert resolver.resolve("scripts/x.js", "~/models", "require") == SourceModule("api/models.js")
    assert isinstance(resolver.resolve("scripts/x.js", "~/both", "require"), Unresolved)


def test_node_path(resolver_of: Resolvers) -> None:
    """Folders that a script puts on NODE_PATH are looked into last."""
    files = {
        "package.json": '{"scripts": {"start": "NODE_PATH=./lib node x.js"}, "dependencies": {"db": "1"}}',
        **paths("lib/db.js", "lib/log.js"),
    }
    resolver = resolver_of(files)
    assert resolver.resolve("a.js", "log", "require") == SourceModule("lib/log.js")
    assert resolver.resolve("a.js", "db", "require") == ExternalPackage("db", "", is_declared=True)


MONOREPO = {
    "package.json": '{"workspaces": ["packages/*"]}',
    "packages/api/package.json": '{"name": "@acme/api", "exports": {".": "./src/index.ts", "./x": "./src/x.ts"}}',
    "packages/tsc/package.json": '{"name": "@acme/tsc"}',
    "packages/tsc/tsconfig.json": '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}',
    "packages/two/package.json": '{"name": "two", "main": "build/src/index", "types": "build/src/index.d.ts"}',
    "packages/two/tsconfig.json": '{"compilerOptions": {"outDir": "./build"}, "include": ["src", "nodes"]}',
    "packages/bundled/package.json": """{"name": "bundled", "main": "./out/bundle.umd.js", "exports": {
        ".": {"import": {"types": "./dist/index.d.mts", "default": "./dist/index.mjs"}, "require": "./dist/index.cjs"},
        "./caps": {"types": "./dist/caps.d.ts", "default": "./dist/admin/caps.mjs"},
        "./plain": "./dist/hashed-1234.js", "./gone": "./dist/gone.js", "./style.css": "./dist/style.css",
        "./internal/*": null, "./*": "./dist/*.js"}}""",
    "packages/named/package.json": '{"name": "named", "main": "dist/named.min.js", "source": "code/start.ts"}',
    "packages/types/package.json": '{"name": "types", "types": "lib/index.d.ts"}',
    "packages/lib/package.json": '{"name": "lib", "main": "./dist"}',
    **paths(
        *("packages/api/src/index.ts", "packages/api/src/x.ts", "packages/tsc/src/types.ts"),
        *("packages/tsc/src/db/index.ts", "packages/two/src/index.ts", "packages/two/index.ts"),
        *("packages/bundled/src/index.ts", "packages/bundled/src/admin/caps.ts", "packages/bundled/src/plain.ts"),
        *("packages/bundled/src/internal/x.ts", "packages/bundled/src/deep/y.ts", "packages/named/code/start.ts"),
        *("packages/types/index.ts", "packages/lib/src/index.js"),
    ),
}


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("@acme/api", "packages/api/src/index.ts"),
        ("@acme/api/x", "packages/api/src/x.ts"),
        ("@acme/tsc/dist/types", "packages/tsc/src/types.ts"),
        ("@acme/tsc/dist/types.js", "packages/tsc/src/types.ts"),
        ("@acme/tsc/dist/db", "packages/tsc/src/db/index.ts"),
        ("@acme/tsc/src/types", "packages/tsc/src/types.ts"),
        ("two", "packages/two/src/index.ts"),
        ("bundled", "packages/bundled/src/index.ts"),
        ("bundled/caps", "packages/bundled/src/admin/caps.ts"),
        ("bundled/plain", "packages/bundled/src/plain.ts"),
        ("bundled/deep/y", "packages/bundled/src/deep/y.ts"),
        ("named", "packages/named/code/start.ts"),
        ("types", "packages/types/index.ts"),
        ("lib", "packages/lib/src/index.js"),
    ],
)
@pytest.mark.parametrize("kind", ["import", "require"])
def test_workspace_packages(specifier: str, expected: str, kind: ImportKind, resolver_of: Resolvers) -> None:
    """A package of the workspace leads to its source, although its package.json names a build that isn't there."""
    assert resolver_of(MONOREPO).resolve("packages/web/a.ts", specifier, kind) == SourceModule(expected)


@pytest.mark.parametrize(
    ("specifier", "reason"),
    [
        ("@acme/api/src/x", "packages/api/package.json exports no ./src/x"),
        ("bundled/internal/x", "packages/bundled/package.json exports no ./internal/x"),
        ("bundled/gone", "no source found for gone of the package in packages/bundled/package.json"),
        ("@acme/tsc", "no source found for the entry of the package in packages/tsc/package.json"),
    ],
)
def test_workspace_packages_that_lead_nowhere(specifier: str, reason: str, resolver_of: Resolvers) -> None:
    """What a package does not offer, or what has no source, says so."""
    assert resolver_of(MONOREPO).resolve("packages/web/a.ts", specifier, "import") == Unresolved(reason)


def test_a_build_that_is_analysed_is_taken(resolver_of: Resolvers) -> None:
    """Where the named file itself is among the sources, nothing is guessed."""
    files = {**MONOREPO, "packages/two/build/src/index.js": ""}
    assert resolver_of(files).resolve("a.ts", "two", "import") == SourceModule("packages/two/build/src/index.js")


def test_own_name_and_own_imports(resolver_of: Resolvers) -> None:
    """A package may import itself by name, and what it lists under imports."""
    files = {
        "package.json": """{"name": "me", "exports": {"./x": "./src/x.js"}, "dependencies": {"pg": "8"},
            "imports": {"#db/*": "./src/db/*.js", "#pg": {"node": "pg", "default": "./shim.js"}, "#gone": "./gone.js",
                        "#fs": "fs", "#loop": "#loop", "#no": null}}""",
        **paths("src/x.js", "src/db/pool.js"),
    }
    resolver = resolver_of(files)
    assert resolver.resolve("src/a.js", "me/x", "require") == SourceModule("src/x.js")
    assert resolver.resolve("src/a.js", "#db/pool", "import") == SourceModule("src/db/pool.js")
    assert resolver.resolve("src/a.js", "#pg", "import") == ExternalPackage("pg", "", is_declared=True)
    assert resolver.resolve("src/a.js", "#fs", "import") == NodeBuiltin("fs")
    for specifier in ("#gone", "#loop", "#no", "#other"):
        assert isinstance(resolver.resolve("src/a.js", specifier, "import"), Unresolved)


def test_relative_import_of_build_output(resolver_of: Resolvers) -> None:
    """Build output that isn't in the repository leads to its source; a file missing among others leads nowhere."""
    files = {"package.json": "{}", **paths("src/app.js", "src/gone.js", "lib/other.js")}
    resolver = resolver_of(files)
    assert resolver.resolve("bin/run.js", "../dist/app", "require") == SourceModule("src/app.js")
    assert resolver.resolve("bin/run.js", "../lib/gone", "require") == Unresolved("no file at lib/gone")
    files["tsconfig.json"] = '{"compilerOptions": {"outDir": "lib", "rootDir": "src"}}'
    assert resolver_of(files).resolve("bin/run.js", "../lib/gone", "require") == SourceModule("src/gone.js")


def test_packages_beside_the_scanned_directory(linked_resolver_of: Linked) -> None:
    """A workspace around the scanned directory links its packages, and the way back in is found."""
    files = {
        "../../package.json": '{"workspaces": ["packages/*"]}',
        "../../tsconfig.base.json": '{"compilerOptions": {"paths": {"@own/*": ["./packages/api/src/*"]}}}',
        "../shared/package.json": '{"name": "shared", "main": "dist/index.js"}',
        "../shared/src/index.ts": "",
        "package.json": '{"name": "api"}',
        "tsconfig.json": '{"extends": "../../tsconfig.base.json"}',
        "src/x.ts": "",
    }
    resolver = linked_resolver_of(files, "packages/api")
    assert resolver.resolve("src/a.ts", "shared", "import") == SourceModule("../shared/src/index.ts")
    assert resolver.resolve("src/a.ts", "../../shared/src", "import") == SourceModule("../shared/src/index.ts")
    assert resolver.resolve("src/a.ts", "@own/x", "import") == SourceModule("src/x.ts")
    assert resolver.resolve("../shared/src/index.ts", "api/src/x", "import") == SourceModule("src/x.ts")


def test_symlinks(inventory_of: Inventories) -> None:
    """A path through a symlink means the file behind it, and a circle of symlinks means nothing."""
    files = {"core/package.json": '{"main": "start.js"}', **paths("core/start.js", "core/db/pool.js", "a.js")}
    links = {"src": "core", "alias.js": "a.js", "core/own": "src/db", "x": "y", "y": "x"}
    resolver = Resolver(replace(inventory_of(files), links=links))
    for specifier, expected in {
        "./src": "core/start.js",
        "./src/db/pool": "core/db/pool.js",
        "./src/own/pool.js": "core/db/pool.js",
        "./alias": "a.js",
    }.items():
        assert resolver.resolve("index.js", specifier, "require") == SourceModule(expected)
    assert resolver.resolve("index.js", "./x/z", "require") == Unresolved("no file at x/z")


@given(st.text(alphabet="./@#~ab?\\*:{}", max_size=20), st.sampled_from(["a.js", "x/a.ts", "../b/c.tsx"]))
def test_any_specifier_has_an_answer(resolver_of: Resolvers, specifier: str, importer: str) -> None:
    """No specifier raises, and asking twice gives the same answer."""
    resolver = resolver_of(
        {**MONOREPO, "tsconfig.json": '{"compilerOptions": {"baseUrl": "*", "paths": {"a*b": ["*"]}}}'}
    )
    answer = resolver.resolve(importer, specifier, "import")
    assert resolver.resolve(importer, specifier, "import") is answer


def test_it_is_quick(resolver_of: Resolvers) -> None:
    """Five thousand imports take a small part of a second."""
    files = {"package.json": "{}", "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}'}
    files |= paths(*(f"src/f{folder}/m{module}.ts" for folder in range(50) for module in range(20)))
    resolver = resolver_of(files)
    started = time.process_time()
    for folder in range(50):
        for module in range(20):
            for specifier in (
                f"./m{module}",
                f"../f{folder}/m{module}.js",
                f"@/f{folder}/m{module}",
                "express",
                "./no",
            ):
                resolver.resolve(f"src/f{folder}/x.ts", specifier, "import")
    assert time.process_time() - started < 0.5
