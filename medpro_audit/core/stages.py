"""Which stage of an audit is under way, told to whoever measures where the time goes.

A stage is a context manager and a decorator. While nobody measures it does nothing; no result depends on it.
"""

from collections.abc import Iterator
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar
from typing import Literal, Protocol, get_args

StageName = Literal[
    "start-up",
    "configuration and discovery",
    "cache",
    "reading and extraction",
    "imports",
    "wiring",
    "endpoints",
    "databases",
    "logs",
    "surveys",
    "base",
    "rules",
    "rendering",
    "recording",
]
STAGES: tuple[StageName, ...] = get_args(StageName)
"""In the order in which they first come."""


class Recorder(Protocol):
    """Told when stages begin and end; what one takes is no part of the stage around it."""

    def begin(self, stage: StageName, subject: str) -> None:
        """A stage begins, with the file or endpoint it is about; empty when it is about no single one."""

    def end(self) -> None:
        """The stage that began last and has not ended ends."""


_recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


@contextmanager
def recorded(recorder: Recorder) -> Iterator[None]:
    """Tell a recorder of all stages that begin and end meanwhile."""
    token = _recorder.set(recorder)
    try:
        yield
    finally:
        _recorder.reset(token)


class stage(ContextDecorator):  # noqa: N801 - used as a word, like the functions of contextlib
    """The time of what is done within, or of a function that it decorates."""

    __slots__ = ("_name", "_subject")

    def __init__(self, name: StageName, subject: str = "") -> None:
        self._name: StageName = name
        self._subject = subject

    def __enter__(self) -> None:
        recorder = _recorder.get()
        if recorder is not None:
            recorder.begin(self._name, self._subject)

    def __exit__(self, *_: object) -> None:
        recorder = _recorder.get()
        if recorder is not None:
            recorder.end()
