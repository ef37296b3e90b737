"""What small programs compute: what is known of it, and that the truth is always part of what is known."""

from collections.abc import Iterator, Sequence

import pytest

from model.evaluation.programs import collections, control, functions, gaps, values
from model.evaluation.running import Program, admits, out_of, really

KNOWN = (*values.PROGRAMS, *functions.PROGRAMS, *control.PROGRAMS, *collections.PROGRAMS)


def _compared(programs: Sequence[Program] = KNOWN) -> Iterator[tuple[Program, object]]:
    """Each program with each of the values that it really ends with."""
    for program, reals in zip(programs, really(tuple(program.source for program in programs)), strict=True):
        for real in reals:
            yield program, real


@pytest.mark.parametrize("program", [*KNOWN, *gaps.PROGRAMS], ids=lambda program: program.source[:60])
def test_what_is_known(program: Program) -> None:
    """All of it where the program is plain; alternatives where a condition is open; else that it isn't known."""
    assert repr(out_of(program.source)) == repr(program.expected)


@pytest.mark.node
def test_what_is_known_is_true() -> None:
    """Under Node each program ends with a value that the expectation admits, whatever its conditions turn out to be."""
    assert [program for program, real in _compared() if not admits(program.expected, real)] == []


@pytest.mark.node
def test_gaps_are_gaps() -> None:
    """A gap that has closed belongs to the other programs."""
    untrue = {program.source for program, real in _compared(gaps.PROGRAMS) if not admits(program.expected, real)}
    assert untrue == {program.source for program in gaps.PROGRAMS}
