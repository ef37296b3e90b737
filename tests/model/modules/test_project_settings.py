"""What package.json, tsconfig.json and workspace files are understood to say."""

import json
import time
from collections.abc import Callable

import pytest

from medpro_audit.core.place import Place
from medpro_audit.facts.inventory import Inventory
from medpro_audit.model.modules.manifest import manifest_of
from medpro_audit.model.modules.projects import Projects
from medpro_audit.model.modules.tsconfig import Output, TsConfig

Inventories = Callable[[dict[str, str]], Inventory]


def tsconfig(files: dict[str, str], path: str, inventory_of: Inventories) -> TsConfig:
    """Read one TypeScript project among files."""
    return Projects(inventory_of(files)).tsconfigs[path]


def test_manifest_fields() -> None:
    """Each field is read in all its shapes, and one of a wrong shape is absent."""
    manifest = manifest_of(
        "api/package.json",
        {
            "name": "api",
            "type": "module",
            "typings": "t.d.ts",
            "bin": "cli.js",
            "workspaces": {"packages": ["a", 1], "nohoist": []},
            "dependencies": {"x": "1", "y": 2},
            "optionalDependencies": {"x": "0", "o": "1"},
            "devDependencies": ["jest"],
            "scripts": {"start": "NODE_PATH=./src:lib node x", "dev": "NODE_PATH=$HOME:src node x"},
            "_moduleAliases": {"@": "src"},
        },
    )
    assert (manifest.folder, manifest.name, manifest.type, manifest.types) == ("api", "api", "module", "t.d.ts")
    assert manifest.bin == {"": "cli.js"}
    assert manifest.workspaces == ("a",)
    assert manifest.dependencies == {"x": "1", "o": "1"}
    assert manifest.dev_dependencies == {}
    assert manifest.node_path == ("./src", "lib", "src")
    assert manifest.aliases == {"@": "src"}


def test_an_empty_manifest() -> None:
    """Nothing is needed in a package.json."""
    assert manifest_of("package.json", {"exports": None, "bin": None}).exports is None


def test_extends_is_followed_to_the_file_that_says_it(inventory_of: Inventories) -> None:
    """Paths are relative to the file they are written in; later parents and the file itself win."""
    files = {
        "tsconfig.base.json": '{"compilerOptions": {"paths": {"@lib/*": ["./libs/*"]}, "outDir": "out"}}',
        "config/strict.json": '{"compilerOptions": {"outDir": "elsewhere"}}',
        "app/tsconfig.json": '{"extends": ["../tsconfig.base", "../config/strict.json"], "include": ["src"]}',
    }
    found = tsconfig(files, "app/tsconfig.json", inventory_of)
    assert found.paths == {"@lib/*": ("libs/*",)}
    assert found.base_url is None
    assert found.outputs == (Output("out", ("app/src", "app")),)


def test_extends_reaches_settings_of_any_name(inventory_of: Inventories) -> None:
    """A parent needs no name that begins with tsconfig."""
    files = {
        "config/base.config.json": '{"compilerOptions": {"baseUrl": "../src"}}',
        "tsconfig.json": '{"extends": "./config/base.config.json"}',
    }
    assert tsconfig(files, "tsconfig.json", inventory_of).base_url == "src"


def test_extends_a_package_of_the_workspace(inventory_of: Inventories) -> None:
    """A bare name in extends is a package's tsconfig.json, or a file of it."""
    files = {
        "packages/config/package.json": '{"name": "@acme/config"}',
        "packages/config/tsconfig.json": '{"compilerOptions": {"paths": {"~/*": ["./a/*"]}}}',
        "packages/config/tsconfig.node.json": '{"compilerOptions": {"paths": {"~/*": ["./b/*"]}}}',
        "tsconfig.json": '{"extends": "@acme/config"}',
        "api/tsconfig.json": '{"extends": "@acme/config/tsconfig.node"}',
    }
    assert tsconfig(files, "tsconfig.json", inventory_of).paths == {"~/*": ("packages/config/a/*",)}
    assert tsconfig(files, "api/tsconfig.json", inventory_of).paths == {"~/*": ("packages/config/b/*",)}


