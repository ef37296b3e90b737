"""How a report is wanted."""

from msgspec import Struct


class RenderOptions(Struct, frozen=True):
    """What a caller may choose; every format ignores what does not concern it."""

    width: int = 80
    """Columns of the terminal."""
    colour: bool = False
    """Colour the terminal output."""
    unicode: bool = True
    """The terminal shows more than ASCII."""
    show_all: bool = False
    """Every finding on the terminal, not only the first of each rule."""
    show_suppressed: bool = False
    """On the terminal, also the findings that comments accept."""
    prefix: str = ""
    """Path of the scanned directory within its repository; put before the paths in formats for CI systems."""
    max_bytes: int | None = None
    """Longest Markdown, in UTF-8 bytes: 60,000 for a comment on GitHub, 900 KiB for a step summary; None: no cap."""
    templates: dict[str, str] = {}
    """Sources of the templates and what they include, by file name; `adapters.templates` reads them."""
