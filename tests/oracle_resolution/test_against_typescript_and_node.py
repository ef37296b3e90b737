"""Our resolver against `ts.resolveModuleName`, `require.resolve` and module-alias, on repositories of our own."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medpro_audit.facts.inventory import LANGUAGES, Inventory, SourceFile
from medpro_audit.model.modules.resolution import AssetFile, SourceModule
from medpro_audit.model.modules.resolver import Resolver

pytestmark = pytest.mark.node

Ask = Callable[[dict[str, object]], list[str | None]]
Files = dict[str, str]
Imports = list[tuple[str, str]]


def resolver_of(files: Files) -> Resolver:
    """Build a resolver from contents by path."""
    languages = {path: LANGUAGES.get(path[path.rfind(".") :]) for path in files}
    sources = (SourceFile(path, 0, language) for path, language in sorted(languages.items()) if language)
    settings_files = {path: text.encode() for path, text in files.items() if path.endswith(".json")}
    return Resolver(Inventory(tuple(sources), frozenset(files), settings_files, (), ()))


def ours(files: Files, imports: Imports) -> list[str | None]:
    """Resolve imports by our own means."""
    resolver = resolver_of(files)
    answers = (resolver.resolve(importer, specifier, "require") for importer, specifier in imports)
    return [answer.path if isinstance(answer, SourceModule | AssetFile) else None for answer in answers]


def differences(imports: Imports, found: list[str | None], expected: list[str | None]) -> list[str]:
    """Say where two lists of answers differ."""
    rows = zip(imports, found, expected, strict=True)
    return [f"{one}: {mine}, but the oracle says {other}" for one, mine, other in rows if mine != other]


def every(importers: Iterable[str], specifiers: Iterable[str]) -> Imports:
    """Combine importing files and specifiers."""
    return [(importer, specifier) for importer in importers for specifier in specifiers]


def empty(*paths: str) -> Files:
    """Build files without content."""
    return dict.fromkeys(paths, "")


TYPESCRIPT_FILES = empty(
    *("app/src/index.ts", "app/src/a.ts", "app/src/a.tsx", "app/src/b.tsx", "app/src/c.js", "app/src/d.jsx"),
    *("app/src/m.mts", "app/src/k.cts", "app/src/folder/index.ts", "app/src/folder/x.ts", "app/src/folder.ts"),
    *("app/src/only/index.tsx", "app/src/withmain/lib/start.ts", "app/src/withmain/index.ts", "app/src/t.d.ts"),
    *("app/src/typed/types.ts", "app/src/x.service.ts", "app/test/a.test.ts", "libs/log/index.ts"),
    *("libs/log/file.ts", "shared/src/index.ts", "shared/src/deep/x.ts", "shared/src/hidden/y.ts", "plain/lib/z.ts"),
    *("plain/index.ts", "app/src/config.json", "app/own/db.ts"),
) | {
    "tsconfig.base.json": """{ // shared by all
        "compilerOptions": {
            "module": "preserve", "moduleResolution": "bundler",
            "paths": {"@log": ["./libs/log"], "@log/*": ["./libs/log/*"], "@gone/*": ["./nowhere/*"]},
        },
    }""",
    "app/tsconfig.json": """{
        "extends": ["../tsconfig.base.json"],
        "compilerOptions": {
            "paths": {"@/*": ["./src/*"], "@/folder/*": ["./nowhere/*", "./src/folder/*"], "exact": ["./src/a"],
                      "*.service": ["./src/*.service"],
                      "src": ["./src/index.ts"], "js": ["./src/a.js"]}
        }
    }""",
    "package.json": '{"name": "root"}',
    "app/package.json": """{"name": "app", "type": "module", "exports": {"./own/*": "./own/*.ts"},
        "imports": {"#own/*": "./own/*.ts", "#types": {"types": "./own/db.ts", "default": "./gone.js"}}}""",
    "app/src/withmain/package.json": '{"main": "./lib/start"}',
    "app/src/typed/package.json": '{"types": "./types.ts"}',
    "shared/package.json": """{"name": "@acme/shared", "exports": {
        ".": {"types": "./src/index.ts", "default": "./dist/index.js"}, "./*": "./src/*.ts", "./hidden/*": null,
        "./array": ["./src/deep/x.ts"]}}""",
    "plain/package.json": '{"name": "plain"}',
}
TYPESCRIPT_LINKS = {"node_modules/@acme/shared": "shared", "node_modules/plain": "plain", "node_modules/app": "app"}
TYPESCRIPT_SPECIFIERS = (
    *("./a", "./a.js", "./a.ts", "./b", "./b.js", "./b.jsx", "./c", "./c.js", "./d", "./d.jsx", "./d.js", "./m.mjs"),
    *("./m.mts", "./k.cjs", "./folder", "./folder/", "./folder/x", "./folder/x.js", "./only", "./withmain", "./typed"),
    *("./withmain/", "./x.service", "./t", "./gone", "./config.json", ".", "./", "./.", "..", "../src"),
    *("../src/a", "../../libs/log", "../../libs/log/file.js", "@/a", "@/folder", "@/folder/x", "@/folder/gone", "@/"),
    *("exact", "x.service", "src", "js", "@log", "@log/file", "@gone/x", "@acme/shared", "@acme/shared/deep/x"),
    *("@acme/shared/hidden/y", "@acme/shared/array", "@acme/shared/src/index", "plain", "plain/lib/z", "plain/gone"),
    *("app/own/db", "app/src/a", "#own/db", "#types", "#gone", "lodash", "lodash/get", "@scope/x", "fs", "node:fs"),
    *("../src/../src/a", "./folder/../a", "a", "A", "./A"),
)
TYPESCRIPT_IMPORTERS = ("app/src/index.ts", "app/src/folder/x.ts", "app/test/a.test.ts", "libs/log/index.ts")


def test_typescript_repository(ask: Ask) -> None:
    """Aliases, packages and relative paths of a TypeScript workspace lead where the compiler says."""
    files = {**TYPESCRIPT_FILES, "package.json": '{"workspaces": ["app", "shared", "plain"]}'}
    # The base file is no project; beside the packages its aliases hold only through one that extends it.
    files["libs/tsconfig.json"] = '{"extends": "../tsconfig.base.json"}'
    imports = every(TYPESCRIPT_IMPORTERS, TYPESCRIPT_SPECIFIERS)
    expected = ask({"by": "typescript", "files": files, "links": TYPESCRIPT_LINKS, "imports": imports})
    assert sum(answer is not None for answer in expected) > 80
    assert differences(imports, ours(files, imports), expected) == []


def test_base_url(ask: Ask) -> None:
    """Names below baseUrl go before packages, and paths are relative to it wherever it is set."""
    files = {
        "package.json": '{"dependencies": {"config": "1"}}',
        "tsconfig.base.json": '{"compilerOptions": {"paths": {"~/*": ["lib/*"]}, "moduleResolution": "node10"}}',
        "tsconfig.json": '{"extends": "./tsconfig.base", "compilerOptions": {"baseUrl": "./src"}}',
        "sub/tsconfig.json": '{"extends": "../tsconfig.json", "compilerOptions": {"baseUrl": "."}}',
        **empty("src/config.ts", "src/lib/x.ts", "src/services/index.ts", "sub/lib/x.ts", "sub/services.ts", "a.ts"),
    }
    specifiers = ("config", "lib/x", "services", "services/index", "~/x", "~/gone", "./config", "src/config", "gone")
    imports = every(("a.ts", "src/config.ts", "sub/services.ts"), specifiers)
    expected = ask({"by": "typescript", "files": files, "links": {}, "imports": imports})
    assert differences(imports, ours(files, imports), expected) == []


def test_root_dirs(ask: Ask) -> None:
    """Folders that are one to the compiler are one to us."""
    files = {
        "tsconfig.json": '{"compilerOptions": {"rootDirs": ["./src", "./generated/src"]}}',
        **empty("src/a.ts", "src/api/x.ts", "generated/src/b.ts", "generated/src/api/x.gen.ts", "generated/other.ts"),
    }
    specifiers = ("./a", "./b", "./api/x", "./api/x.gen", "./x.gen", "../b", "../a", "./gone", "./other")
    imports = every(("src/a.ts", "src/api/x.ts", "generated/src/b.ts", "generated/other.ts"), specifiers)
    expected = ask({"by": "typescript", "files": files, "links": {}, "imports": imports})
    assert differences(imports, ours(files, imports), expected) == []


NODE_FILES = empty(
    *(
        "index.js",
        "server.js",
        "lib/index.js",
        "lib/a.js",
        "lib/b.json",
        "lib/a.json",
        "lib/both.js",
        "lib/both/index.js",
    ),
    *("lib/main/start.js", "lib/main/index.js", "lib/lost/index.js", "lib/dir/index.js", "lib/c.cjs", "lib/noext"),
    *("packages/one/src/index.js", "packages/one/src/x.js", "packages/one/lib/deep/y.js", "packages/two/main.js"),
    *("packages/two/sub/index.js", "src/db/pool.js", "src/db/index.js", "src/models/user.js", "lib/index/index.js"),
    *("lib/dot.name.js", "lib/UPPER.js", "packages/one/src/hidden/z.js"),
) | {
    "package.json": """{"name": "root", "main": "server", "workspaces": ["packages/*"],
        "exports": {"./x/*": "./lib/*.js"},
        "imports": {"#db": "./src/db/pool.js", "#lib/*": {"import": "./gone.js", "require": "./lib/*.js"},
                    "#fs": "fs", "#no": null},
        "_moduleAliases": {"@": "src", "@models": "src/models", "deep": "lib/dir", "@db": "src/db"}}""",
    "lib/main/package.json": '{"main": "start"}',
    "lib/lost/package.json": '{"main": "gone.js"}',
    "packages/one/package.json": """{"name": "@acme/one", "exports": {
        ".": {"import": "./src/gone.mjs", "require": "./src/index.js"}, "./x": "./src/x.js", "./lib/*": "./lib/*.js",
        "./src/*": "./src/*", "./src/hidden/*": null,
        "./nested": {"node": {"require": "./src/x.js"}, "default": "./no.js"}}}""",
    "packages/two/package.json": '{"name": "two", "main": "./main.js"}',
}
NODE_SPECIFIERS = (
    *("./lib", "./lib/", "./lib/a", "./lib/a.js", "./lib/a.json", "./lib/b", "./lib/both", "./lib/both/", "./lib/main"),
    *("./lib/lost", "./lib/dir", "./lib/c.cjs", "./lib/noext", "./lib/dot.name", "./lib/index", "./lib/upper", "."),
    *(
        "./",
        "..",
        "../lib",
        "../..",
        "./gone",
        "@acme/one",
        "@acme/one/x",
        "@acme/one/lib/deep/y",
        "@acme/one/src/x.js",
    ),
    *("@acme/one/src/hidden/z.js", "@acme/one/nested", "@acme/one/gone", "@acme/one/package.json", "two", "two/sub"),
    *(
        "two/main.js",
        "two/main",
        "two/gone",
        "root/x/a",
        "root/lib/a",
        "#db",
        "#lib/a",
        "#fs",
        "#no",
        "#gone",
        "express",
    ),
    *("fs", "node:fs", "@/db", "@/db/pool", "@models/user", "@/models/user.js", "@db/pool", "@db", "deep", "deeper"),
    *("@/gone", "./packages/two", "./packages/one/src", "../src/db", "./lib//a", "./lib/../lib/a"),
)


def written(files: Files, folder: Path) -> None:
    """Write files to the disk."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def test_node_repository(ask: Ask, tmp_path: Path) -> None:
    """Paths, packages, own names, own imports and module-alias lead where Node goes."""
    written(NODE_FILES, tmp_path)
    (tmp_path / "node_modules" / "@acme").mkdir(parents=True)
    (tmp_path / "node_modules" / "@acme" / "one").symlink_to(tmp_path / "packages" / "one")
    (tmp_path / "node_modules" / "two").symlink_to(tmp_path / "packages" / "two")
    imports = every(("index.js", "lib/index.js", "src/db/index.js"), NODE_SPECIFIERS)
    expected = ask({"by": "node", "folder": str(tmp_path), "imports": imports})
    assert sum(answer is not None for answer in expected) > 80
    assert differences(imports, ours(NODE_FILES, imports), expected) == []


