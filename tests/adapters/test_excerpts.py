"""Reading the code around findings."""

from pathlib import Path

from medpro_audit.adapters.excerpts import MOST_OF_A_RULE, read_excerpts
from medpro_audit.core.finding import Finding
from medpro_audit.core.place import Place


def found(file: str, line: int, rule: str = "x/y") -> Finding:
    """A finding at a line."""
    return Finding(rule, "error", "message", file, line, 1, line, f"{file}{line}")


def test_three_lines_around_are_read(tmp_path: Path) -> None:
    """With their numbers, fewer at the ends of the file; line ends of Windows are none of the code."""
    (tmp_path / "a.js").write_bytes(b"".join(b"line %d\r\n" % number for number in range(1, 11)))
    first, middle = read_excerpts(tmp_path, [found("a.js", 6), found("a.js", 1)])
    assert (first.line, first.first, first.lines) == (1, 1, ("line 1", "line 2", "line 3", "line 4"))
    assert (middle.line, middle.first, middle.lines[0], middle.lines[-1]) == (6, 3, "line 3", "line 9")
    assert middle.numbered[0] == (3, "line 3")


def test_shared_indentation_is_left_out(tmp_path: Path) -> None:
    """As much as all lines that hold anything have."""
    (tmp_path / "a.js").write_text("    if (x) {\n\n      y();\n    }\n")
    [excerpt] = read_excerpts(tmp_path, [found("a.js", 3)])
    assert [text for _, text in excerpt.numbered] == ["if (x) {", "", "  y();", "}", ""]


def test_it_is_bounded(tmp_path: Path) -> None:
    """The first findings of each rule, each place once, long lines cut."""
    (tmp_path / "a.js").write_text("x" * 10_000 + "\n" + "y\n" * 100)
    many = [found("a.js", number) for number in range(1, 50)]
    excerpts = read_excerpts(tmp_path, [*many, found("a.js", 1, "x/z"), found("a.js", 90, "x/z")])
    assert [each.line for each in excerpts] == [*range(1, MOST_OF_A_RULE + 1), 90]
    assert len(excerpts[0].lines[0]) == 201


def test_what_is_not_there_has_none(tmp_path: Path) -> None:
    """A file that is gone or became shorter, a finding of a whole file, a link that leads out."""
    (tmp_path / "short.js").write_text("x\n")
    (tmp_path / "secret").write_text("root:x:0:0")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.js").symlink_to(tmp_path / "secret")
    places = [found("gone.js", 1), found("short.js", 9), found("short.js", 0), found("link.js", 1)]
    assert read_excerpts(tmp_path / "in", places) == ()


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    """Neither those that were found nor what stands beside a name for one."""
    (tmp_path / "a.js").write_text("const a = 'swordfish';\nconnect({ password: 'hunter2' });\nconst c = 'fine';\n")
    [excerpt] = read_excerpts(tmp_path, [found("a.js", 2)], [Place("a.js", 1)])
    assert excerpt.lines[:3] == ("const a = '…';", "connect({ password: '…' });", "const c = 'fine';")
