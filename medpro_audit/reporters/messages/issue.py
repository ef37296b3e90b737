"""A bulletin as GitHub Markdown: the body of an issue, and what the page of a run shows."""

from medpro_audit.reporters.bulletin import Bulletin, shorter
from medpro_audit.reporters.cutting import cut_markdown
from medpro_audit.reporters.messages import Links
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.templating import fill_template

MOST_BYTES = 60_000
"""GitHub takes 65,536 characters."""


def issue(bulletin: Bulletin, links: Links, options: RenderOptions) -> str:
    """The Markdown, escaped; where it is too long, the mildest worsenings are told as a number."""
    while len((text := _filled(bulletin, links, options)).encode()) > MOST_BYTES and (less := shorter(bulletin)):
        bulletin = less
    return cut_markdown(text, MOST_BYTES)


def _filled(bulletin: Bulletin, links: Links, options: RenderOptions) -> str:
    return fill_template("pages/issue.md.j2", {"bulletin": bulletin, "links": links}, options)
