"""Which files of a tree are analysed, which are left out, and why."""

import os
import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli.histories import commit, git
from medpro_audit.adapters.discovery import discover
from medpro_audit.core.config import ScanConfig
from medpro_audit.core.errors import UsageError
from medpro_audit.facts.inventory import Exclusion, Inventory

Plant = Callable[[Mapping[str, str | bytes]], Path]

CODE = "const x = 1;\n"
MINIFIED = "!function(e,t){var n={};function r(o){if(n[o])return n[o].exports}r(1)}();" * 60
COMPILED = '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n'
UNIVERSAL = "typeof define === 'function' && define.amd ? define(factory) : factory();\n"


def paths(inventory: Inventory) -> list[str]:
    """Paths of the sources."""
    return [source.path for source in inventory.sources]


def reasons(inventory: Inventory) -> dict[str, str]:
    """Reason by path of what is left out."""
    return {exclusion.path: exclusion.reason for exclusion in inventory.exclusions}


def notices(inventory: Inventory) -> list[tuple[str, str]]:
    """Kind and file of each notice."""
    return [(notice.kind, notice.place.file if notice.place else "") for notice in inventory.notices]


def test_sources_are_told_by_suffix(plant: Plant) -> None:
    """The eight suffixes are sources with their grammar; every other file is only a path."""
    files = ["a.js", "b.jsx", "c.mjs", "d.cjs", "e.ts", "f.tsx", "g.mts", "h.cts"]
    inventory = discover(plant(dict.fromkeys([*files, "view.ejs", "README", ".js", "x.json"], CODE)), ScanConfig())
    assert paths(inventory) == files
    assert [source.language for source in inventory.sources] == [
        *["javascript"] * 4,
        "typescript",
        "tsx",
        *["typescript"] * 2,
    ]
    assert {source.size for source in inventory.sources} == {len(CODE)}
    assert inventory.paths == {*files, "view.ejs", "README", ".js", "x.json"}


@pytest.mark.parametrize(
    ("files", "left_out", "kept"),
    [
        ({"node_modules/x/i.js": CODE, "a.js": CODE}, {"node_modules": "installed packages"}, ["a.js"]),
        ({"lib/node_modules/x/i.js": CODE}, {"lib/node_modules": "installed packages"}, []),
        ({"bower_components/x.js": CODE}, {"bower_components": "installed packages"}, []),
        ({".git/hooks/x.js": CODE}, {".git": "files of git itself"}, []),
        ({"third_party/x.js": CODE}, {"third_party": "third-party code"}, []),
        ({".next/server/a.js": CODE, "b.js": CODE}, {".next": "build output of Next.js"}, ["b.js"]),
        ({"types.d.ts": CODE, "x.d.css.ts": CODE, "d.ts": CODE, "a.d.mts": CODE}, None, ["d.ts"]),
        ({"jquery.min.js": CODE, "a-min.js": CODE, "admin.js": CODE}, None, ["admin.js"]),
        ({"bundle.js": MINIFIED, "a.js": CODE}, {"bundle.js": "minified: dense lines"}, ["a.js"]),
        ({"x.js": f"/*! jQuery */\n{MINIFIED}"}, {"x.js": "minified: dense lines"}, []),
        ({"x.js": "/******/ (function(modules) {\n"}, {"x.js": "bundled: run-time code of webpack"}, []),
        ({"x.js": "(function e(t,n,r){function s(o,u){}})"}, {"x.js": "bundled: run-time code of browserify"}, []),
        (
            {"x.js": f"{UNIVERSAL}//# sourceMappingURL=x.js.map\n"},
            {"x.js": "bundled: a library's universal module wrapper"},
            [],
        ),
        ({"x.js": f"{COMPILED}//# sourceMappingURL=x.js.map\n"}, {}, ["x.js"]),
        ({"vendor/jquery.js": CODE, "a.js": CODE}, {"vendor": "third-party code"}, ["a.js"]),
        (
            {"package.json": '{"dependencies": {"jquery": "3"}}', "vendor/p.js": f"{UNIVERSAL}require('jquery')"},
            None,
            [],
        ),
        ({"public/js/lib/x.js": CODE, "lib/y.js": CODE}, {"public/js/lib": "third-party code"}, ["lib/y.js"]),
        (
            {"assets/libs/a.js": UNIVERSAL, "libs/b.js": UNIVERSAL, "libs/c.js": "/*! c 1.2 */\n", "libs/d.js": CODE},
            None,
            [],
        ),
    ],
)
def test_foreign_and_generated_code_is_left_out(
    plant: Plant, files: Mapping[str, str | bytes], left_out: dict[str, str] | None, kept: list[str]
) -> None:
    """Code that nobody wrote by hand here is left out as the largest whole, with its reason."""
    inventory = discover(plant(files), ScanConfig())
    assert paths(inventory) == kept
    if left_out is not None:
        assert reasons(inventory) == left_out
    assert not inventory.notices


