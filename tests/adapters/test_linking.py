"""Which files outside the scanned folder belong to it: workspace packages that it depends on, settings above it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from medpro_audit.adapters.discovery import discover
from medpro_audit.core.config import ScanConfig

Plant = Callable[[Mapping[str, str | bytes]], Path]

CODE = "const x = 1;\n"


def package(name: str, **fields: object) -> str:
    """A package.json."""
    return json.dumps({"name": name, **fields})


WORKSPACE: dict[str, str | bytes] = {
    "tsconfig.base.json": "{}",
    "docker-compose.yml": "services: {}",
    "apps/api/package.json": package("api", dependencies={"@x/core": "*", "express": "4"}),
    "apps/api/src/server.js": CODE,
    "packages/core/package.json": package("@x/core", peerDependencies={"@x/types": "*"}),
    "packages/core/src/index.ts": CODE,
    "packages/core/node_modules/p/i.js": CODE,
    "packages/types/package.json": package("@x/types"),
    "packages/types/index.ts": CODE,
    "packages/other/package.json": package("@x/other"),
    "packages/other/index.js": CODE,
}
LINKED = ["../../packages/core/src/index.ts", "../../packages/types/index.ts"]


@pytest.mark.parametrize(
    "declaration",
    [
        {"package.json": package("root", workspaces=["apps/*", "packages/*"])},
        {"package.json": package("root", workspaces={"packages": ["apps/**", "packages/**", "!**/test/**"]})},
        {"package.json": package("root"), "pnpm-workspace.yaml": "packages:\n  - 'apps/*'\n  - packages/*\n"},
        {"package.json": package("root"), "lerna.json": '{"packages": ["{apps,packages}/*"]}'},
    ],
    ids=["npm", "yarn", "pnpm", "lerna"],
)
@pytest.mark.parametrize("in_repository", [True, False])
def test_packages_of_the_workspace_are_linked_by_name(
    plant: Plant, declaration: Mapping[str, str | bytes], *, in_repository: bool
) -> None:
    """Sources, settings and paths of the packages in use are added, directly and through each other; no others."""
    root = plant({**WORKSPACE, **declaration, **({".git/HEAD": ""} if in_repository else {})})
    inventory = discover(root / "apps" / "api", ScanConfig())
    assert [source.path for source in inventory.sources if source.linked] == LINKED
    assert [source.path for source in inventory.sources if not source.linked] == ["src/server.js"]
    assert set(LINKED) < inventory.paths
    assert inventory.location == "apps/api"
    assert [path for path in inventory.settings if path.endswith("package.json")] == [
        "../../package.json",
        "../../packages/core/package.json",
        "../../packages/types/package.json",
        "package.json",
    ]
    assert "../../tsconfig.base.json" in inventory.settings
    assert "../../docker-compose.yml" not in inventory.settings


def test_a_folder_in_a_package_has_the_links_of_the_package(plant: Plant) -> None:
    """Scanning ``src`` alone still finds what its package depends on."""
    root = plant({**WORKSPACE, "package.json": package("root", workspaces=["apps/*", "packages/*"])})
    inventory = discover(root / "apps" / "api" / "src", ScanConfig())
    linked = [source.path for source in inventory.sources if source.linked]
    assert linked == [path.replace("../../", "../../../") for path in LINKED]


def test_nothing_is_linked_when_the_root_holds_the_packages(plant: Plant) -> None:
    """At the workspace root every package is scanned as it is."""
    root = plant({**WORKSPACE, "package.json": package("root", workspaces=["apps/*", "packages/*"])})
    inventory = discover(root, ScanConfig())
    assert not any(source.linked for source in inventory.sources)
    assert inventory.location == ""


def test_a_folder_that_is_no_member_has_no_links(plant: Plant) -> None:
    """A package beside the workspace's own doesn't see them."""
    files = {"package.json": package("root", workspaces=["packages/*"]), ".git/HEAD": ""}
    inventory = discover(plant({**WORKSPACE, **files}) / "apps" / "api", ScanConfig())
    assert not any(source.linked for source in inventory.sources)


def test_nothing_above_the_repository_is_read(plant: Plant) -> None:
    """The git root ends the search, also for a workspace that would take it in."""
    files = {"package.json": package("root", workspaces=["apps/*", "packages/*"]), "apps/api/.git/HEAD": ""}
    inventory = discover(plant({**WORKSPACE, **files}) / "apps" / "api", ScanConfig())
    assert not any(path.startswith("..") for path in inventory.paths | set(inventory.settings))


def test_packages_given_by_their_place_are_linked(plant: Plant) -> None:
    """``file:`` and ``link:`` dependencies in the repository are linked; a place outside it or behind a link isn't."""
    dependencies = {
        "common": "file:../common",
        "gone": "file:../gone",
        "away": "link:../../away",
        "hidden": "file:../hidden",
        "archive": "file:../archive.tgz",
        "self": "file:.",
    }
    root = plant(
        {
            ".git/HEAD": "",
            "server/package.json": package("server", dependencies=dependencies),
            "server/a.js": CODE,
            "common/package.json": package("common"),
            "common/b.js": CODE,
            "archive.tgz": "",
        }
    )
    away = root.parent / "away"
    away.mkdir()
    (away / "package.json").write_text(package("away"))
    (away / "c.js").write_text(CODE)
    (root / "hidden").symlink_to(away)
    inventory = discover(root / "server", ScanConfig())
    assert [source.path for source in inventory.sources] == ["../common/b.js", "a.js"]


def test_a_linked_package_is_sifted_like_the_root(plant: Plant) -> None:
    """Ignored and generated files of a linked package are left out, under their path as seen from the root."""
    files = {
        "package.json": package("root", workspaces=["apps/*", "packages/*"]),
        ".gitignore": "*.gen.ts\n",
        "packages/core/x.gen.ts": CODE,
        "packages/core/dist/index.js": "exports.__esModule = true;\n",
        ".git/HEAD": "",
    }
    inventory = discover(plant({**WORKSPACE, **files}) / "apps" / "api", ScanConfig())
    assert {exclusion.path: exclusion.reason.partition(":")[0] for exclusion in inventory.exclusions} == {
        "../../packages/core/dist": "build output",
        "../../packages/core/node_modules": "installed packages",
        "../../packages/core/x.gen.ts": "ignored by ../../.gitignore",
    }


def test_a_symlink_into_a_linked_package_is_understood(plant: Plant) -> None:
    """What is linked anyway may be reached through a symlink."""
    root = plant({**WORKSPACE, "package.json": package("root", workspaces=["apps/*", "packages/*"])})
    (root / "apps/api/src/core").symlink_to("../../../packages/core/src")
    inventory = discover(root / "apps" / "api", ScanConfig())
    assert inventory.links == {"src/core": "../../packages/core/src"}
    assert not inventory.notices


@pytest.mark.parametrize(
    "content", ["{", "[]", "null", '{"workspaces": 3}', '{"workspaces": ["../*", "/", ""]}', "\0\xff", "[" * 100_000]
)
def test_malformed_workspace_files_are_no_workspace(plant: Plant, content: str) -> None:
    """Whatever stands in the files above, the scanned folder is read."""
    files = {"package.json": content, "pnpm-workspace.yaml": content, "lerna.json": content, ".git/HEAD": ""}
    inventory = discover(plant({**WORKSPACE, **files}) / "apps" / "api", ScanConfig())
    assert "src/server.js" in inventory.paths
    assert not any(source.linked for source in inventory.sources)
