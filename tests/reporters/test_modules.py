"""The table of folders and its JSON."""

import json

from msgspec import structs

from medpro_audit.model.subjects.directory import Directory
from medpro_audit.model.subjects.module import Module
from medpro_audit.reporters.modules import render_modules, render_modules_json
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import columns

GOOD = Module("src/a.js", ".", "entry", "entry", "makes the application", "src", in_place=True)
MOVED = Module(
    "dateHelper/dates.js",
    ".",
    "helper",
    "support",
    "exports functions that reach nothing outside",
    "dateHelper",
    in_place=False,
    destination="src/utils/dates.js",
    used_by=("src/a.js",),
    in_helper_folder=True,
)
STRAY = structs.replace(
    MOVED, file="routes/r.js", folder="routes", kind="routes", destination="src/routes/r.js", in_helper_folder=False
)
FOLDER = Directory(
    file="dateHelper/dates.js",
    path="dateHelper",
    backend=".",
    is_at_root=True,
    modules=1,
    in_place=0,
    unknown=0,
    kinds=("helper",),
    is_helper_folder=True,
    destinations=("src/utils",),
    used_by=("src/a.js",),
)
FOLDERS = [
    FOLDER,
    structs.replace(FOLDER, file="routes/r.js", path="routes", kinds=("routes",), is_helper_folder=False),
    structs.replace(FOLDER, file="src/a.js", path="src", in_place=1, kinds=("entry",), is_helper_folder=False),
]


def test_the_table_says_how_many_stand_in_their_place() -> None:
    """A share with its fraction, a line for each folder, and where what is out of place belongs."""
    lines = render_modules([MOVED, STRAY, GOOD], FOLDERS, RenderOptions()).splitlines()
    assert lines[0] == "Modules of server code in their place: 33.3 % · 1 of 3"
    assert "○  dateHelper/  0 of 1    1 helper" in lines
    assert "●  src/         1 of 1    1 entry" in lines
    assert "dateHelper/  1        1        src/utils/" in lines
    assert "○ routes/r.js" in lines
    assert sum("dates.js" in line for line in lines) == 0, "its folder stands for it"
    assert all(columns(line) <= 80 for line in lines)


def test_many_are_cut_unless_all_are_wanted() -> None:
    """With how many are left out."""
    modules = [structs.replace(STRAY, file=f"routes/r{number}.js") for number in range(30)]
    assert "  and 10 more (--all)" in render_modules(modules, FOLDERS, RenderOptions())
    assert "routes/r29.js" in render_modules(modules, FOLDERS, RenderOptions(show_all=True))


def test_hostile_names_are_harmless() -> None:
    """They can't leave their cells."""
    hostile = structs.replace(STRAY, file="a\x1b[31m\u202e\n.js", folder="\x1b[2J\nx")
    text = render_modules([hostile], [structs.replace(FOLDERS[0], path="\x1b[2J\nx")], RenderOptions())
    assert not set(text) & set("\x1b\x9b\u202e\u2066\r")


def test_nothing_is_not_measured() -> None:
    """A repository without server code."""
    assert "not measured" in render_modules([], [], RenderOptions())


def test_json_holds_everything() -> None:
    """Modules and folders as rules see them."""
    document = json.loads(render_modules_json([MOVED], FOLDERS))
    assert document["schema_version"] == 1
    assert document["modules"][0]["destination"] == "src/utils/dates.js"
    assert [each["path"] for each in document["directories"]] == ["dateHelper", "routes", "src"]
