"""The configuration switches rules off and sets their severity."""

import pytest

from medpro_audit.core.config import RulesConfig
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
