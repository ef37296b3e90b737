"""Three-valued logic: True, False, or None where it can not be decided (Kleene's strong logic).

``False and unknown`` is False and ``True or unknown`` is True, since whatever the unknown turned out to be would change
nothing; every other combination with an unknown is unknown.
"""

from collections.abc import Iterable

Truth = bool | None


def negate(value: Truth) -> Truth:
    """Return the opposite; what is unknown stays unknown."""
    return None if value is None else not value


def conjoin(values: Iterable[Truth]) -> Truth:
    """Tell whether all hold."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjoin(values: Iterable[Truth]) -> Truth:
    """Tell whether any holds."""
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result
