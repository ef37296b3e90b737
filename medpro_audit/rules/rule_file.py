"""The text form of a rule: one YAML file. `RULE_KEYS` is its documentation, its proof and its JSON Schema."""

import re
from pathlib import PurePosixPath
from typing import cast, get_args

from medpro_audit.core.finding import SEVERITIES, MetricId, Severity
from medpro_audit.model.subjects import SUBJECTS
from medpro_audit.rules.attributes import attributes_of
from medpro_audit.rules.conditions import compile_condition, tested_attributes
from medpro_audit.rules.fields import Fields, Key
from medpro_audit.rules.message import Message, compile_message
from medpro_audit.rules.operators import Condition
from medpro_audit.rules.queries import grammar_problem, query_problems
from medpro_audit.rules.rule import ClaimWords, Pack, Rule
from medpro_audit.rules.tree import Entry, Plain, plain

PACK_FILE = "pack.yaml"
SYNTAX = "syntax"
"""The subject of rules that look at one file, by a tree-sitter query."""
METRICS: tuple[MetricId, ...] = get_args(MetricId)
NO_METRIC = "none"

PACK_KEYS = {
    "id": Key("name of the pack's folder"),
    "title": Key("what the pack is about, in a few words"),
    "description": Key("which questions its rules ask, in Markdown"),
    "claims": Key("which of its rules measure what a status document may claim", required=False),
}

CLAIM_KEYS = {
    "words": Key("phrases; a claim that holds all words of one of them is meant"),
    "rules": Key("names of the rules of this pack that measure it"),
}

RULE_KEYS = {
    "id": Key("<pack>/<name>; named after the bad thing, so that 'allow <name>' reads right; permanent"),
    "subject": Key("the kind of thing that is asked about"),
    "title": Key("what is wrong, in a few words"),
    "severity": Key("error, warning or note"),
    "metric": Key("the success metric that it feeds, or none"),
    "weight": Key("how much it counts in its metric beside other rules, 1 to 100; left out: 1", required=False),
    "where": Key("to which subjects it applies; left out: to all", required=False),
    "require": Key("what must hold of them; left out: each of them is a finding", required=False),
    "query": Key("tree-sitter query whose every match is a finding; for the subject syntax only", required=False),
    "message": Key("one sentence that says what is wrong with one subject, with {{ attribute }} in it"),
    "fix": Key("what to do, in one imperative sentence"),
    "why": Key("why it matters, in Markdown, with a source"),
    "bad": Key("code in which it must fire: a text, or a mapping of paths to texts; run as a test"),
    "good": Key("code in which it must not fire; run as a test"),
    "effort": Key("to mend one finding: 20min, 2h, 1d"),
    "told_by": Key(
        "id of a rule; where that one has a finding at the subject's cause, this one only measures", required=False
    ),
    "tags": Key("cwe-<number>, owasp-api-<number>-<year> and other words", required=False),
}

ID_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*"
EFFORT_PATTERN = r"[1-9][0-9]{0,3}(min|h|d)"
TAG_PATTERN = r"cwe-[1-9][0-9]*|owasp-api-([1-9]|10)-20[0-9]{2}|(?!cwe-|owasp-)[a-z][a-z0-9]*(-[a-z0-9]+)*"

PHRASE_PATTERN = r"[a-z0-9]+([ /-][a-z0-9]+)*"
NAME_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"

_PHRASE, _NAME = re.compile(PHRASE_PATTERN), re.compile(NAME_PATTERN)
_ID, _EFFORT, _TAG = re.compile(ID_PATTERN), re.compile(EFFORT_PATTERN), re.compile(TAG_PATTERN)
_ADVICE = frozenset({"no", "disallow", "disallowed", "forbid", "never", "prefer"})
MAX_WEIGHT = 100
_LONGEST_TITLE = 80
_LONGEST_SENTENCE = 240


def read_pack(fields: Fields) -> Pack:
    """Read a pack file; of no use when problems were noted."""
    fields.check(PACK_KEYS, kind="pack")
    pack = Pack(
        id=fields.text("id"),
        title=fields.text("title", longest=_LONGEST_TITLE),
        description=fields.text("description"),
        claims=tuple(map(_claim_words, fields.mappings("claims"))),
    )
    folder = PurePosixPath(fields.problems.file).parent.name
    if pack.id and pack.id != folder:
        fields.problems.add(fields.line_of("id"), f'"id" must be the name of the folder, "{folder}"')
    return pack


def _claim_words(fields: Fields) -> ClaimWords:
    fields.check(CLAIM_KEYS, kind="claim")
    return ClaimWords(
        words=fields.words("words", _PHRASE, "phrases in small letters"),
        rules=fields.words("rules", _NAME, "names of rules of this pack"),
    )


