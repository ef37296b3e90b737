"""Loads rule packs: proves everything in them before anything runs, and says all that is wrong at once."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from medpro_audit.rules.fields import Fields
from medpro_audit.rules.problems import FileProblems, Problems
from medpro_audit.rules.rule import Pack, Rule, RuleSet
from medpro_audit.rules.rule_file import PACK_FILE, read_pack, read_rule

MAX_FILES = 1000


def load_packs(files: Mapping[str, bytes]) -> RuleSet:
    """Load packs from their files by path: folders that each hold a ``pack.yaml`` and one YAML file per rule.

    Raises:
        ConfigurationError: With every problem, each as ``file:line: what is wrong``.
    """
    return _loaded(tuple(sorted(files.items())))


@lru_cache(maxsize=1)  # who watches a folder loads the same rules again and again
def _loaded(contents: tuple[tuple[str, bytes], ...]) -> RuleSet:
    files = dict(contents)
    problems = Problems()
    packs: list[tuple[str, Pack]] = []
    rules: list[tuple[str, Rule]] = []
    for path in sorted(files)[:MAX_FILES]:
        fields = _read(files[path], FileProblems(problems, path))
        if fields is None:
            continue
        if PurePosixPath(path).name == PACK_FILE:
            packs.append((path, read_pack(fields)))
        else:
            rules.append((path, read_rule(fields)))
    _check_set(files, packs, rules, problems)
    problems.raise_any()
    return RuleSet(
        packs=tuple(sorted((pack for _, pack in packs), key=lambda pack: pack.id)),
        rules=tuple(sorted((rule for _, rule in rules), key=lambda rule: rule.id)),
    )


def _read(content: bytes, problems: FileProblems) -> Fields | None:
    from medpro_audit.rules.yaml_reader import read_yaml  # noqa: PLC0415 - brings in PyYAML

    tree = read_yaml(content, problems)
    return None if tree is None else Fields(tree, problems)


def _check_set(
    files: Mapping[str, bytes], packs: list[tuple[str, Pack]], rules: list[tuple[str, Rule]], problems: Problems
) -> None:
    """Note what is wrong between files: too many, a folder that is no pack, an id that is taken."""
    if len(files) > MAX_FILES:
        problems.add(sorted(files)[MAX_FILES], 1, f"more than {MAX_FILES} files; split them over several runs")
    for path in files:
        pack_file = str(PurePosixPath(path).parent / PACK_FILE)
        if pack_file not in files:
            problems.add(path, 1, f'its folder is no pack; add "{pack_file}" with id, title and description')
    _check_names(packs, rules, problems)
    taken: dict[str, str] = {}
    named = [(path, pack.id) for path, pack in packs] + [(path, rule.id) for path, rule in rules]
    for path, identity in named:
        if identity and identity in taken:
            problems.add(path, 1, f'the id "{identity}" is taken by {taken[identity]}; an id is given once')
        taken.setdefault(identity, path)


def _check_names(packs: list[tuple[str, Pack]], rules: list[tuple[str, Rule]], problems: Problems) -> None:
    """Note where a rule is named that there is not."""
    known = {rule.id for _, rule in rules}
    for path, pack in packs:
        for name in sorted({name for claim in pack.claims for name in claim.rules}):
            if f"{pack.id}/{name}" not in known:
                problems.add(path, 1, f'"claims" names the rule "{name}", which this pack does not have')
    for path, rule in rules:
        if rule.told_by is not None and rule.told_by not in known:
            problems.add(path, 1, f'"told_by" names the rule "{rule.told_by}", which there is not')
