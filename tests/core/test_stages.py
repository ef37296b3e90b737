"""Stages are told to whoever measures, and to nobody else."""

import pytest

from medpro_audit.core.stages import StageName, recorded, stage


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def begin(self, stage: StageName, subject: str) -> None:
        """Keep it."""
        self.told.append((stage, subject))

    def end(self) -> None:
        """Keep it."""
        self.told.append(())


@stage("wiring")
def wire(depth: int) -> int:
    """A function that calls itself."""
    return wire(depth - 1) if depth else 0


def test_a_stage_is_told_with_its_subject() -> None:
    """As a block, and as a function each time that it runs."""
    listener = Listener()
    with recorded(listener), stage("endpoints", "GET /x"):
        assert wire(1) == 0
    assert listener.told == [("endpoints", "GET /x"), ("wiring", ""), ("wiring", ""), (), (), ()]


def test_nobody_is_told_before_and_after() -> None:
    """The recorder is forgotten, also after an exception."""
    listener = Listener()
    wire(0)
    with pytest.raises(ZeroDivisionError), recorded(listener), stage("rules"):
        raise ZeroDivisionError
    wire(0)
    assert listener.told == [("rules", ""), ()]
