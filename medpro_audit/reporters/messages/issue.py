"""A bulletin as GitHub Markdown: the body of an issue, and what the page of a run shows."""

from msgspec.structs import replace

from medpro_audit.reporters.bulletin import Bulletin
from medpro_audit.reporters.messages import Links
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.templating import fill_template

MOST_BYTES = 60_000
"""GitHub takes 65,536 characters."""


def issue(bulletin: Bulletin, links: Links, options: RenderOptions) -> str:
    """The Markdown, escaped and cut to what an issue takes."""
    chosen = replace(options, max_bytes=MOST_BYTES)
    return fill_template("_bulletin.md.j2", {"bulletin": bulletin, "links": links}, chosen)