def test_base_url_of_the_child_moves_the_paths_of_the_parent(inventory_of: Inventories) -> None:
    """Where there is a base URL, paths are relative to it, whoever wrote them."""
    files = {
        "tsconfig.base.json": '{"compilerOptions": {"paths": {"@/*": ["./x/*"]}}}',
        "app/tsconfig.json": '{"extends": "../tsconfig.base.json", "compilerOptions": {"baseUrl": "src"}}',
    }
    assert tsconfig(files, "app/tsconfig.json", inventory_of).paths == {"@/*": ("app/src/x/*",)}


def test_config_dir_is_that_of_the_file_that_extends(inventory_of: Inventories) -> None:
    """`${configDir}` in a parent means the child's folder."""
    files = {
        "tsconfig.base.json": """{"compilerOptions": {
            "paths": {"@/*": ["${configDir}/src/*"]}, "outDir": "${configDir}/o"}}""",
        "app/tsconfig.json": '{"extends": "../tsconfig.base.json", "compilerOptions": {"rootDir": "src"}}',
    }
    found = tsconfig(files, "app/tsconfig.json", inventory_of)
    assert found.paths == {"@/*": ("app/src/*",)}
    assert found.outputs == (Output("app/o", ("app/src",)),)


def test_the_root_is_inferred_from_what_is_included(inventory_of: Inventories) -> None:
    """Without a rootDir it is the deepest folder above all that is included, files as well as globs."""
    files = {
        "tsconfig.json": """{"compilerOptions": {"outDir": "out"},
            "include": ["server/app/**/*.ts", "server/lib", "server/main.ts"]}""",
    }
    assert tsconfig(files, "tsconfig.json", inventory_of).outputs == (Output("out", ("server", "", "src")),)


def test_circles_and_lost_parents_are_survived(inventory_of: Inventories) -> None:
    """A circle of extends ends, and a parent that is missing is a notice; one from npm is not."""
    files = {
        "tsconfig.a.json": '{"extends": "./tsconfig.b.json", "compilerOptions": {"baseUrl": "a"}}',
        "tsconfig.b.json": '{"extends": ["./tsconfig.a.json", "./gone"]}',
        "tsconfig.json": '{"extends": ["./tsconfig.json", "@tsconfig/node20/tsconfig.json", "./tsconfig.b.json"]}',
    }
    projects = Projects(inventory_of(files))
    assert projects.tsconfigs["tsconfig.json"].base_url == "a"
    assert [(notice.place, notice.message) for notice in projects.notices] == [
        (Place("tsconfig.b.json", 0), "extends ./gone, which was not found: path aliases set there are unknown")
    ]


def test_long_chains_are_cut(inventory_of: Inventories) -> None:
    """A chain of thousands of parents is no reason to crash."""
    files = {f"tsconfig.{at}.json": f'{{"extends": "./tsconfig.{at + 1}.json"}}' for at in range(3_000)}
    assert Projects(inventory_of(files)).tsconfigs["tsconfig.0.json"].base_url is None


def test_parents_that_multiply_are_cut(inventory_of: Inventories) -> None:
    """Files that extend each other many times over are no reason to hang."""
    names = [f"./tsconfig.{at}.json" for at in range(100)]
    files = {f"tsconfig.{at}.json": f'{{"extends": {json.dumps(names[at:] * 9)}}}' for at in range(100)}
    started = time.process_time()
    assert len(Projects(inventory_of(files)).tsconfigs) == 100
    assert time.process_time() - started < 2


def test_a_parent_that_is_shared_counts_again(inventory_of: Inventories) -> None:
    """Of two parents the later wins, also by what both have from the same file."""
    files = {
        "tsconfig.base.json": '{"compilerOptions": {"baseUrl": "base"}}',
        "tsconfig.a.json": '{"extends": "./tsconfig.base.json", "compilerOptions": {"baseUrl": "a"}}',
        "tsconfig.b.json": '{"extends": "./tsconfig.base.json"}',
        "tsconfig.json": '{"extends": ["./tsconfig.a.json", "./tsconfig.b.json"]}',
    }
    assert tsconfig(files, "tsconfig.json", inventory_of).base_url == "base"


