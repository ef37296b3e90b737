"""What ``watch`` prints."""

import re
from collections.abc import Callable

from msgspec.structs import replace

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.difference import compare
from medpro_audit.reporters.changes import MOST
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import columns
from medpro_audit.reporters.watching import render_difference, render_fault, render_held, render_start
from medpro_audit.result import AuditResult, Verdict
from medpro_audit.result.difference import Difference

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FILES = ["src/routes/patients.js"]


def edited(result: AuditResult) -> AuditResult:
    """The sample after an edit in which a bit of everything has changed."""
    endpoints = [
        replace(each, middleware=tuple(use for use in each.middleware if use.name != "helmet"))
        for each in result.endpoints[2:]
    ]
    params = endpoints[0].validation
    endpoints[0] = replace(endpoints[0], validation=replace(params, params=replace(params.params, status="unknown")))
    return replace(
        result,
        endpoints=tuple(endpoints),
        findings=result.findings[3:],
        notices=(
            *result.notices,
            Notice("budget", "the code started here does more than is followed", Place("x.js", 0)),
        ),
        unresolved_imports=(),
        metrics=tuple(
            replace(each, share=each.share - 1.2, numerator=each.numerator - 1) if each.share is not None else each
            for each in result.metrics
        ),
        verdict=Verdict("passed"),
    )


def both_ways(result: AuditResult) -> list[tuple[Difference, AuditResult]]:
    """The edit, and its undoing."""
    after = edited(result)
    return [(compare(result, after), after), (compare(after, result), result)]


def test_the_sample_reads_well(sample: AuditResult, golden: Callable[[str, str], None]) -> None:
    """Summary, edit and undoing, as they were looked at and liked."""
    parts = [render_difference(FILES, difference, after, RenderOptions()) for difference, after in both_ways(sample)]
    golden("watching-sample.txt", "".join([render_start(sample, RenderOptions()), *parts]))


def test_every_line_fits_the_width(sample: AuditResult) -> None:
    """At 80 columns."""
    for difference, after in both_ways(sample):
        text = render_difference(FILES, difference, after, RenderOptions())
        assert all(columns(line) <= 80 for line in text.splitlines())
    assert all(columns(line) <= 80 for line in render_start(sample, RenderOptions()).splitlines())


def test_hostile_text_is_harmless(sample: AuditResult, hostile: AuditResult) -> None:
    """No control character of a path, message, route or configuration reaches the terminal."""
    evil = "x\x1b[31m\u202e\x9b\n::error::.js"
    texts = [
        render_start(hostile, RenderOptions()),
        *(
            render_difference([evil] * 9, compare(*pair), pair[1], RenderOptions())
            for pair in ((sample, hostile), (hostile, sample))
        ),
        render_fault([evil], [evil], RenderOptions()),
        render_held([evil], [Notice("syntax-error", evil, Place(evil, 1))], RenderOptions()),
    ]
    assert not any(map(CONTROL.search, texts))


def test_colour_and_glyphs_only_where_they_are_shown(sample: AuditResult) -> None:
    """Colour adds nothing but escape sequences; a terminal without Unicode gets ASCII."""
    for difference, after in both_ways(sample):
        plain, coloured, ascii_only = (
            render_difference(FILES, difference, after, options)
            for options in (RenderOptions(), RenderOptions(colour=True), RenderOptions(unicode=False))
        )
        assert "\x1b" not in plain
        assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
        assert ascii_only.isascii()


def test_much_of_a_kind_is_counted(sample: AuditResult) -> None:
    """Twenty findings, and how many there are more; many endpoints changed alike are one line."""
    none = replace(sample, findings=())
    text = render_difference(FILES, compare(none, sample), sample, RenderOptions())
    assert f"  and {len(sample.findings) - MOST} more (medpro-audit scan)" in text
    assert sum(line.startswith("+ ") for line in text.splitlines()) == MOST
    text = render_difference(FILES, both_ways(sample)[0][0], edited(sample), RenderOptions())
    assert " ".join(text.split()).count("helmet (security-headers) lost") == 2  # one endpoint has changed otherwise too


def test_nothing_different_is_one_line(sample: AuditResult) -> None:
    """With the files that have changed; of many, the first."""
    same = compare(sample, sample)
    assert render_difference(FILES, same, sample, RenderOptions()) == "\nsrc/routes/patients.js: no difference\n"
    many = render_difference(list("abcde"), same, sample, RenderOptions())
    assert many == "\na, b, c and 2 more: no difference\n"
