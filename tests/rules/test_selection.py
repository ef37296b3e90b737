"""The configuration switches rules off and sets their severity."""

import pytest

from medpro_audit.core.config import GateConfig, RulesConfig
from medpro_audit.core.errors import ConfigurationError
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.selection import select_rules
from rules.builders import PACK, RULE, pack_files

_RULESET = load_packs(
    pack_files()
    | {"rules/other/pack.yaml": PACK.replace(b"demo", b"other")}
    | {"rules/other/thing.yaml": RULE.replace("demo/bad-thing", "other/thing").encode()}
)


def test_rules_and_packs_can_be_switched_off() -> None:
    """By the id of either."""
    by_rule = select_rules(_RULESET, RulesConfig(disable=("demo/bad-thing",)))
    by_pack = select_rules(_RULESET, RulesConfig(disable=("other",)))
    assert [rule.id for rule in by_rule.rules] == ["other/thing"]
    assert [rule.id for rule in by_pack.rules] == ["demo/bad-thing"]


def test_a_severity_is_set_by_rule() -> None:
    """The others keep their own."""
    selected = select_rules(_RULESET, RulesConfig(severity={"other/thing": "note"}))
    assert [rule.severity for rule in selected.rules] == ["error", "note"]


def test_without_configuration_nothing_changes() -> None:
    """The default runs every rule as it is."""
    assert select_rules(_RULESET, RulesConfig()) == _RULESET


def test_unknown_names_are_refused_with_the_nearest() -> None:
    """A rule that was misspelt is not silently still on."""
    config = RulesConfig(disable=("demo/bad-thin", "othr"), severity={"other": "note"})
    with pytest.raises(ConfigurationError) as raised:
        select_rules(_RULESET, config)
    assert raised.value.problems == (
        'rules.disable: there is no rule or pack "demo/bad-thin"; did you mean "demo/bad-thing"?',
        'rules.disable: there is no rule or pack "othr"; did you mean "other"?',
        'rules.severity: there is no rule "other"; did you mean "other/thing"?',
    )


def test_a_gate_on_an_unknown_rule_is_refused_with_the_nearest() -> None:
    """A rule that was misspelt would never fail the gate; all problems at once."""
    gate = GateConfig(rules={"demo/bad-thin": "fail", "other": "ignore"})
    with pytest.raises(ConfigurationError) as raised:
        select_rules(_RULESET, RulesConfig(disable=("nothing",)), gate)
    assert raised.value.problems[1:] == (
        'gate.rules: there is no rule "demo/bad-thin"; did you mean "demo/bad-thing"?',
        'gate.rules: there is no rule "other"; did you mean "other/thing"?',
    )


def test_a_gate_on_a_rule_that_is_off_is_refused() -> None:
    """It would never fail; one that is to be ignored may be off."""
    config = RulesConfig(disable=("other",))
    with pytest.raises(ConfigurationError, match=r"rules\.disable switches it off"):
        select_rules(_RULESET, config, GateConfig(rules={"other/thing": "fail"}))
    assert len(select_rules(_RULESET, config, GateConfig(rules={"other/thing": "ignore"})).rules) == 1
