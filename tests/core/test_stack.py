"""Room on the interpreter's stack."""

import resource
import sys

from medpro_audit.core.stack import with_room


def test_yields_what_the_function_yields() -> None:
    """The value of the function is that of the call."""
    assert with_room(lambda: 42) == 42


def test_deep_calls_don_t_make_and_drop_memory() -> None:
    """Wherever on the stack calls come and go, the system is not asked for memory again and again."""

    def nested(depth: int) -> int:
        if depth:
            return nested(depth - 1)
        return sum(_nothing() for _ in range(20))

    def all_depths() -> int:
        for depth in range(700):
            nested(depth)  # touches all of the stack that is used below
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        for depth in range(700):
            nested(depth)
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(5_000)
    try:
        assert with_room(all_depths) < 100
    finally:
        sys.setrecursionlimit(limit)


def _nothing() -> int:
    return 0
