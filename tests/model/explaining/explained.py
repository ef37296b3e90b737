"""Explanations of repositories in memory."""

from medpro_audit.model.explaining.explainer import explain
from medpro_audit.model.explaining.target import Target
from medpro_audit.model.explanation import Explanation, SourceStep
from model.memory import Files, builder


def explained(files: Files, target: str) -> Explanation:
    """Explain the one endpoint that a target means."""
    built = builder(files)
    repository = built.build()
    (endpoint,) = Target.of(target).endpoints(repository.endpoints)
    return explain(built, repository, [endpoint])[0]


def told(steps: tuple[SourceStep, ...]) -> list[tuple[str, str]]:
    """Place and text of each step."""
    return [(f"{step.file}:{step.line}", step.text) for step in steps]
