"""Kleene's three-valued logic."""

from itertools import product

import pytest

from medpro_audit.rules.truth import Truth, conjoin, disjoin, negate

TRUTHS: tuple[Truth, ...] = (True, None, False)
PAIRS = [(left, right) for left in TRUTHS for right in TRUTHS]


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_an_answer_is_known_exactly_when_no_unknown_could_change_it(left: Truth, right: Truth) -> None:
    """Replacing each unknown by true and by false gives one answer where it is known, two where it is not."""
    worlds = list(
        product([left] if left is not None else [True, False], [right] if right is not None else [True, False])
    )
    for joined, possible in (
        (conjoin([left, right]), {a and b for a, b in worlds}),
        (disjoin([left, right]), {a or b for a, b in worlds}),
    ):
        assert joined is (possible.pop() if len(possible) == 1 else None)


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_negation_turns_all_into_any(left: Truth, right: Truth) -> None:
    """De Morgan's laws hold for unknown, too."""
    assert negate(conjoin([left, right])) is disjoin([negate(left), negate(right)])


def test_of_nothing_all_hold_and_none_does() -> None:
    """The empty conjunction is true, the empty disjunction false."""
    assert conjoin([]) is True
    assert disjoin([]) is False
