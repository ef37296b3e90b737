"""Rules as they run: proved and compiled. Their text form is a YAML file, which `rules.loading` reads."""

from typing import Literal

from msgspec import Struct

from medpro_audit.core.finding import MetricId, Severity
from medpro_audit.rules.message import Message
from medpro_audit.rules.operators import Condition
from medpro_audit.rules.tree import Plain
from medpro_audit.rules.truth import Truth, conjoin, negate

Answer = Literal["holds", "broken", "unknown", "n/a"]
"""What a rule says of one subject; ``n/a`` when it does not apply."""


class Example(Struct, frozen=True):
    """A small project, as text by path."""

    files: dict[str, str]

    @property
    def contents(self) -> dict[str, bytes]:
        """The files as they would stand on disk."""
        return {path: text.encode() for path, text in self.files.items()}

    @property
    def text(self) -> str:
        """All of it as one text, with a line for each path where there are several files."""
        if len(self.files) == 1:
            return next(iter(self.files.values())).strip()
        return "\n\n".join(f"// {path}\n{content.strip()}" for path, content in self.files.items())


class Rule(Struct, frozen=True):
    """One question to one kind of subject."""

    id: str
    """``<pack>/<name>``, after the bad thing; permanent."""
    subject: str
    title: str
    severity: Severity
    metric: MetricId | None
    """The success metric that it feeds; None: it has findings only."""
    applies: Condition | None
    """Compiled ``where``; None: to every subject."""
    holds: Condition | None
    """Compiled ``require``; None: every subject that it applies to is a finding."""
    where: Plain
    require: Plain
    reasons: tuple[str, ...]
    """Attributes with the trails that explain the answer: those of the structures that its conditions look into."""
    message: Message
    fix: str
    """What to do, in one imperative sentence."""
    why: str
    """Markdown."""
    bad: Example
    good: Example
    effort: str
    """To mend one finding: ``20min``, ``2h``, ``1d``."""
    tags: tuple[str, ...] = ()
    query: str | None = None
    """Tree-sitter query, of a syntax rule."""
    weight: int = 1
    """How much it counts in its metric, beside the other rules that feed it."""
    told_by: str | None = None
    """Id of the rule whose finding, where the cause stands, says it too: then this one has none, and only measures."""

    @property
    def pack(self) -> str:
        """Id of its pack."""
        return self.id.partition("/")[0]

    def ask(self, subject: object) -> Answer:
        """Ask the question of a subject.

        Broken means: it applies, and what is required does not hold. Where that can not be decided, the answer is
        unknown, unless it is certain that nothing is broken: then the subject counts only if the rule surely applies.
        """
        applies = True if self.applies is None else self.applies(subject)
        if applies is False:
            return "n/a"
        holds = False if self.holds is None else self.holds(subject)
        broken: Truth = conjoin((applies, negate(holds)))
        if broken is None:
            return "unknown"
        if broken:
            return "broken"
        return "holds" if applies else "n/a"


class ClaimWords(Struct, frozen=True):
    """Which rules measure what a status document claims."""

    words: tuple[str, ...]
    """Phrases; a claim that holds all words of one of them is meant."""
    rules: tuple[str, ...]
    """Names of rules of the pack."""


class Pack(Struct, frozen=True):
    """A folder of rules."""

    id: str
    title: str
    description: str
    claims: tuple[ClaimWords, ...] = ()
    """What status documents claim and its rules measure."""


class RuleSet(Struct, frozen=True):
    """All rules that run."""

    packs: tuple[Pack, ...]
    rules: tuple[Rule, ...]
    """By id."""
    switched_off: tuple[str, ...] = ()
    """Ids of rules that there are and that the configuration leaves out."""

    @property
    def syntax_queries(self) -> dict[str, str]:
        """Tree-sitter queries to run on every file, by the id of the rule that asks."""
        return {rule.id: rule.query for rule in self.rules if rule.query is not None}