NAMES = st.sampled_from(["a", "b", "index"])
FOLDERS = st.lists(st.sampled_from(["a", "b"]), max_size=2).map("/".join)


def paths_with(*suffixes: str) -> st.SearchStrategy[str]:
    """Draw paths of files with one of the suffixes."""
    parts = st.tuples(FOLDERS, NAMES, st.sampled_from(suffixes))
    return parts.map(lambda drawn: f"{drawn[0]}/{drawn[1]}{drawn[2]}".lstrip("/"))


def is_tree(paths: Iterable[str]) -> bool:
    """Whether no file is a folder as well."""
    known = set(paths)
    return not any(other.startswith(f"{path}/") for path in known for other in known)


RELATIVE = st.lists(st.sampled_from([".", "..", "a", "b", "index", "a.js", "b.jsx", ""]), min_size=1, max_size=3).map(
    lambda parts: f"./{'/'.join(parts)}"
)
BARE = st.sampled_from(["@/a", "@/b/a", "@/a/b", "a", "b/a", "x/a.js", "@/a.js"])
TARGETS = st.lists(st.sampled_from(["./*", "./a/*", "./b/*", "./*/index", "./a", "./*.js"]), min_size=1, max_size=2)
PATHS = st.dictionaries(st.sampled_from(["@/*", "@/a", "@/b/*", "*", "x/*"]), TARGETS, max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    files=st.sets(paths_with(".ts", ".tsx", ".js", ".jsx"), min_size=1, max_size=8),
    specifiers=st.lists(RELATIVE | BARE, min_size=1, max_size=6),
    paths=PATHS,
)
def test_random_typescript(ask: Ask, files: set[str], specifiers: list[str], paths: dict[str, list[str]]) -> None:
    """Random repositories with random aliases lead where the compiler says."""
    config = {"compilerOptions": {"module": "preserve", "moduleResolution": "bundler", "paths": paths}}
    repository = {**empty(*files), "tsconfig.json": json.dumps(config), "package.json": "{}"}
    imports = every([path for path in sorted(files) if path.endswith(("ts", "tsx"))], specifiers)
    expected = ask({"by": "typescript", "files": repository, "links": {}, "imports": imports})
    assert differences(imports, ours(repository, imports), expected) == []


MAINS = st.sampled_from(["a", "./b.js", "a/b", ".", "..", "index", "gone", "./a/"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    files=st.sets(paths_with(".js", ".json", ""), min_size=1, max_size=8).filter(is_tree),
    mains=st.dictionaries(FOLDERS, MAINS, max_size=2),
    specifiers=st.lists(RELATIVE, min_size=1, max_size=6),
)
def test_random_node(
    ask: Ask,
    tmp_path_factory: pytest.TempPathFactory,
    files: set[str],
    mains: dict[str, str],
    specifiers: list[str],
) -> None:
    """Random repositories with random main files lead where Node goes."""
    repository = {**empty(*files), "package.json": "{}"}
    for inner, main in mains.items():
        path = f"{inner}/package.json".lstrip("/")
        if is_tree([*repository, path]):
            repository[path] = json.dumps({"main": main})
    folder = tmp_path_factory.mktemp("node")
    written(repository, folder)
    imports = every([path for path in sorted(files) if path.endswith(".js")], specifiers)
    expected = ask({"by": "node", "folder": str(folder), "imports": imports})
    assert differences(imports, ours(repository, imports), expected) == []
