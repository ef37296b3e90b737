"""What a file of tests says: its suites and cases, where it asserts, and what it does with its imports."""

from typing import Literal

from msgspec import Struct

BlockKind = Literal["suite", "case", "hook"]


class TestBlock(Struct, frozen=True, array_like=True):
    """A ``describe``, ``it`` or ``beforeEach`` with what it holds."""

    kind: BlockKind
    at: int
    end: int
    """Byte range of the call."""
    name: str
    """As it is called: ``it``, ``test.only``, ``describe.each``."""
    title: str
    """Source of a title that is put together; empty when there is none."""
    marks: tuple[str, ...] = ()
    """Of ``only``, ``skip``, ``todo``, ``each``, ``failing``: what its name or its options say."""
    function: int = -1
    """Start of the function it is given; -1 when it is given none, or a name."""
    has_body: bool = True
    """It is given something to run."""
    assertions: int = 0
    """Calls that assert inside it; where the first one surely does, the others are taken at their word."""
    calls: tuple[str, ...] = ()
    """Of a case without an assertion: what is called there, by first and last name: ``verify``, ``page.click``."""
    takes_callback: bool = False
    """Its function has a parameter: ``done``, or the context of the runner."""


class ImportUse(Struct, frozen=True, array_like=True):
    """What a file does with what it imports."""

    start: int
    """Of the import's specifier (`facts.file.ImportFact.start`)."""
    called: tuple[str, ...] | None
    """Exports that are called, made with ``new``, or handed to a call; ``*`` for the whole; None when the names that it
    binds are not understood. Of a mock there is an entry only where the module itself is loaded as well."""
    names: tuple[str, ...] = ()
    """Local names that it binds."""


class TestFacts(Struct, frozen=True, array_like=True):
    """What a file of tests says."""

    blocks: tuple[TestBlock, ...]
    """In the order of the source, so that an outer one stands before its inner ones."""
    assertions: int
    """In the whole file, outside its cases too."""
    uses: tuple[ImportUse, ...]
    clients: tuple[str, ...] = ()
    """Globals by which it may make requests: ``fetch``, ``cy``."""
    has_paths: bool = True
    """A string in it begins like a path or a URL."""