def test_very_deep_folders(inventory_of: Inventories) -> None:
    """A path of a thousand folders is no reason to crash."""
    projects = Projects(inventory_of({"package.json": "{}"}))
    assert projects.package_of("a/" * 2_000 + "a") is projects.packages[""]


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("package.json", '{"name": "x",, }', "configuration"),
        ("tsconfig.json", "[" * 100_000, "limit"),
        ("lerna.json", "nonsense", "configuration"),
        ("pnpm-workspace.yaml", "packages: [", "configuration"),
        ("pnpm-workspace.yaml", "[" * 20_000, "limit"),
        ("pnpm-workspace.yaml", "a: b\n" * 20_000, "limit"),
        ("pnpm-workspace.yaml", "packages:\n  - \x00", "configuration"),
        ("pnpm-workspace.yaml", "packages: [" + "a," * 3_000 + "a]", "limit"),
    ],
)
def test_faulty_settings_are_notices(path: str, text: str, kind: str, inventory_of: Inventories) -> None:
    """A settings file that can't be read is said once, with its name."""
    notices = Projects(inventory_of({path: text})).notices
    assert [(notice.kind, notice.place.file if notice.place else "") for notice in notices] == [(kind, path)]


@pytest.mark.parametrize(
    ("settings", "member"),
    [
        ({"package.json": '{"workspaces": ["packages/*"]}'}, "packages/a"),
        ({"package.json": '{"workspaces": {"packages": ["packages/**"]}}'}, "packages/x/a"),
        ({"pnpm-workspace.yaml": "packages:\n  - 'packages/*'\n"}, "packages/a"),
        ({"lerna.json": '{"packages": ["libs/*"]}'}, "libs/a"),
        ({"lerna.json": "{}"}, "packages/a"),
        ({"package.json": '{"dependencies": {"a": "file:./vendor/a"}}'}, "vendor/a"),
        ({"package.json": '{"devDependencies": {"a": "workspace:*"}}'}, "anywhere/a"),
    ],
)
def test_members_of_workspaces(settings: dict[str, str], member: str, inventory_of: Inventories) -> None:
    """Every kind of workspace links its members into the folders below it."""
    projects = Projects(inventory_of({**settings, f"{member}/package.json": '{"name": "a"}'}))
    found = projects.linked("a", "packages/b")
    assert found is not None
    assert found.folder == member


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"package.json": '{"workspaces": ["packages/*", "!packages/a"]}'},
        {"package.json": '{"workspaces": ["apps/*"]}'},
        {"pnpm-workspace.yaml": "catalog:\n  a: 1\n"},
        {"lerna.json": '{"useWorkspaces": true}'},
        {"other/package.json": '{"workspaces": ["../packages/*"]}'},
        {"server/package.json": '{"workspaces": ["../packages/*"]}'},
    ],
)
def test_other_packages_are_not_linked(settings: dict[str, str], inventory_of: Inventories) -> None:
    """A package of the same name that no workspace takes in is not what an import means."""
    files = {**settings, "packages/a/package.json": '{"name": "a"}'}
    assert Projects(inventory_of(files)).linked("a", "server") is None


def test_a_later_pattern_takes_back_in(inventory_of: Inventories) -> None:
    """Patterns of a workspace count in their order."""
    files = {
        "package.json": '{"workspaces": ["p/*", "!p/a", "p/a"]}',
        "p/a/package.json": '{"name": "a"}',
    }
    assert Projects(inventory_of(files)).linked("a", "") is not None


def test_the_nearest_settings_count(inventory_of: Inventories) -> None:
    """A folder belongs to the nearest package and TypeScript project above it."""
    files = {
        "package.json": "{}",
        "a/package.json": "{}",
        "tsconfig.json": "{}",
        "a/jsconfig.json": "{}",
        "../package.json": "{}",
    }
    projects = Projects(inventory_of(files))
    assert [package.path for package in projects.packages_above("a/b")] == [
        "a/package.json",
        "package.json",
        "../package.json",
    ]
    assert [config.path for config in projects.tsconfigs_of("a/b")] == ["a/jsconfig.json"]
    assert [config.path for config in projects.tsconfigs_of("b")] == ["tsconfig.json"]
    assert projects.package_of("../other") is projects.packages[".."]
