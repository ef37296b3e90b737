"""Applies the configuration to the rules: what is switched off, and how severe the rest is."""

from collections.abc import Collection, Iterator

import msgspec

from medpro_audit.core.config import GateConfig, RulesConfig
from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.nearest import suggest
from medpro_audit.rules.rule import RuleSet


def select_rules(ruleset: RuleSet, config: RulesConfig, gate: GateConfig | None = None) -> RuleSet:
    """Leave out the rules and packs that are switched off, and set the severities of the rest.

    Raises:
        ConfigurationError: The configuration names a rule or pack that does not exist, or gates on a rule that is off.
    """
    rules = {rule.id for rule in ruleset.rules}
    known = rules | {pack.id for pack in ruleset.packs}
    off = {rule.id for rule in ruleset.rules if {rule.id, rule.pack} & set(config.disable)}
    problems = [
        *(_unknown("disable", "rule or pack", name, known) for name in config.disable if name not in known),
        *(_unknown("severity", "rule", name, rules) for name in config.severity if name not in rules),
        *(_ungated(gate, rules, off) if gate is not None else ()),
    ]
    if problems:
        raise ConfigurationError(problems)
    return msgspec.structs.replace(
        ruleset,
        switched_off=tuple(sorted(off)),
        rules=tuple(
            msgspec.structs.replace(rule, severity=config.severity.get(rule.id, rule.severity))
            for rule in ruleset.rules
            if rule.id not in off
        ),
    )


def _ungated(gate: GateConfig, rules: Collection[str], off: Collection[str]) -> Iterator[str]:
    """A rule that was misspelt, or that does not run, would never fail the gate."""
    for name, verdict in gate.rules.items():
        if name not in rules:
            yield f'gate.rules: there is no rule "{name}"{suggest(name, rules)}'
        elif name in off and verdict == "fail":
            yield f'gate.rules: "{name}" fails the gate, but rules.disable switches it off; take it out of one of them'


def _unknown(key: str, kind: str, name: str, known: set[str]) -> str:
    return f'rules.{key}: there is no {kind} "{name}"{suggest(name, known)}'
