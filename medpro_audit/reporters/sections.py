"""The one comment on a pull request as sections, one for each run that writes into it: each replaces its own only."""

from __future__ import annotations

import re
from urllib.parse import quote

from medpro_audit.reporters.cutting import cut_markdown
from medpro_audit.reporters.escaping import markdown_code

MARKER = "<!-- medpro-audit comment -->"
MOST_BYTES = 65_000
"""What GitHub takes of a comment is 65,536 characters."""
_SECTION = re.compile(r"<!-- medpro-audit section (\S*) -->\n(.*?)\n<!-- medpro-audit end -->", re.DOTALL)


def section_of(text: str, name: str, commit: str = "") -> str:
    """A report as a section: without the marker of the comment, below the folder and commit that it is about."""
    body = text.removeprefix(MARKER).strip()
    said = [markdown_code(name)] if name else []
    said += [f"at {markdown_code(commit[:9])}"] if commit and name else []
    return f"<sub>{' '.join(said)}</sub>\n\n{body}" if said else body


def with_section(comment: str, name: str, section: str, most: int = MOST_BYTES) -> str:
    """A comment in which one section is another; all of them are cut to the same size where they are too much."""
    sections = {**sections_of(comment), quote(name): section}
    share = most // len(sections) - _overhead(max(sections, key=len))
    fitting = sum(len(each.encode()) + _overhead(key) for key, each in sections.items()) <= most - len(MARKER)
    kept = {key: each if fitting else _cut(each, sections, share) for key, each in sections.items()}
    parts = [f"<!-- medpro-audit section {key} -->\n{kept[key]}\n<!-- medpro-audit end -->" for key in sorted(kept)]
    return "\n\n".join([MARKER, *parts])


def sections_of(comment: str) -> dict[str, str]:
    """The sections of a comment by their quoted names; what stands between them is dropped."""
    return dict(_SECTION.findall(comment))


def has_section(comment: str, name: str, section: str) -> bool:
    """Whether a section is in a comment as it was written, or as it was cut."""
    found = sections_of(comment).get(quote(name))
    return found is not None and found.split("\n")[0] == section.split("\n", maxsplit=1)[0] and _is_part(found, section)


def _is_part(found: str, section: str) -> bool:
    """What was cut begins as the whole does; its last lines say so."""
    return found == section or section.startswith(found[: len(found) // 2])


def _cut(section: str, sections: dict[str, str], share: int) -> str:
    """The long ones give way: what the short ones leave is theirs."""
    sizes = [len(each.encode()) for each in sections.values()]
    spare = sum(max(share - size, 0) for size in sizes)
    long = sum(size > share for size in sizes)
    return cut_markdown(section, share + spare // long) if long and len(section.encode()) > share else section


def _overhead(key: str) -> int:
    return len(key) + 80
