"""Rule packs are proved as a whole when they are loaded."""

import pytest

from medpro_audit.core.errors import ConfigurationError
from medpro_audit.rules.loading import MAX_FILES, load_packs
from rules.builders import PACK, RULE, pack_files

_SYNTAX = {"subject": "syntax", "metric": "none", "where": "{role: server}", "require": None, "message": "Bad"}


def _problems(files: dict[str, bytes]) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        load_packs(files)
    return list(raised.value.problems)


def test_a_rule_is_what_its_file_says() -> None:
    """Every key arrives where it belongs."""
    ruleset = load_packs(pack_files(tags="[cwe-20, owasp-api-3-2023, style]", bad="{a.js: one(), b/c.js: two()}"))
    (rule,) = ruleset.rules
    assert (rule.id, rule.pack, rule.subject, rule.severity, rule.metric) == (
        "demo/bad-thing",
        "demo",
        "endpoint",
        "error",
        "code-quality",
    )
    assert (rule.title, rule.fix, rule.why, rule.effort) == ("Bad thing", "Make it good.", "Because.", "20min")
    assert rule.tags == ("cwe-20", "owasp-api-3-2023", "style")
    assert rule.bad.files == {"a.js": "one()", "b/c.js": "two()"}
    assert rule.good.files == {"server.js": "good();"}
    assert rule.where == {"reads": {"contains": "body"}}
    assert rule.reasons == ("validation.body.trail",)
    assert [pack.title for pack in ruleset.packs] == ["Demo"]


def test_rules_that_have_not_changed_are_loaded_once() -> None:
    """Whoever watches a folder loads them after every change; what is wrong is told every time."""
    assert load_packs(pack_files()) is load_packs(pack_files())
    assert load_packs(pack_files(title="Another")).rules[0].title == "Another"
    assert _problems(pack_files(severity="fatal")) == _problems(pack_files(severity="fatal"))


def test_the_structures_that_decide_explain_the_answer() -> None:
    """Their trails are found however deep the condition, and only where the structure has one."""
    (rule,) = load_packs(
        pack_files(
            require="{any: [{not: {validation.query.status: missing}}, {handler.file: {exists: true}}, {line: 1}]}"
        )
    ).rules
    assert rule.reasons == ("validation.query.trail",)


def test_the_order_of_files_does_not_matter() -> None:
    """Rules and packs are sorted by id, and messages by place."""
    files = pack_files() | {"more/abc/pack.yaml": PACK.replace(b"demo", b"abc")}
    files["more/abc/thing.yaml"] = RULE.replace("demo/bad-thing", "abc/thing").encode()
    shuffled = dict(reversed(files.items()))
    assert [rule.id for rule in load_packs(files).rules] == ["abc/thing", "demo/bad-thing"]
    assert [rule.id for rule in load_packs(shuffled).rules] == ["abc/thing", "demo/bad-thing"]
    broken = {path: content + b"\nx: 1" for path, content in files.items()}
    assert _problems(broken) == _problems(dict(reversed(broken.items())))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"sevrity": "error"}, '14: unknown key of a rule: "sevrity"; did you mean "severity"?'),
        ({"severity": "erorr"}, '4: unknown severity "erorr"; did you mean "error"?'),
        ({"severity": None}, '1: the key "severity" is missing: error, warning or note'),
        ({"subject": "endpiont"}, '2: unknown subject "endpiont"; did you mean "endpoint"?'),
        ({"metric": "code-qualty"}, '5: unknown metric "code-qualty"; did you mean "code-quality"?'),
        ({"where": "{read: {contains: body}}"}, '6: unknown attribute "read"; did you mean "reads"?'),
        ({"where": "{}"}, "6: an empty condition says nothing; leave its key out to mean every subject"),
        ({"require": "{validation.body.status: vald}"}, 'did you mean "validated"?'),
        ({"where": None, "require": None}, '1: "where" and "require" are missing: every subject would be a finding'),
        ({"message": '"{{ mehtod }}"'}, '8: unknown variable "mehtod"; did you mean "method"?'),
        ({"message": "[a]"}, '8: "message" must be a text, but it is a list'),
        ({"message": '""'}, '8: "message" is empty'),
        ({"title": '"a\\nb"'}, '3: "title" must be one line of at most 80 characters'),
        ({"id": "demo/other"}, '1: "id" must be that of the folder and the file, "demo/bad-thing"'),
        ({"id": "Demo/Bad"}, '1: "id" must be <pack>/<name> in small letters and hyphens, not "Demo/Bad"'),
        ({"effort": "soon"}, '13: "effort" must be a time such as 20min, 2h or 1d, not "soon"'),
        ({"effort": "20"}, '13: "effort" must be a text, but it is a number'),
        ({"tags": "[cwe-x]"}, '14: "tags" must hold words such as cwe-20, owasp-api-3-2023 or style, not "cwe-x"'),
        ({"tags": "cwe-20"}, '14: "tags" must be a list, but it is a text'),
        ({"bad": "{../x.js: a}"}, '11: "../x.js" must be a relative path with "/" and without ".."'),
        ({"bad": "{/x.js: a}"}, '11: "/x.js" must be a relative path with "/" and without ".."'),
        ({"good": "{x.js: [a]}"}, '12: "x.js" must be the text of a file'),
        ({"query": "(call_expression)"}, '14: "query" has no place here: only a rule with "subject: syntax" has one'),
        ({**_SYNTAX}, '1: the key "query" is missing'),
        ({**_SYNTAX, "query": "(debugger_statement) @a", "metric": "security"}, "it feeds no metric; write none"),
        (
            {**_SYNTAX, "query": "(debugger_statement) @a", "require": "{role: server}"},
            "every match of a query is a finding",
        ),
        ({**_SYNTAX, "query": "(debuger_statement) @a"}, 'no grammar understands its "query": invalid node type'),
        ({**_SYNTAX, "query": "(debugger_statement)"}, '"query" captures nothing: put @here behind the node'),
        ({**_SYNTAX, "query": "((_)* @a (_)* @b)"}, "more than one of * and +"),
        ({**_SYNTAX, "query": "'((string) @a (#match? @a \"(a+)+$\"))'"}, "what is repeated must not itself repeat"),
        ({**_SYNTAX, "query": "((string) @a (#is-cat? @a))"}, "known are #eq?"),
        ({"weight": "0"}, '"weight" must be a whole number from 1 to 100'),
        ({"weight": "heavy"}, '"weight" must be a whole number from 1 to 100'),
        ({"metric": "none", "weight": "3"}, '"weight" has no place here: the rule feeds no metric'),
        ({"told_by": "demo/bad-thing"}, '"told_by" has no place here: the subject endpoint has no cause'),
        (
            {"subject": "token", "where": None, "message": "A", "require": "{secret: literal}", "told_by": "x"},
            "of a rule",
        ),
        (
            {"subject": "token", "where": None, "message": "A", "require": "{secret: literal}", "told_by": "demo/gone"},
            '"told_by" names the rule "demo/gone", which there is not',
        ),
        ({"where": "{a: &a b}"}, "6: anchors and aliases"),
    ],
)
def test_a_wrong_rule_is_refused_with_file_and_line(changes: dict[str, str | None], problem: str) -> None:
    """One thing wrong is one problem, which names the file, the line and the nearest known word."""
    (found,) = _problems(pack_files(**changes))
    assert found.startswith("rules/demo/bad-thing.yaml:")
    assert problem in found


