"""Hides what is meant to be secret in source that people are shown."""

import re

from medpro_audit.model.secrecy.telling import by_look, kind_by_name

MASK = "'…'"
GIVEN = re.compile(
    r"(?P<name>[A-Za-z_$][\w$-]*)['\"\]]{0,2}\s*(?::\s*string\s*)?(?P<by>=|:|\|\||\?\?)\s*$",
)
"""A name and what gives a value to it, right before the value."""

_LITERAL = re.compile(r"""(?P<quote>['"`])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)""")
_KEY_MATERIAL = re.compile(r"(?=[A-Za-z+/=]*[0-9])(?=[a-z0-9+/=]*[A-Z])[A-Za-z0-9+/=]{40,}")
"""A line of a key that is written over several."""
_SETTING = re.compile(r"^(?P<before>\s*(?:-\s+)?(?P<name>[A-Za-z_][\w.-]*)\s*[:=]\s*)(?P<text>[^\s'\"`{[(].*)$")
"""A line of a file of settings, where values need no quotes."""


def masked(line: str, *, is_secret: bool = False) -> str:
    """A line of source without the values that may be secrets.

    It hides more than is reported as a finding: what a page shows can't be taken back.

    Args:
        line: As it stands in the file.
        is_secret: A secret is known to stand in it: all its texts are hidden.
    """
    hidden = _LITERAL.sub(lambda found: _shown(found, line, is_secret=is_secret), line)
    setting = _SETTING.match(hidden)
    if setting is not None and hidden == line and (is_secret or _is_plain_secret(setting["name"], line)):
        return setting["before"] + MASK
    return _KEY_MATERIAL.sub("…", hidden)


def _shown(found: re.Match[str], line: str, *, is_secret: bool) -> str:
    given = GIVEN.search(line[: found.start()])
    named = given is not None and kind_by_name(given["name"]) is not None
    return MASK if found["text"] and (is_secret or named or by_look(found["text"]) is not None) else found[0]


def _is_plain_secret(name: str, line: str) -> bool:
    """Whether a setting without quotes holds a secret; in code, a name or a call stands there."""
    return name.isupper() and kind_by_name(name) is not None and not line.rstrip().endswith((",", ";"))
