"""Applies the configuration to the rules: what is switched off, and how severe the rest is."""

import msgspec

from medpro_audit.core.config import RulesConfig
from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.nearest import suggest
from medpro_audit.rules.rule import RuleSet


def select_rules(ruleset: RuleSet, config: RulesConfig) -> RuleSet:
    """Leave out the rules and packs that are switched off, and set the severities of the rest.

    Raises:
        ConfigurationError: The configuration names a rule or pack that does not exist.
    """
    rules = {rule.id for rule in ruleset.rules}
    known = rules | {pack.id for pack in ruleset.packs}
    problems = [
        *(_unknown("disable", "rule or pack", name, known) for name in config.disable if name not in known),
        *(_unknown("severity", "rule", name, rules) for name in config.severity if name not in rules),
    ]
    if problems:
        raise ConfigurationError(problems)
    off = {rule.id for rule in ruleset.rules if {rule.id, rule.pack} & set(config.disable)}
    return msgspec.structs.replace(
        ruleset,
        switched_off=tuple(sorted(off)),
        rules=tuple(
            msgspec.structs.replace(rule, severity=config.severity.get(rule.id, rule.severity))
            for rule in ruleset.rules
            if rule.id not in off
        ),
    )


def _unknown(key: str, kind: str, name: str, known: set[str]) -> str:
    return f'rules.{key}: there is no {kind} "{name}"{suggest(name, known)}'
