"""Makes text of the scanned repository harmless in each kind of output.

Everything that stood in the repository (paths, messages, snippets, values) is hostile until it went through the
function for its output. HTML is escaped by Jinja; `visible` runs before that, so that no page holds a character that
reorders or hides its neighbours.
"""

import re

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_INVISIBLE = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls: among them those that begin terminal sequences
    r"\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # bidi and invisible formats
    r"\U000e0000-\U000e0fff"  # tags
)
_UNSEEN = re.compile(f"[{_INVISIBLE}]")
_UNSEEN_IN_CODE = re.compile(rf"[{_INVISIBLE}\x0b-\x0d\x1c-\x1f\x85\u2028\u2029]")
_COMMAND = re.compile(r"^(\s*)::", re.MULTILINE)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NOT_IN_JSON = re.compile(
    r"#(?=#\[)|[\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_MARKDOWN = re.compile(
    r"[\\`*_{}\[\]<>#|&~=$^\"'!@]"
    r"|^(?:[-+]|\d+(?=[.)](?:\s|$)))"  # begins a list
    r"|:(?=[/:])|(?<=[wW])\."  # a bare address becomes a link
    r"|(?<=[gG][hH])-(?=\d)"  # a reference to an issue
)
_REFERENCE = "@#-"
_ZERO_WIDTH_SPACE = "&#8203;"


def visible(text: str) -> str:
    """One line of text without control, bidirectional and invisible characters; line breaks and tabs become a space."""
    return _SURROGATE.sub("\ufffd", _UNSEEN.sub("", _BREAKS.sub(" ", text)))


def visible_code(text: str) -> str:
    """Like `visible`, but code keeps its line breaks and indentation."""
    return _SURROGATE.sub("\ufffd", _UNSEEN_IN_CODE.sub("", text.replace("\r\n", "\n"))).replace("\t", "    ")


def json_text(document: str) -> str:
    """A JSON document with everything escaped that a terminal, an editor or a log would obey instead of showing it."""
    return _NOT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def markdown(text: str) -> str:
    """Prose for GitHub Markdown, in a table cell or out of it: no markup, no link, no mention, no issue reference."""
    return _MARKDOWN.sub(_inert, visible(text))


def markdown_code(text: str) -> str:
    """Monospaced text for GitHub Markdown, in a table cell or out of it; GitHub follows no mention in code."""
    return f"<code>{_MARKDOWN.sub(_entity, visible(text))}</code>"


def workflow_data(text: str) -> str:
    """The message of a workflow command of GitHub Actions."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """A property of a workflow command, such as ``file`` or ``title``."""
    return workflow_data(text).replace(":", "%3A").replace(",", "%2C")


def harmless_in_a_log(text: str) -> str:
    """Text in which a runner of GitHub Actions finds no command.

    A command is a line that begins with two colons, blanks left out, wherever a text was wrapped; in its older form it
    begins with ``##[`` wherever in a line.
    """
    return _COMMAND.sub(r"\1: :", text).replace("##[", "## [")


def shortened(text: str, width: int, mark: str = "…") -> str:
    """Text cut in its middle to at most ``width`` characters, the end weighing more: it holds the file's name."""
    if len(text) <= width:
        return text
    kept = max(width - len(mark), 1)
    head = kept // 3
    return text[:head] + mark + text[len(text) - (kept - head) :]


def _entity(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in found[0])


def _inert(found: re.Match[str]) -> str:
    # GitHub looks for @name, #12 and GH-12 in the finished page, where an entity no longer hides them.
    return _entity(found) + (_ZERO_WIDTH_SPACE if found[0] in _REFERENCE else "")
