"""``medpro-audit rules``."""

from __future__ import annotations

from pathlib import Path

import click

from medpro_audit.cli import options
from medpro_audit.core.errors import EXIT_GATE_FAILED, UsageError


@click.group("rules")
def command() -> None:
    """List, explain and test rules, and say what they can be made of."""


@command.command("list")
@options.rules
def list_(folders: tuple[Path, ...]) -> None:
    """List all rules, by pack."""
    from medpro_audit.adapters.rule_files import read_packs  # noqa: PLC0415 - heavy
    from medpro_audit.rules.loading import load_packs  # noqa: PLC0415 - heavy
    from medpro_audit.rules.rendering import render_rule_list  # noqa: PLC0415 - heavy

    options.write(render_rule_list(load_packs(read_packs(folders))))


@command.command()
@click.argument("rule_id", metavar="ID")
@options.rules
def show(rule_id: str, folders: tuple[Path, ...]) -> None:
    """Explain a rule: what it asks, why, and how to mend what it finds."""
    from medpro_audit.adapters.rule_files import read_packs  # noqa: PLC0415 - heavy
    from medpro_audit.core.nearest import suggest  # noqa: PLC0415 - heavy
    from medpro_audit.rules.loading import load_packs  # noqa: PLC0415 - heavy
    from medpro_audit.rules.rendering import render_rule  # noqa: PLC0415 - heavy

    found = {rule.id: rule for rule in load_packs(read_packs(folders)).rules}
    if rule_id not in found:
        raise UsageError(f'there is no rule "{rule_id}"{suggest(rule_id, found)}; `medpro-audit rules list` names all')
    options.write(render_rule(found[rule_id]))


@command.command()
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@options.rules
def test(directory: Path | None, folders: tuple[Path, ...]) -> int:
    """Run the examples of all rules, and the fixtures in DIRECTORY: one folder each, with `// expect: ID` comments."""
    from medpro_audit.adapters.rule_files import read_fixtures, read_packs  # noqa: PLC0415 - heavy
    from medpro_audit.pipeline import audit_files  # noqa: PLC0415 - heavy
    from medpro_audit.rules.loading import load_packs  # noqa: PLC0415 - heavy
    from medpro_audit.rules.testing import check_rules, render_cases  # noqa: PLC0415 - heavy

    ruleset = load_packs(read_packs(folders))
    fixtures = read_fixtures(directory) if directory is not None else {}
    cases = check_rules(ruleset, fixtures, lambda files: audit_files(files, ruleset))
    options.write(render_cases(cases))
    return EXIT_GATE_FAILED if any(case.problems for case in cases) else 0


@command.command()
@click.option("--pack", is_flag=True, help="Print the schema of pack.yaml files instead.")
def schema(*, pack: bool) -> None:
    """Print the JSON Schema of rule files, for editors."""
    import json  # noqa: PLC0415 - only here

    from medpro_audit.rules.schema import pack_schema, rule_schema  # noqa: PLC0415 - heavy

    found = pack_schema() if pack else rule_schema()
    options.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


@command.command()
def reference() -> None:
    """Print the reference for whoever writes rules, as Markdown: keys, operators, subjects and their attributes."""
    from medpro_audit.rules.reference import render_reference  # noqa: PLC0415 - heavy

    options.write(render_reference())
