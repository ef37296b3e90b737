"""What becomes of an error that is caught: logged, handed on, or swallowed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact, CatchFact
from medpro_audit.model.logs.levels import LEVELS

_ANSWERING = frozenset(["end", "json", "jsonp", "redirect", "render", "send", "sendStatus", "status", "write"])
"""Methods that tell the client: what they are given is in no log."""
_RELEASING = frozenset(
    [
        "abort",
        "cancel",
        "cleanup",
        "close",
        "destroy",
        "disconnect",
        "dispose",
        "end",
        "kill",
        "quit",
        "release",
        "rollback",
        "shutdown",
        "stop",
        "teardown",
        "terminate",
        "unlink",
        "unlock",
        "unregister",
        "unsubscribe",
    ]
)
"""First words of functions that end or release something: a failure of theirs changes nothing."""
_TAKING_LEAVE = frozenset(["emit", "flush", "send", "write"])
"""First words of functions that tell the other side so before: where that has gone, they fail as well."""
_LOADING = frozenset(["import", "require", "require.resolve"])
_TRYING = frozenset(
    [
        "BigInt",
        "JSON.parse",
        "JSON.stringify",
        "JSON5.parse",
        "RegExp",
        "URL",
        "YAML.parse",
        "atob",
        "decodeURI",
        "decodeURIComponent",
        "structuredClone",
        "jsonwebtoken.verify",
        "jwt.verify",
        "toISOString",
        "yaml.load",
    ]
)
"""Functions that are called to see whether a value is of some form: their failure is the answer."""
_ASKING = frozenset(["access", "accessSync", "lstat", "lstatSync", "stat", "statSync"])
"""Functions that say whether a file is there by failing where it is not."""
_READING = frozenset(["readFile", "readFileSync", "readJSON", "readJson", "readdir", "readdirSync", "readlink"])
"""Functions that fail as well where a file is not there: what is there instead, the code behind decides."""
_BESIDE_READING = frozenset(["await", "join", "parse", "resolve", "toString", "trim"])
_LOOKING = frozenset(
    (  # noqa: SIM905 - a table of words
        "check count exists fetch find get has is list load look lookup peek query read resolve retrieve search select"
    ).split()
)
"""First words of functions that look something up: without it, the code goes on with a default."""
_CHANGING = frozenset(
    (  # noqa: SIM905 - a table of words
        "archive book cancel charge clear commit create decrement delete deliver destroy dispatch drop emit "
        "enqueue execute increment insert log move notify patch pay persist post process publish put queue record "
        "register remove rename replace reset revoke run save schedule send start stop store submit sync track "
        "transfer trigger unlink update upload upsert write"
    ).split()
)
_FIRST_WORD = re.compile("[A-Z]?[a-z]+")
_MAX_ROUNDS = 3
"""Variables that take a value of the error from one another more often than this are not followed."""


def tells_error(fact: CallFact, clauses: Sequence[CatchFact]) -> bool:
    """Whether the error that is caught around a log call is in it, or is told, thrown or handed on beside it.

    Args:
        fact: A log call inside at least one catch clause.
        clauses: All catch clauses of its file.
    """
    around = [clause for clause in clauses if clause.at <= fact.call.at < clause.end]
    if any(_only_tries(clause.calls) for clause in around):
        return True  # that it failed says all
    if not all(name.isidentifier() or name == "" for name in fact.caught):
        return True  # taken apart where it is caught
    names = {name for name in fact.caught if name}
    for clause in around:
        names |= derived_names(clause.body, names)
    if mentions((fact.call,), names):
        return True
    return any(_is_handed_on(node, names) for clause in around for node in ir.walk(clause.body))


def derived_names(body: Collection[ir.Statement], names: Collection[str]) -> set[str]:
    """These names, and variables whose values are made of them: ``const message = err.message``."""
    known = set(names)
    for _ in range(_MAX_ROUNDS):
        before = len(known)
        for node in ir.walk(tuple(body)):
            match node:
                case ir.Declare(target=target, value=value) if value is not None and mentions((value,), known):
                    known.update(_targets(target))
                case ir.Assign(target=target, value=value) if mentions((value,), known):
                    known.update(_targets(target))
        if len(known) == before:
            break
    return known


def mentions(nodes: Collection[ir.Node], names: Collection[str]) -> bool:
    """Whether one of these names is used anywhere in the nodes."""
    return any(isinstance(inner, ir.Name) and inner.id in names for node in nodes for inner in ir.walk(node))


def _targets(pattern: ir.Pattern) -> Iterator[str]:
    return (node.id for node in ir.walk(pattern) if isinstance(node, ir.Name) and node.id)


def _is_handed_on(node: ir.Node, names: Collection[str]) -> bool:
    """Whether the error goes to somebody else who may tell it: thrown, or given whole to a function."""
    match node:
        case ir.Throw(value=value):
            return mentions((value,), names)
        case ir.Assign(target=ir.Name() | ir.Member(), value=value):
            return _is_whole(value, names)  # kept for later
        case ir.Call(callee=ir.Member(name=name)) if name in _ANSWERING:
            return False
        case ir.Call(callee=ir.Member(name=name), arguments=arguments) if name in LEVELS:
            return mentions(arguments, names)
        case ir.Call(arguments=arguments):
            return any(_is_whole(argument, names) for argument in arguments)
    return False


def _is_whole(node: ir.Expression, names: Collection[str]) -> bool:
    match node:
        case ir.Name(id=name):
            return name in names
        case ir.New(arguments=arguments):
            return any(_is_whole(argument, names) for argument in arguments)
        case ir.Object(properties=properties):
            return any(_is_whole(entry.value, names) for entry in properties)
    return False


def swallows(clause: CatchFact) -> bool:
    """Whether a catch clause does nothing at all with the failure: its body is empty, or only comments or ``return;``.

    What assigns, calls, jumps, throws or returns a value has done something; whether enough can't be seen here.
    """
    return all(_is_idle(statement) for statement in clause.body) and not _is_expected(clause)


def is_explained(source: str) -> bool:
    """Whether a comment in a clause says more than that it does nothing."""
    words = [word.lower() for text in _COMMENT.findall(source) for word in _WORDS.findall(text)]
    return len([word for word in words if word not in _EMPTY_WORDS]) >= _TELLING_WORDS


_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_EMPTY_WORDS = frozenset(
    (  # noqa: SIM905 - a table of words
        "and any biome blank catch continue disable do empty err error errors eslint exception exceptions fail "
        "failure failures fixme handle handled handling here ignore ignored ignores ignoring implement in it "
        "just later line lint log next no noop nop nothing op oxlint pass quiet quietly safely should silent "
        "silently skip stay suppress swallow swallowed the this to todo unused vars we"
    ).split()
)
"""Words of comments that say that nothing is done, and not why."""
_TELLING_WORDS = 1


def _is_expected(clause: CatchFact) -> bool:
    """Whether nothing needs to be done about a failure.

    An optional package is not installed; a text is not what it was tried to be read as; a resource can't be given back;
    a promise that others wait for has its failure handled by them.
    """
    if clause.is_kept or not _LOADING.isdisjoint(clause.calls):
        return True
    if any(name.rpartition(".")[2] in _ASKING for name in clause.calls):
        return True
    if _only_reads(clause.calls):
        return True
    if "await" not in clause.calls and _tries(clause.calls):
        return True
    firsts = {_first_word(name) for name in clause.guards}
    return firsts <= _RELEASING | _TAKING_LEAVE and not firsts.isdisjoint(_RELEASING)


def loses_work(clause: CatchFact) -> bool:
    """Whether work was under way that may be lost: something was waited for, and not only looked up."""
    if "await" not in clause.calls:
        return False
    firsts = {_first_word(name.rpartition(".")[2]) for name in clause.calls}
    return firsts.isdisjoint(_LOOKING) or not firsts.isdisjoint(_CHANGING)


def _tries(calls: Collection[str]) -> bool:
    return any({name, name.rpartition(".")[2]} & _TRYING for name in calls)


def _only_tries(calls: Collection[str]) -> bool:
    """Whether nothing was done but to see whether a value is of some form, or a file is there."""
    names = [name for name in calls if name != "await"]
    return bool(names) and all(_tries((name,)) or name.rpartition(".")[2] in _ASKING for name in names)


def _only_reads(calls: Collection[str]) -> bool:
    """Whether files are read, and nothing else is done that could fail."""
    names = {name.rpartition(".")[2] for name in calls}
    return not names.isdisjoint(_READING) and names <= _READING | _BESIDE_READING


def _first_word(function: str) -> str:
    first = _FIRST_WORD.match(function.lstrip("$_#"))
    return first[0].lower() if first is not None else ""


def _is_idle(statement: ir.Statement) -> bool:
    match statement:
        case ir.Evaluate(value=ir.Name() | ir.Literal() | ir.Unary(operator="void", operand=ir.Name() | ir.Literal())):
            return True
        case ir.Return(value=None):
            return True
        case ir.Block(body=body):
            return all(_is_idle(inner) for inner in body)
    return False
