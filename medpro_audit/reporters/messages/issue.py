"""A bulletin as GitHub Markdown: the body of an issue, and what the page of a run shows."""

from medpro_audit.reporters.bulletin import Bulletin
from medpro_audit.reporters.cutting import cut_markdown
from medpro_audit.reporters.messages import Links
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.templating import fill_template

MOST_BYTES = 60_000
"""GitHub takes 65,536 characters."""


def issue(bulletin: Bulletin, links: Links, options: RenderOptions) -> str:
    """The Markdown, escaped and cut to what an issue takes."""
    return cut_markdown(fill_template("pages/issue.md.j2", {"bulletin": bulletin, "links": links}, options), MOST_BYTES)
