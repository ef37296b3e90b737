"""Reading one source file, whatever has become of it."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from medpro_audit.adapters.reading import read_source
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.facts.inventory import SourceFile

Plant = Callable[[Mapping[str, str | bytes]], Path]


def source(path: str, size: int = 5) -> SourceFile:
    """A file as discovery lists it."""
    return SourceFile(path, size, "javascript")


def failure(outcome: bytes | Notice) -> tuple[str, str]:
    """Kind and message of the notice that reading gave, which names the file."""
    assert isinstance(outcome, Notice)
    assert outcome.place == Place("a/x.js", 0)
    return outcome.kind, outcome.message


@pytest.mark.parametrize("content", [b"", b"x = 1", b"\xef\xbb\xbfx\r\n\0"])
def test_content_is_returned_as_it_is(plant: Plant, content: bytes) -> None:
    """Not a byte is changed."""
    assert read_source(plant({"a/x.js": content}), source("a/x.js")) == content


def test_linked_source_is_read(plant: Plant) -> None:
    """A path may lead up into a linked package."""
    assert read_source(plant({"a/x.js": "x", "b/y.js": "y"}) / "a", source("../b/y.js")) == b"y"


def test_file_that_vanished(plant: Plant) -> None:
    """A file that is gone by now is a notice."""
    assert failure(read_source(plant({"a/y.js": ""}), source("a/x.js")))[0] == "vanished"


def test_file_that_grew_beyond_the_limit(plant: Plant) -> None:
    """The limit holds for what is there now; a file of just that size is read."""
    root = plant({"a/x.js": b"x" * 101})
    assert failure(read_source(root, source("a/x.js"), limit=100)) == ("limit", "not read: it is larger than 100 bytes")
    assert read_source(root, source("a/x.js"), limit=101) == b"x" * 101


def test_unreadable_file(plant: Plant, forbid: Callable[[Path], None]) -> None:
    """A file without permission is a notice in the system's words."""
    root = plant({"a/x.js": "x"})
    forbid(root / "a/x.js")
    assert failure(read_source(root, source("a/x.js"))) == ("unreadable", "not read: permission denied")


def test_file_in_a_closed_folder(plant: Plant, forbid: Callable[[Path], None]) -> None:
    """So is one behind a folder that may not be entered."""
    root = plant({"a/x.js": "x"})
    forbid(root)
    assert failure(read_source(root, source("a/x.js"))) == ("unreadable", "not read: permission denied")


def test_file_that_became_a_symlink(plant: Plant) -> None:
    """A link put in its place after listing is not followed."""
    root = plant({"a/y.js": "secret"})
    (root / "a/x.js").symlink_to("y.js")
    assert failure(read_source(root, source("a/x.js")))[0] == "unreadable"


def test_folder_that_became_a_symlink(plant: Plant) -> None:
    """Nor is a link in place of a folder on the way."""
    root = plant({"b/x.js": "secret"})
    (root / "a").symlink_to("b")
    kind, message = failure(read_source(root, source("a/x.js")))
    assert kind == "symlink"
    assert "a has become a symlink" in message


def test_fifo_and_folder_are_not_waited_for(plant: Plant) -> None:
    """What is not a regular file is a notice, at once."""
    root = plant({"a/y.js": ""})
    os.mkfifo(root / "a/x.js")
    assert failure(read_source(root, source("a/x.js"))) == ("unreadable", "not read: it is not a regular file")
    (root / "a/x.js").unlink()
    (root / "a/x.js").mkdir()
    assert failure(read_source(root, source("a/x.js")))[0] == "unreadable"