@pytest.mark.parametrize(
    "files",
    [
        {"routes/vendor/orders.js": "const m = require('../../models/vendor');\n", "models/vendor.js": CODE},
        {"package.json": '{"dependencies": {"express": "4"}}', "vendor/index.js": "require('express').Router()\n"},
        {"build/webpack.config.js": CODE, "build/utils.js": CODE, "src/a.js": CODE},
        {"dist/server.js": COMPILED},
        {"dist/server.js": CODE, "tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}'},
        {"short.js": MINIFIED[:1200]},
        {"dist/server.js": COMPILED, "webpack.config.js": CODE},
        {"lib/ntlm/lib/hash.js": f"{COMPILED}//# sourceMappingURL=hash.js.map", "server.js": CODE},
        {
            "src/icons.js": f"exports.icon = '{'M12 3.5L4 8 ' * 900}';\n",
            "data.js": f"module.exports = '{'QUJD' * 2000}';\n",
        },
        {"src/prompts.js": f"exports.text = `{'Judge the answer, and say why it is right. ' * 300}`;\n"},
        {"tsconfig.json": '{"compilerOptions": {"outDir": "./"}}', "src/a.ts": CODE, "b.js": CODE},
        {"tsconfig.json": '{"compilerOptions": {"outDir": "src"}}', "src/a.ts": CODE, "b.ts": CODE},
    ],
    ids=lambda files: next(iter(files)) if len(files) == 1 else "+".join(files),
)
def test_hand_written_code_in_suspicious_places_is_read(plant: Plant, files: Mapping[str, str | bytes]) -> None:
    """A name like build, vendor or dist, or a long line, is not enough to be left out."""
    inventory = discover(plant(files), ScanConfig())
    assert paths(inventory) == sorted(path for path in files if not path.endswith(".json"))
    assert not inventory.exclusions


@pytest.mark.parametrize(
    "files",
    [
        {"dist/a.js": COMPILED, "dist/b.js": COMPILED},
        {"dist/a.js": MINIFIED, "dist/b.d.ts": "export {};\n"},
        {"dist/deep/a.js": CODE, "tsconfig.json": '{ // comment\n "compilerOptions": {"outDir": "dist",}}'},
        {"dist/a.js": CODE, "config/tsconfig.build.json": '{"compilerOptions": {"outDir": "../dist"}}'},
    ],
    ids=["compiled", "bundled", "outDir", "outDir of another folder"],
)
def test_build_output_is_told_by_evidence(plant: Plant, files: Mapping[str, str | bytes]) -> None:
    """A folder is build output when a tsconfig says so or its files show it, and the sources stand elsewhere."""
    inventory = discover(plant({"src/a.ts": CODE, **files}), ScanConfig())
    assert paths(inventory) == ["src/a.ts"]
    assert list(reasons(inventory)) == ["dist"]
    assert not any(path.startswith("dist") for path in inventory.paths)


def test_compiled_lib_with_sources_beside_it_is_output(plant: Plant) -> None:
    """A committed build in ``lib`` is left out when files of the same names stand in the package's sources."""
    files = {
        f"packages/x/{folder}/{name}": text
        for folder, suffix, text in (("lib", "js", COMPILED), ("src", "ts", CODE))
        for name in (f"a.{suffix}", f"b.{suffix}")
    }
    inventory = discover(plant({"packages/x/package.json": "{}", **files}), ScanConfig())
    assert paths(inventory) == ["packages/x/src/a.ts", "packages/x/src/b.ts"]


def test_coverage_report_is_left_out(plant: Plant) -> None:
    """A coverage folder is told by the report in it."""
    inventory = discover(plant({"coverage/lcov.info": "", "coverage/lcov-report/sorter.js": CODE}), ScanConfig())
    assert reasons(inventory) == {"coverage": "coverage report"}


def test_gitignore_files_work_as_in_git(plant: Plant) -> None:
    """Nested files, negations, anchors and folder patterns decide as git does; the nearest file wins."""
    inventory = discover(
        plant(
            {
                ".git/info/exclude": "local.js\n",
                ".gitignore": "*.log.js\n/only-top.js\nbuild/\n!keep.log.js\ncache/*\n!cache/keep.js\r\nbroken[\n!\n",
                "a.log.js": CODE,
                "keep.log.js": CODE,
                "only-top.js": CODE,
                "sub/only-top.js": CODE,
                "build/x.js": CODE,
                "cache/drop.js": CODE,
                "cache/keep.js": CODE,
                "local.js": CODE,
                "sub/.gitignore": "!a.log.js\n*.tmp.js\n",
                "sub/a.log.js": CODE,
                "sub/x.tmp.js": CODE,
                "x.tmp.js": CODE,
            }
        ),
        ScanConfig(),
    )
    assert paths(inventory) == ["cache/keep.js", "keep.log.js", "sub/a.log.js", "sub/only-top.js", "x.tmp.js"]
    assert reasons(inventory) == {
        ".git": "files of git itself",
        "a.log.js": "ignored by .gitignore",
        "build": "ignored by .gitignore",
        "cache/drop.js": "ignored by .gitignore",
        "local.js": "ignored by .git/info/exclude",
        "only-top.js": "ignored by .gitignore",
        "sub/x.tmp.js": "ignored by sub/.gitignore",
    }


def test_gitignore_above_the_root_holds_too(plant: Plant) -> None:
    """Ignore files between the git root and the scanned folder count, unless they ignore that folder itself."""
    root = plant(
        {".git/HEAD": "", ".gitignore": "generated/\n*.gen.js\n", "api/generated/a.js": CODE, "api/x.gen.js": CODE}
    )
    assert paths(discover(root / "api", ScanConfig())) == []
    assert reasons(discover(root / "api", ScanConfig()))["generated"] == "ignored by ../.gitignore"
    assert paths(discover(root / "api" / "generated", ScanConfig())) == ["a.js"]


def test_what_git_tracks_is_there_whatever_it_ignores(tmp_path: Path) -> None:
    """An ignore file is for what is not tracked yet; of a commit, everything is."""
    files = {"config.json": "{}", "src/config/config.json": "{}", "out/own.js": CODE, "a.js": CODE, "x.js": CODE}
    commit(tmp_path, files)
    commit(tmp_path, {".gitignore": "config.json\nout/\nx.js\n"})
    git(tmp_path, "rm", "-q", "--cached", "x.js")
    (tmp_path / "out" / "new.js").write_text(CODE)
    inventory = discover(tmp_path, ScanConfig())
    assert paths(inventory) == ["a.js", "out/own.js"]
    assert {"config.json", "src/config/config.json"} <= inventory.paths
    assert paths(discover(tmp_path, ScanConfig(), is_commit=True)) == ["a.js", "out/new.js", "out/own.js", "x.js"]


def test_gitignored_env_files_are_not_read(plant: Plant) -> None:
    """Local secrets stay unread; the committed example is read."""
    inventory = discover(plant({".gitignore": ".env\n", ".env": "PASSWORD=x", ".env.example": "PORT=1"}), ScanConfig())
    assert inventory.settings == {".env.example": b"PORT=1"}
    assert reasons(inventory) == {".env": "ignored by .gitignore"}


def test_include_brings_back(plant: Plant) -> None:
    """Patterns bring back what is ignored, vendored, minified or built, and nothing around it."""
    files = dict.fromkeys(["vendor/a/x.js", "vendor/b/x.js", "ignored/y.js", "ignored/z.js", "types.d.ts"], CODE)
    root = plant({**files, ".gitignore": "ignored\n", "app.min.js": MINIFIED, "src/node_modules/p/i.js": CODE})
    include = ("vendor/a/", "ignored/y.js", "*.min.js", "types.d.ts", "src/")
    inventory = discover(root, ScanConfig(include=include))
    assert paths(inventory) == ["app.min.js", "ignored/y.js", "types.d.ts", "vendor/a/x.js"]
    assert reasons(inventory) == {
        "ignored": "ignored by .gitignore",
        "src/node_modules": "installed packages",
        "vendor": "third-party code",
    }


def test_include_of_installed_packages_must_name_the_folder(plant: Plant) -> None:
    """Installed packages come back only for a pattern that spells node_modules; git's own files never do."""
    files = dict.fromkeys(["node_modules/ours/i.js", "node_modules/theirs/i.js", ".git/x.js"], CODE)
    include = ("node_modules/ours/**", "*/x.js", ".git/")
    assert paths(discover(plant(files), ScanConfig(include=include))) == ["node_modules/ours/i.js"]


def test_include_reaches_only_where_it_leads_by_name(plant: Plant) -> None:
    """A pattern for any folder doesn't open the ignored ones; one that names the folder does."""
    root = plant({".gitignore": "ignored\n", "ignored/a/keep.js": CODE, "ignored/drop.js": CODE})
    assert paths(discover(root, ScanConfig(include=("**/keep.js",)))) == []
    assert paths(discover(root, ScanConfig(include=("ignored/**/keep.js",)))) == ["ignored/a/keep.js"]


def test_exclude_wins_over_include(plant: Plant) -> None:
    """What is excluded is left out, with the setting to change named."""
    files = dict.fromkeys(["a/x.js", "a/y.js", "b.js"], CODE)
    inventory = discover(plant(files), ScanConfig(include=("a/",), exclude=("a/*", "!a/y.js")))
    assert paths(inventory) == ["a/y.js", "b.js"]
    assert reasons(inventory) == {"a/x.js": "excluded by the configuration (scan.exclude)"}
    assert "a/x.js" not in inventory.paths


def test_patterns_are_relative_to_the_configuration(plant: Plant) -> None:
    """A configuration above the scanned folder writes its patterns from where it stands, in a repository or not."""
    root = plant(dict.fromkeys(["api/old/x.js", "api/new/x.js"], CODE))
    config = ScanConfig(exclude=("/api/old/",))
    assert paths(discover(root / "api", config, patterns_from="..")) == ["new/x.js"]
    (root / ".git").mkdir()
    assert paths(discover(root / "api", config, patterns_from="..")) == ["new/x.js"]
    assert paths(discover(root / "api", config)) == ["new/x.js", "old/x.js"]


def test_limits_are_notices(plant: Plant) -> None:
    """A file that is too large and a folder that is too deep are left out with a notice."""
    inventory = discover(
        plant({"big.js": "x;\n" * 40, "a/b/c/d.js": CODE, "a/b.js": CODE}), ScanConfig(max_file_bytes=100, max_depth=2)
    )
    assert paths(inventory) == ["a/b.js"]
    assert reasons(inventory) == {
        "a/b/c": "more than 2 folders deep (scan.max-depth)",
        "big.js": "larger than 100 bytes (scan.max-file-bytes)",
    }
    assert notices(inventory) == [("limit", "a/b/c"), ("limit", "big.js")]
    assert "big.js" in inventory.paths  # it exists for whoever imports it


def test_too_many_files_stop_discovery_at_a_place_that_the_tree_decides(plant: Plant) -> None:
    """Beyond the limit nothing is read, and the notice says which key to change."""
    inventory = discover(plant({f"{number:02}/a.js": CODE for number in range(9)}), ScanConfig(max_files=3))
    assert paths(inventory) == ["00/a.js", "01/a.js", "02/a.js"]
    (notice,) = inventory.notices
    assert (notice.kind, notice.place) == ("limit", None)
    assert "scan.max-files" in notice.message


def test_too_many_files_of_other_kinds_stop_it_too(plant: Plant) -> None:
    """A tree of countless other files doesn't fill the memory."""
    inventory = discover(plant({f"{number:02}.txt": "" for number in range(30)}), ScanConfig(max_files=1))
    assert len(inventory.paths) == 20
    assert [notice.kind for notice in inventory.notices] == ["limit"]


def test_symlinks_are_never_followed(plant: Plant, tmp_path: Path) -> None:
    """Each link is left out with its reason; only one that leads out is a notice; nothing is read twice."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.js").write_text(CODE)
    root = plant({"lib/a.js": CODE, "lib/.env": "A=1", "src/b.js": CODE, "node_modules/p/i.js": CODE})
    links = {
        "alias.js": "lib/a.js",
        "src/lib": "../lib",
        "loop": ".",
        "src/up": "..",
        "circle": "circle",
        "nowhere.js": "missing.js",
        "out.js": str(outside / "secret.js"),
        "out": str(outside),
        "package": "node_modules/p",
        ".env": "lib/.env",
        "node_modules/out": str(outside),
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    inventory = discover(root, ScanConfig())
    assert paths(inventory) == ["lib/a.js", "src/b.js"]
    assert inventory.settings == {"lib/.env": b"A=1"}
    assert reasons(inventory) == {
        ".env": "symlink to lib/.env, which is read where it stands",
        "alias.js": "symlink to lib/a.js, which is read where it stands",
        "circle": "symlink in a circle",
        "loop": "symlink to ., which is read where it stands",
        "node_modules": "installed packages",
        "nowhere.js": "symlink to nothing",
        "out": "symlink out of the scanned directory",
        "out.js": "symlink out of the scanned directory",
        "package": "symlink to node_modules/p, which is left out",
        "src/lib": "symlink to lib, which is read where it stands",
        "src/up": "symlink to ., which is read where it stands",
    }
    assert notices(inventory) == [("symlink", "out"), ("symlink", "out.js")]
    assert inventory.links == {".env": "lib/.env", "alias.js": "lib/a.js", "loop": "", "src/lib": "lib", "src/up": ""}


def test_symlink_within_the_repository_but_out_of_the_root_leads_out(plant: Plant) -> None:
    """The scanned folder is the border, though its repository is larger."""
    root = plant({".git/HEAD": "", "shared/a.js": CODE, "api/b.js": CODE})
    (root / "api" / "shared").symlink_to("../shared")
    inventory = discover(root / "api", ScanConfig())
    assert paths(inventory) == ["b.js"]
    assert notices(inventory) == [("symlink", "shared")]


def test_root_may_be_a_symlink(plant: Plant, tmp_path: Path) -> None:
    """The folder that the caller names is scanned through a link."""
    (tmp_path / "link").symlink_to(plant({"a.js": CODE}))
    assert paths(discover(tmp_path / "link", ScanConfig())) == ["a.js"]


def test_folder_named_like_a_file(plant: Plant) -> None:
    """A folder called ``x.js`` is a folder."""
    inventory = discover(plant({"x.js/y.js": CODE, "package.json/z.js": CODE}), ScanConfig())
    assert paths(inventory) == ["package.json/z.js", "x.js/y.js"]
    assert not inventory.notices


def test_special_files_are_left_out_without_waiting(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifo or a socket has a reason and blocks nothing, whatever it is called."""
    root = plant({"a.js": CODE})
    os.mkfifo(root / "fifo.js")
    os.mkfifo(root / "package.json")
    os.mkfifo(root / ".gitignore")
    monkeypatch.chdir(root)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.js")
        inventory = discover(root, ScanConfig())
    assert paths(inventory) == ["a.js"]
    names = [".gitignore", "fifo.js", "package.json", "socket.js"]
    assert reasons(inventory) == dict.fromkeys(names, "not a regular file")


def test_unreadable_folder_is_a_notice(plant: Plant, forbid: Callable[[Path], None]) -> None:
    """What can't be listed is left out with a notice; the rest is read."""
    root = plant({"a.js": CODE, "closed/b.js": CODE})
    discover(root, ScanConfig())  # imports what it needs while everything is readable
    forbid(root / "closed")
    inventory = discover(root, ScanConfig())
    assert paths(inventory) == ["a.js"]
    assert notices(inventory) == [("unreadable", "closed")]
    assert reasons(inventory) == {"closed": "its files can't be listed: permission denied"}


def test_unreadable_settings_file_is_a_notice(plant: Plant, forbid: Callable[[Path], None]) -> None:
    """A package.json that can't be read doesn't stop discovery."""
    root = plant({"a.js": CODE, "package.json": "{}"})
    discover(root, ScanConfig())
    forbid(root / "package.json")
    inventory = discover(root, ScanConfig())
    assert paths(inventory) == ["a.js"]
    assert notices(inventory) == [("unreadable", "package.json")]


def test_unreadable_source_is_listed(plant: Plant, forbid: Callable[[Path], None]) -> None:
    """A source that can't be opened stays a source; reading it will say why it can't be."""
    root = plant({"a.js": CODE})
    forbid(root / "a.js")
    assert paths(discover(root, ScanConfig())) == ["a.js"]


def test_names_that_cannot_be_shown_are_left_out(plant: Plant) -> None:
    """Control characters and bytes that are not UTF-8 are spelled as escapes; other odd names are read."""
    root = plant({"a b.js": CODE, "pfläge.js": CODE, "🩺.js": CODE, "back\\slash.js": CODE})
    (root / "fold\x7fer").mkdir()
    for name in (b"new\nline.js", b"bad\xff.js", b"Icon\r", b"fold\x7fer/x.js"):
        Path(os.fsdecode(os.fsencode(root) + b"/" + name)).write_text(CODE)
    inventory = discover(root, ScanConfig())
    assert paths(inventory) == ["a b.js", "back\\slash.js", "pfläge.js", "🩺.js"]
    assert list(reasons(inventory)) == ["Icon\\x0d", "bad\\xff.js", "fold\\x7fer", "new\\x0aline.js"]
    assert notices(inventory) == [
        ("unreadable", "bad\\xff.js"),
        ("unreadable", "fold\\x7fer"),
        ("unreadable", "new\\x0aline.js"),
    ]


def test_names_that_differ_in_case_are_two_files(plant: Plant) -> None:
    """Both are read, in a fixed order."""
    root = plant({"User.js": CODE, "user.js": CODE})
    if len(list(root.iterdir())) == 1:
        pytest.skip("this disk doesn't tell upper from lower case")
    assert paths(discover(root, ScanConfig())) == ["User.js", "user.js"]


def test_result_depends_on_the_tree_alone(plant: Plant, tmp_path: Path) -> None:
    """A copy made in another order, at another place and time gives an equal inventory."""
    names = ["b.js", "a/c.ts", "a-b/d.js", "a.js", "vendor/x.js", "package.json", ".env"]
    root = plant(dict.fromkeys(names, CODE))
    copy = tmp_path / "elsewhere" / "copy"
    for name in reversed(names):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, copy / name)
    inventory = discover(root, ScanConfig())
    assert inventory == discover(copy, ScanConfig())
    assert paths(inventory) == ["a-b/d.js", "a.js", "a/c.ts", "b.js"]
    assert list(inventory.settings) == [".env", "package.json"]
    assert str(root) not in repr(inventory)