@pytest.mark.parametrize("name", ["no-validation", "disallow-any", "query-no-limit", "never-eval"])
def test_a_name_is_that_of_the_bad_thing(name: str) -> None:
    """An id that is advice is refused, since "allow no-validation" reads wrong."""
    files = {"demo/pack.yaml": PACK, f"demo/{name}.yaml": RULE.replace("demo/bad-thing", f"demo/{name}").encode()}
    (found,) = _problems(files)
    assert 'so that "allow <name>" reads right' in found


def test_all_problems_of_all_files_are_said_at_once() -> None:
    """One error holds every problem, in order of file and line."""
    files = pack_files(severity="bad", effort="long") | {"rules/demo/pack.yaml": b"id: other\ntitle: x\nrules: y"}
    assert _problems(files) == [
        'rules/demo/bad-thing.yaml:4: unknown severity "bad"; there are: error, note, warning',
        'rules/demo/bad-thing.yaml:13: "effort" must be a time such as 20min, 2h or 1d, not "long"',
        'rules/demo/pack.yaml:1: "id" must be the name of the folder, "demo"',
        'rules/demo/pack.yaml:1: the key "description" is missing: which questions its rules ask, in Markdown',
        'rules/demo/pack.yaml:3: unknown key of a pack: "rules"; there are: claims, description, id, title',
    ]


def test_an_id_is_given_once() -> None:
    """Two packs of the same name can't both define a rule."""
    files = pack_files()
    copies = {path.replace("rules/", "mine/"): content for path, content in files.items()}
    rule, pack = _problems(files | copies)
    assert rule.startswith('rules/demo/bad-thing.yaml:1: the id "demo/bad-thing" is taken by mine/demo/bad-thing.yaml')
    assert pack.startswith('rules/demo/pack.yaml:1: the id "demo" is taken by mine/demo/pack.yaml')


def test_a_folder_without_a_pack_file_is_named() -> None:
    """A rule that stands in no pack does not vanish."""
    files = pack_files()
    del files["rules/demo/pack.yaml"]
    (found,) = _problems(files)
    assert found.startswith('rules/demo/bad-thing.yaml:1: its folder is no pack; add "rules/demo/pack.yaml"')


def test_the_number_of_files_is_capped() -> None:
    """A flood of files is refused, not read."""
    files = pack_files() | {f"rules/demo/x{number:05}.yaml": b"x" for number in range(MAX_FILES + 10)}
    assert any(f"more than {MAX_FILES} files" in problem for problem in _problems(files))


def test_the_query_of_a_syntax_rule_is_carried() -> None:
    """Extraction gets the queries by the id of their rule; ordinary rules have none."""
    ruleset = load_packs(pack_files(**_SYNTAX, query="(debugger_statement) @here"))
    assert ruleset.syntax_queries == {"demo/bad-thing": "(debugger_statement) @here"}
    assert load_packs(pack_files()).syntax_queries == {}
