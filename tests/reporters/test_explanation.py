"""The explanation of an endpoint, as text and as JSON."""

import json
from collections.abc import Callable

import msgspec
import pytest
from jsonschema import Draft202012Validator

from medpro_audit.model.explanation import Explanation, MiddlewareSteps, PathStep, SourceStep, ValidationSteps
from medpro_audit.reporters.explanation import explanations_schema, render_explanations, render_explanations_json
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import Terminal, columns
from medpro_audit.result import AuditResult

DANGEROUS = set("\x1b\x9b\u202e\u2066\r")


@pytest.fixture
def attack(hostile: AuditResult) -> Explanation:
    """An explanation with hostile text wherever the repository can put some."""
    endpoint, evil = hostile.endpoints[0], hostile.project
    step = SourceStep(evil, 1, evil, evil)
    told = MiddlewareSteps(endpoint.middleware[0], evil, (step,), (evil,), evil)
    return Explanation(
        endpoint=endpoint,
        path=(PathStep(evil, 1, evil, evil, evil, evil, evil),),
        parameter_functions=(told,),
        middleware=(told,),
        inactive_middleware=(told,),
        handler=(step,),
        validation=ValidationSteps((step,), (step,), (step,), (step,)),
        open_questions=(step,),
    )


@pytest.fixture
def plain(sample: AuditResult) -> Explanation:
    """An explanation of an ordinary endpoint with many steps."""
    steps = tuple(
        SourceStep("src/a.js", line, "req.body.a is read, unchecked", "a(req.body.a);") for line in range(1, 31)
    )
    return Explanation(
        endpoint=sample.endpoints[1],
        path=(PathStep("server.js", 9, "the application is made", "const app = express();"),),
        parameter_functions=(),
        middleware=(),
        inactive_middleware=(),
        handler=(SourceStep("src/" + "deep/" * 12 + "x.js", 3, "handle does the work", "x" * 300),),
        validation=ValidationSteps(steps, (), (), ()),
        open_questions=(),
    )


def test_hostile_text_is_harmless(attack: Explanation, golden: Callable[[str, str], None]) -> None:
    """No step, name or line of source reaches the terminal as more than text."""
    text = render_explanations([attack], RenderOptions())
    assert not set(text) & DANGEROUS
    golden("explanation-hostile.txt", text)


def test_colours_change_nothing_but_colours(attack: Explanation) -> None:
    """Without its colours the coloured text is the plain one."""
    coloured = render_explanations([attack], RenderOptions(colour=True))
    for code in ("0", "1", "2", "31", "32", "33", "36"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == render_explanations([attack], RenderOptions())


def test_the_json_fits_its_schema_and_loses_nothing(attack: Explanation, plain: Explanation) -> None:
    """The documented shape, escaped for terminals and editors."""
    text = render_explanations_json(attack.path[0].text, [attack, plain])
    document = json.loads(text)
    Draft202012Validator.check_schema(explanations_schema())
    assert not list(Draft202012Validator(explanations_schema()).iter_errors(document))
    assert not set(text) & DANGEROUS
    assert msgspec.convert(document["explanations"][1], Explanation) == plain
    assert list(document) == ["schema_version", "target", "explanations"]


def test_the_text_fits_its_width(plain: Explanation) -> None:
    """Lines of source are cut, texts wrapped; a long place stands alone and whole, so that an editor can jump to it."""
    lines = render_explanations([plain], RenderOptions()).splitlines()
    place = plain.handler[0].file + ":3"
    assert f"  {place}" in lines
    assert all(columns(line) <= 80 for line in lines)
    assert "x" * 70 + "…" in "".join(lines)


def test_many_steps_are_counted(plain: Explanation) -> None:
    """Twenty of a kind, then how many there are more; sections without steps are left out."""
    text = render_explanations([plain], RenderOptions())
    assert text.count("req.body.a is read, unchecked") == 20
    assert "    and 10 more (--format json)\n" in text
    assert "Middleware" not in text
    assert "Not understood" not in text


def test_several_endpoints_are_told_apart(plain: Explanation) -> None:
    """A rule stands between them, in ASCII where the terminal has no more."""
    text = render_explanations([plain, plain], RenderOptions(unicode=False))
    assert text.count(f"\n\n{'-' * 80}\n\n") == 1
    assert text.isascii()


def test_a_long_line_is_cut_at_its_end() -> None:
    """By columns, not characters: a wide character counts twice."""
    terminal = Terminal.of(RenderOptions())
    assert terminal.cut("short", 5) == "short"
    assert terminal.cut("longer", 5) == "long…"
    assert columns(terminal.cut("漢字" * 10, 9)) <= 9