def test_settings_are_read_by_name(plant: Plant) -> None:
    """Files that steer resolution or hold database settings are read; others are not."""
    settings = [
        ".env",
        ".env.example",
        ".env-test",
        "config/dev.env",
        ".sequelizerc",
        "api/config/config.json",
        "api/prisma/schema.prisma",
        "compose.override.yaml",
        "config/config.json",
        "database.json",
        "docker-compose.dev.yml",
        "jsconfig.json",
        "knexfile.ts",
        "lerna.json",
        "nx.json",
        "ormconfig.yml",
        "package.json",
        "pnpm-workspace.yaml",
        "tsconfig.base.json",
    ]
    others = [
        "config.json",
        "src/config.yml",
        ".envrc",
        "package-lock.json",
        "docker-compose.md",
        "xconfig/config.json",
    ]
    inventory = discover(plant(dict.fromkeys([*settings, *others], "{}")), ScanConfig())
    assert list(inventory.settings) == sorted(settings)


def test_settings_that_are_too_large_are_a_notice(plant: Plant) -> None:
    """No settings file fills the memory."""
    inventory = discover(plant({"package.json": " " * 1_000_001}), ScanConfig())
    assert inventory.settings == {}
    assert notices(inventory) == [("limit", "package.json")]


def test_settings_of_foreign_code_are_not_read(plant: Plant) -> None:
    """The package.json of a copied library says nothing about the project."""
    inventory = discover(plant({"vendor/lib/package.json": "{}", "vendor/lib/x.js": CODE}), ScanConfig())
    assert inventory.settings == {}
    assert not inventory.paths


