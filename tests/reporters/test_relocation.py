"""The folders of today beside the proposed ones."""

from medpro_audit.model.subjects.module import Module
from medpro_audit.reporters.relocation import MAX_FOLDERS, FolderCount, relocation
from reporters.weeklies import module


def helper(file: str, destination: str | None = None) -> Module:
    """A module out of its place when it has a destination."""
    return module(file, kind="helper", layer="support", destination=destination)


def test_both_trees_count_their_modules() -> None:
    """Folders around them stand above them; what moves is counted where it leaves and where it comes to."""
    found = relocation(
        [helper("app.js"), helper("mail/a.js", "src/utils/a.js"), helper("mail/b.js"), helper("src/utils/c.js")]
    )
    assert found.today == (
        FolderCount("", 0, 1, 0),
        FolderCount("mail", 1, 2, 1),
        FolderCount("src", 1, 0, 0),
        FolderCount("src/utils", 2, 1, 0),
    )
    assert found.proposed == (
        FolderCount("", 0, 1, 0),
        FolderCount("mail", 1, 1, 0),
        FolderCount("src", 1, 0, 0),
        FolderCount("src/utils", 2, 2, 1),
    )
    assert (found.modules, found.moved, found.mixed) == (4, 1, 0)
    assert [(each.source, each.target, each.modules) for each in found.moves] == [("mail", "src/utils", ("mail/a.js",))]


def test_what_has_to_be_taken_apart_stays_until_then() -> None:
    """It belongs into several folders, so it goes nowhere as a whole."""
    mixed = Module("app.js", ".", "mixed", "entry", "does all", "", in_place=False)
    found = relocation([mixed])
    assert (found.moved, found.mixed, found.proposed) == (1, 1, (FolderCount("", 0, 1, 0),))
    assert [each.target for each in found.moves] == [""]


def test_too_many_folders_are_rolled_up() -> None:
    """The deepest are counted with the one that they stand in, however deep they go; no module is lost."""
    held = [helper(f"src/{one}/{two}/a.js") for one in range(10) for two in range(10)]
    held.append(helper("src/" + "deep/" * 3000 + "a.js"))
    found = relocation(held)
    assert len(found.today) <= MAX_FOLDERS
    assert sum(folder.modules for folder in found.today) == len(held)
    assert [folder.path for folder in found.today if folder.is_rolled_up] == [
        *(f"src/{one}" for one in range(10)),
        "src/deep",
    ]
