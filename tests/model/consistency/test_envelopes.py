"""The form of answers."""

import pytest

from medpro_audit.model.answers import Answer, Sent, SentKind
from medpro_audit.model.consistency.envelopes import fits, form_of, usual_form
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.values import Site
from model.memory import builder


def _site() -> Site:
    facts = builder({"a.js": ""}).facts["a.js"]
    return Site(Module(facts), 0)


def _answer(*keys: str, kind: SentKind = "object", status: int | None = 200, method: str = "json") -> Answer:
    return Answer(method, status, Sent(kind, tuple((key, "?") for key in keys)), None, _site(), ())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_answer("success", "data"), "{success, data}"),
        (_answer("data", "message", "success"), "{success, data}"),
        (_answer("success", "patients"), "{success, …}"),
        (_answer("success", "message"), "{success}"),
        (_answer("status", "result", "total"), "{status, result}"),
        (_answer("data"), "{data}"),
        (_answer("message"), "{message}"),
        (_answer("id", "name"), "bare"),
        (_answer("message", "patient"), "bare"),
        (_answer(), "bare"),
        (_answer(kind="list"), "bare"),
        (_answer(kind="value"), "bare"),
        (_answer(kind="unknown"), None),
        (_answer(kind="value", method="send"), None),
        (_answer(kind="text"), None),
        (_answer("error", status=500), None),
        (_answer(method="redirect"), None),
    ],
)
def test_the_form_of_one_answer(answer: Answer, expected: str | None) -> None:
    """It is told by the keys that say how it went and by the one that holds the content."""
    assert form_of([answer])[0] == expected


def test_several_forms_are_none() -> None:
    """What is sent depends; failures and answers without content don't count."""
    assert form_of([_answer("success", "data"), _answer(kind="list")])[0] is None
    assert form_of([_answer("success", "data"), _answer(kind="unknown")])[0] is None
    assert form_of([_answer("success", "data"), _answer("error", status=404), _answer(kind="nothing")])[0] is not None


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (["bare"] * 3, None),
        (["bare"] * 4, "bare"),
        (["bare"] * 4 + ["{data}"] * 3, "bare"),
        (["bare"] * 3 + ["{data}"] * 3, None),
        (["{success}"] * 9 + ["{success, data}"] * 4, "{success, data}"),
        (["{message}"] * 9, None),
    ],
)
def test_what_is_usual(forms: list[str], expected: str | None) -> None:
    """More than half of the answers that have content, and four at least."""
    assert usual_form(forms) == expected


@pytest.mark.parametrize(
    ("form", "usual", "expected"),
    [
        ("bare", "bare", True),
        ("{success, data}", "bare", False),
        ("{success}", "{success, data}", True),
        ("{ok}", "{success, data}", False),
        ("{message}", "{success, data}", False),
        ("{message}", "bare", True),
        ("{message}", "{data}", True),
        ("{success, …}", "{success, data}", False),
    ],
)
def test_what_fits(form: str, usual: str, expected: bool) -> None:
    """The same form, or the same without content."""
    assert fits(form, usual) is expected