@pytest.mark.parametrize("name", ["missing", "a.js", "a.js/below", "closed\0", "circle"])
def test_root_that_is_no_folder_is_a_usage_error(plant: Plant, name: str) -> None:
    """The message names what was asked for and what to do."""
    root = plant({"a.js": CODE})
    (root / "circle").symlink_to("circle")
    with pytest.raises(UsageError, match=r"; (give the folder that|check the path)"):
        discover(root / name, ScanConfig())


def test_misspelt_root_is_told_the_nearest_folder(plant: Plant) -> None:
    """A typo in the path is answered with the folder that is meant."""
    root = plant({"backend/a.js": CODE})
    with pytest.raises(UsageError, match=r'did you mean ".*backend"'):
        discover(root / "bakend", ScanConfig())


def test_unreadable_root_is_a_usage_error(plant: Plant, forbid: Callable[[Path], None]) -> None:
    """A folder that may not be listed is said to be so."""
    root = plant({"closed/a.js": CODE})
    forbid(root / "closed")
    with pytest.raises(UsageError, match="permission denied"):
        discover(root / "closed", ScanConfig())


@pytest.mark.parametrize("files", [{}, {"README.md": "x"}])
def test_folder_without_javascript_is_an_empty_inventory(plant: Plant, files: Mapping[str, str | bytes]) -> None:
    """Nothing to analyse is an answer, not an error."""
    inventory = discover(plant(files), ScanConfig())
    assert (inventory.sources, inventory.exclusions, inventory.notices) == ((), (), ())


def test_exclusions_inside_a_left_out_folder_are_not_listed(plant: Plant) -> None:
    """The list names the outermost folder only."""
    inventory = discover(
        plant({"vendor/.gitignore": "dist\n", "vendor/dist/x.js": CODE, "vendor/y.js": CODE}), ScanConfig()
    )
    assert inventory.exclusions == (Exclusion("vendor", "third-party code"),)


def test_hostile_ignore_patterns_cost_little(plant: Plant) -> None:
    """A pattern made to backtrack is passed over."""
    root = plant({".gitignore": "a*a*a*a*a*a*a*a*b\n", f"{'a' * 240}.js": CODE})
    assert len(discover(root, ScanConfig()).sources) == 1


def test_ci_files_are_listed_although_gitignore_names_them(plant: Plant) -> None:
    """They are in git, or they would steer nothing; a pattern for settings doesn't mean them."""
    inventory = discover(
        plant({".gitignore": "config.yml\n", "config.yml": "a: 1", ".circleci/config.yml": "version: 2"}), ScanConfig()
    )
    assert inventory.paths == {".gitignore", ".circleci/config.yml"}