def read_rule(fields: Fields) -> Rule:
    """Read, prove and compile a rule file; of no use when problems were noted."""
    fields.check(RULE_KEYS, kind="rule")
    subject = fields.choice("subject", SUBJECTS) or ""
    where, require = fields.find("where"), fields.find("require")
    _check_parts(fields, subject)
    return Rule(
        id=_read_id(fields),
        subject=subject,
        title=fields.text("title", longest=_LONGEST_TITLE),
        severity=cast(Severity, fields.choice("severity", SEVERITIES) or "error"),
        metric=cast(MetricId | None, _metric(fields)),
        applies=_condition(fields, subject, where),
        holds=_condition(fields, subject, require),
        where=_plain(where),
        require=_plain(require),
        reasons=_reasons(subject, where, require),
        message=_message(fields, subject),
        fix=fields.text("fix", longest=_LONGEST_SENTENCE),
        why=fields.text("why"),
        bad=fields.example("bad"),
        good=fields.example("good"),
        effort=fields.shaped("effort", _EFFORT, "a time such as 20min, 2h or 1d"),
        tags=fields.words("tags", _TAG, "words such as cwe-20, owasp-api-3-2023 or style"),
        query=_query(fields, subject),
        weight=_weight(fields),
        told_by=_told_by(fields, subject),
    )


def _read_id(fields: Fields) -> str:
    rule = fields.shaped("id", _ID, "<pack>/<name> in small letters and hyphens")
    path = PurePosixPath(fields.problems.file)
    expected = f"{path.parent.name}/{path.stem}"
    if _ID.fullmatch(rule) and rule != expected:
        fields.problems.add(fields.line_of("id"), f'"id" must be that of the folder and the file, "{expected}"')
    advice = sorted(_ADVICE.intersection(re.split("[-/]", rule)))
    if advice:
        text = f'"id" must name the bad thing, so that "allow <name>" reads right; leave out "{advice[0]}"'
        fields.problems.add(fields.line_of("id"), text)
    return rule


def _metric(fields: Fields) -> str | None:
    metric = fields.choice("metric", (*METRICS, NO_METRIC))
    return None if metric == NO_METRIC else metric


def _weight(fields: Fields) -> int:
    weight = fields.whole("weight", 1, MAX_WEIGHT)
    if weight is not None and _metric(fields) is None:
        fields.problems.add(fields.line_of("weight"), '"weight" has no place here: the rule feeds no metric')
    return weight or 1


def _told_by(fields: Fields, subject: str) -> str | None:
    rule = fields.shaped("told_by", _ID, "the id of a rule")
    if rule and subject and "cause" not in attributes_of(SUBJECTS[subject]):
        text = f'"told_by" has no place here: the subject {subject} has no cause that stands elsewhere'
        fields.problems.add(fields.line_of("told_by"), text)
    return rule if _ID.fullmatch(rule) else None


def _query(fields: Fields, subject: str) -> str | None:
    query = fields.text("query")
    if not query or subject != SYNTAX:
        return query or None
    problems = list(query_problems(query))
    fault = grammar_problem("the rule", query) if not problems else None
    for problem in [*problems, *([fault] if fault else [])]:
        fields.problems.add(fields.line_of("query"), problem)
    return query


def _check_parts(fields: Fields, subject: str) -> None:
    """Note what a rule with a query must not have, and what a rule without one needs."""
    if subject == SYNTAX:
        if fields.find("query") is None:
            fields.problems.add(fields.line, f'the key "query" is missing: {RULE_KEYS["query"].doc}')
        if fields.find("require") is not None:
            text = '"require" has no place here: every match of a query is a finding'
            fields.problems.add(fields.line_of("require"), text)
        if _metric(fields) is not None:
            text = "the matches of a query are no share of anything, so it feeds no metric; write none"
            fields.problems.add(fields.line_of("metric"), text)
    elif subject:
        if fields.find("query") is not None:
            text = '"query" has no place here: only a rule with "subject: syntax" has one'
            fields.problems.add(fields.line_of("query"), text)
        if fields.find("where") is None and fields.find("require") is None:
            fields.problems.add(fields.line, '"where" and "require" are missing: every subject would be a finding')


def _condition(fields: Fields, subject: str, entry: Entry | None) -> Condition | None:
    if entry is None or not subject:
        return None
    return compile_condition(entry.value, SUBJECTS[subject], fields.problems)


def _plain(entry: Entry | None) -> Plain:
    return plain(entry.value) if entry else None


def _reasons(subject: str, *conditions: Entry | None) -> tuple[str, ...]:
    """Name the trails of the structures that the conditions look into; the subject's own is not among them."""
    if not subject:
        return ()
    attributes = attributes_of(SUBJECTS[subject])
    tested = {name for entry in conditions if entry for name in tested_attributes(entry.value)}
    trails = {f"{name.rpartition('.')[0]}.trail" for name in tested if "." in name}
    return tuple(sorted(trails.intersection(attributes)))


def _message(fields: Fields, subject: str) -> Message:
    text = fields.text("message", longest=_LONGEST_SENTENCE)
    if not subject:
        return Message(text, (text,))
    return compile_message(text, SUBJECTS[subject], fields.line_of("message"), fields.problems)
