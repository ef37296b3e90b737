"""Statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.branching import attempt, fork, jump, land, maybe, ways_out
from medpro_audit.model.evaluation.clauses import conjunction, negated
from medpro_audit.model.evaluation.conditions import Assumption, Condition, assume, condition_of, is_promise, may_change
from medpro_audit.model.evaluation.control import NOTHING, Branch, Completion, Thrown
from medpro_audit.model.evaluation.imports import imported, require
from medpro_audit.model.evaluation.members import items_of, keys_of
from medpro_audit.model.evaluation.patterns import bind, bound_names, declare
from medpro_audit.model.evaluation.program import Export
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    FunctionValue,
    ImportedName,
    Item,
    ObjectValue,
    Site,
    Value,
    caught_at,
    is_same,
    options_of,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_MAX_ROUNDS = 500
"""Rounds of one loop that are followed."""

_NORMAL = Completion.NORMAL


def hoist(interpreter: Interpreter, block: Sequence[ir.Statement], scope: Scope) -> None:
    """Declare the functions of a block before it runs."""
    for statement in block:
        if isinstance(statement, ir.ExportDeclaration):
            hoist(interpreter, statement.body, scope)
        elif isinstance(statement, ir.DeclareFunction):
            scope.names[statement.function.name] = interpreter.closure(statement.function, scope)


def bind_parameters(
    interpreter: Interpreter, function: FunctionValue, arguments: tuple[Item, ...], scope: Scope
) -> None:
    """Bind the arguments of a call to the parameters of a function."""
    node = function.node
    if not node.is_arrow:
        scope.names["arguments"] = ArrayValue(arguments)
    for index, parameter in enumerate(node.parameters):
        target = parameter.target
        if isinstance(target, ir.Rest):
            bind(interpreter, target.target, ArrayValue(arguments[index:]), scope, declare)
            break
        value = arguments[index].value if index < len(arguments) else UNDEFINED
        bind(interpreter, target, value, scope, declare)
        if parameter.is_property and isinstance(scope.this, ObjectValue):
            name = target.target if isinstance(target, ir.Default) else target
            if isinstance(name, ir.Name):
                interpreter.journal.write(scope.this.properties, name.id, scope.names[name.id])


def _evaluate(interpreter: Interpreter, node: ir.Evaluate, scope: Scope) -> Completion:
    is_awaited = isinstance(node.value, ir.Await)
    value = node.value.value if isinstance(node.value, ir.Await) else node.value
    if isinstance(value, ir.Call):
        interpreter.unused = (scope.module, value.at, is_awaited)
    interpreter.evaluate(node.value, scope)
    return _NORMAL


def _declare(interpreter: Interpreter, node: ir.Declare, scope: Scope) -> Completion:
    target_scope = scope.function_scope if node.keyword == "var" else scope
    if node.keyword != "const" and scope.parent is None and isinstance(node.target, ir.Name):
        scope.module.variables.add(node.target.id)
    if node.value is None:
        if isinstance(node.target, ir.Name) and (node.keyword != "var" or node.target.id not in target_scope.names):
            declare(interpreter, node.target, UNDEFINED, target_scope)
        return _NORMAL
    bind(interpreter, node.target, _declared_value(interpreter, node, scope), target_scope, declare)
    if node.keyword == "const" and isinstance(node.target, ir.Name) and is_promise(interpreter, node.value, scope):
        scope.promises |= {node.target.id}
    return _NORMAL


def _declared_value(interpreter: Interpreter, node: ir.Declare, scope: Scope) -> Value:
    """The value of a declarator; ``require`` of another module waits until the name is used."""
    specifier = _required(node.value)
    if specifier is None or scope.parent is not None:
        assert node.value is not None
        return interpreter.evaluate(node.value, scope)
    site = Site(scope.module, node.at)
    return ImportedName(lambda: require(interpreter, scope.module, specifier, site))


def _required(node: ir.Expression | None) -> str | None:
    """The specifier of ``require('x')``."""
    match node:
        case ir.Call(callee=ir.Name(id="require"), arguments=(ir.Literal(value=str() as specifier),)):
            return specifier
    return None


def _declare_class(interpreter: Interpreter, node: ir.DeclareClass, scope: Scope) -> Completion:
    interpreter.journal.write(scope.names, node.value.name, interpreter.evaluate(node.value, scope))
    return _NORMAL


def _return(interpreter: Interpreter, node: ir.Return, scope: Scope) -> Completion:
    value = interpreter.evaluate(node.value, scope) if node.value is not None else UNDEFINED
    interpreter.leave_with(value, Site(scope.module, node.value.at) if isinstance(node.value, ir.Call) else None)
    return Completion.RETURN


def _throw(interpreter: Interpreter, node: ir.Throw, scope: Scope) -> Completion:
    if interpreter.request is None:
        interpreter.evaluate(node.value, scope)
        raise Thrown
    with interpreter.request.refusing():
        value = interpreter.evaluate(node.value, scope)
    interpreter.request.witness.threw(value)
    raise Thrown


def _if(interpreter: Interpreter, node: ir.If, scope: Scope) -> Completion:
    condition = condition_of(interpreter, node.test, scope)
    if condition.truth is not None:
        return _chosen(interpreter, node, scope, condition)

    def then() -> Completion:
        assume(condition.when_true)
        return _block(interpreter, node.then, scope)

    def otherwise() -> Completion:
        assume(condition.when_false)
        return _block(interpreter, node.otherwise, scope)

    return fork(interpreter, [Branch(condition.text, then), Branch(_otherwise(condition.text, node), otherwise)])


def _chosen(interpreter: Interpreter, node: ir.If, scope: Scope, condition: Condition) -> Completion:
    """The branch that the values lead to; while a program loads, not into a failure: it is taken to start."""
    first, second = (node.then, node.otherwise) if condition.truth else (node.otherwise, node.then)
    assume(condition.when_true if condition.truth else condition.when_false)
    try:
        return _block(interpreter, first, scope)
    except Thrown:
        if interpreter.is_serving:
            raise
        return _block(interpreter, second, scope)


def _otherwise(text: str, node: ir.If) -> str:
    """What the text of the remaining path is; none after an early exit on an error, which is no configuration."""
    return "" if _is_error_check(node) else negated(text)


def _is_error_check(node: ir.If) -> bool:
    """``if (err) …``: the error-first convention of Node's callbacks."""
    match node.test:
        case ir.Name(id=name):
            return name in {"err", "error", "e"}
    return False


def _block(interpreter: Interpreter, body: Sequence[ir.Statement], scope: Scope) -> Completion:
    return interpreter.run(body, Scope(scope.module, scope)) if body else _NORMAL


def _nested(interpreter: Interpreter, node: ir.Block, scope: Scope) -> Completion:
    return _block(interpreter, node.body, scope)


def _loop(interpreter: Interpreter, node: ir.Loop, scope: Scope, label: str = "") -> Completion:
    rounds = _loop_over if node.kind in {"of", "in"} else _loop_while
    return land(interpreter, "break", label, lambda: rounds(interpreter, node, scope, label))


def _loop_while(interpreter: Interpreter, node: ir.Loop, scope: Scope, label: str) -> Completion:
    inner = Scope(scope.module, scope)
    interpreter.run(node.first, inner)

    def body() -> Completion:
        return land(interpreter, "continue", label, lambda: _block(interpreter, node.body, inner))

    left = ways_out(interpreter)
    is_asked = node.kind != "do"  # whose body runs before the condition is asked
    for _ in range(_MAX_ROUNDS):
        condition = condition_of(interpreter, node.test, inner) if is_asked and node.test is not None else None
        if condition is not None and condition.truth is False:
            return _NORMAL
        doubt = condition if condition is not None and condition.truth is None else None
        if doubt is not None and not doubt.is_of_item:
            return maybe(interpreter, doubt.text, body)
        is_asked = True
        completion = body() if doubt is None else maybe(interpreter, doubt.text, body)
        is_endless = isinstance(node.test, ir.Literal | None)
        if completion is not _NORMAL or (is_endless and ways_out(interpreter) > left):
            return completion  # how often an endless loop runs before it is left is not known
        if node.update is not None:
            interpreter.evaluate(node.update, inner)
    return _NORMAL


def _loop_over(interpreter: Interpreter, node: ir.Loop, scope: Scope, label: str) -> Completion:
    assert node.iterable is not None
    iterable = interpreter.evaluate(node.iterable, scope)
    site = Site(scope.module, node.at)
    for option, _ in options_of(iterable):
        items = keys_of(interpreter, option, site) if node.kind == "in" else items_of(interpreter, option, site)
        completion = _rounds(interpreter, node, items, option, scope, label)
        if completion is not _NORMAL:
            return completion
    return _NORMAL


def _rounds(  # noqa: PLR0913 - a loop and its context
    interpreter: Interpreter, node: ir.Loop, items: Sequence[Item] | None, iterable: Value, scope: Scope, label: str
) -> Completion:
    def body(item: Item) -> Completion:
        return land(interpreter, "continue", label, lambda: _round(interpreter, node, item, scope))

    if items is None:
        interpreter.use(iterable, Site(scope.module, node.at))
        unknown = interpreter.element_of(iterable, Site(scope.module, node.at))
        text = f"for each of {interpreter.spell(node.iterable, scope)}"
        return maybe(interpreter, text, lambda: body(Item(unknown)))
    for item in items[:_MAX_ROUNDS]:
        run = partial(body, item)
        completion = maybe(interpreter, item.condition, run) if item.condition else run()
        if completion is not _NORMAL:
            return completion
    return _NORMAL


def _round(interpreter: Interpreter, node: ir.Loop, item: Item, scope: Scope) -> Completion:
    inner = Scope(scope.module, scope)
    if node.target is not None:
        bind(interpreter, node.target, item.value, inner, declare)
    return interpreter.run(node.body, inner)


def _switch(interpreter: Interpreter, node: ir.Switch, scope: Scope) -> Completion:
    value = interpreter.evaluate(node.value, scope)
    interpreter.compare(value, Site(scope.module, node.at))
    inner = Scope(scope.module, scope)
    taken = _taken(interpreter, node, value, scope)
    if taken is not None:
        return _case(interpreter, _falling_through(node.cases[taken:]), inner)
    texts = [_case_text(interpreter, node, case, scope) for case in node.cases]
    others = conjunction([negated(text) for text in texts if text])
    branches = []
    for index, (case, text) in enumerate(zip(node.cases, texts, strict=True)):
        body = _falling_through(node.cases[index:])
        if body:
            condition = others if case.test is None else text
            told = _told_by_case(interpreter, value, case, scope)
            branches.append(Branch(condition, partial(_case, interpreter, body, inner, told)))
    if not any(case.test is None for case in node.cases):
        branches.append(NOTHING)
    return fork(interpreter, branches) if branches else _NORMAL


def _taken(interpreter: Interpreter, node: ir.Switch, value: Value, scope: Scope) -> int | None:
    """Which case a known value leads to, one past the last when there is none for it; None when that isn't known."""
    tests = [case.test for case in node.cases]
    if not isinstance(value, Constant) or not all(test is None or isinstance(test, ir.Literal) for test in tests):
        return None
    if interpreter.request is not None and may_change(node.value, scope):
        return None
    for index, test in enumerate(tests):
        if isinstance(test, ir.Literal) and is_same(value, Constant(test.value)):
            return index
    return tests.index(None) if None in tests else len(tests)


def _case_text(interpreter: Interpreter, node: ir.Switch, case: ir.Case, scope: Scope) -> str:
    if case.test is None:
        return ""
    return interpreter.spell(ir.Binary("===", node.value, case.test, node.at), scope)


def _falling_through(cases: Sequence[ir.Case]) -> tuple[ir.Statement, ...]:
    """The body of a case, with the cases it falls through to."""
    body: list[ir.Statement] = []
    for case in cases:
        body.extend(case.body)
        if case.body and isinstance(_last(case.body), ir.Jump | ir.Return | ir.Throw):
            break
    return tuple(body)


def _last(body: Sequence[ir.Statement]) -> ir.Statement:
    last = body[-1]
    return _last(last.body) if isinstance(last, ir.Block) and last.body else last


def _told_by_case(interpreter: Interpreter, value: Value, case: ir.Case, scope: Scope) -> Sequence[Assumption]:
    """What follows where a case is taken."""
    if interpreter.request is None or not isinstance(case.test, ir.Literal):
        return ()
    return interpreter.request.where_equal(value, Constant(case.test.value), Site(scope.module, case.test.at))


def _case(
    interpreter: Interpreter, body: Sequence[ir.Statement], scope: Scope, told: Sequence[Assumption] = ()
) -> Completion:
    assume(told)
    return land(interpreter, "break", "", lambda: interpreter.run(body, scope))


def _try(interpreter: Interpreter, node: ir.Try, scope: Scope) -> Completion:
    completion = _NORMAL
    if node.handler is None:
        completion = _block(interpreter, node.body, scope)
    else:
        handler = node.handler

        def catch() -> Completion:
            inner = Scope(scope.module, scope)
            if node.parameter is not None:
                caught = caught_at(scope.module.facts.place(node.at))
                bind(interpreter, node.parameter, caught, inner, declare)
            return interpreter.run(handler, inner)

        def body() -> Completion:
            interpreter.tries += 1
            try:
                return _block(interpreter, node.body, scope)
            finally:
                interpreter.tries -= 1

        # Whatever the body did may be lost when it throws: the handler starts from the state before it.
        completion = attempt(interpreter, body, catch)
    if node.finalizer:
        last = _block(interpreter, node.finalizer, scope)
        return completion if last is _NORMAL else last
    return completion


def _jump(interpreter: Interpreter, node: ir.Jump, _scope: Scope) -> Completion:
    return jump(interpreter, node.keyword, node.label)


def _labelled(interpreter: Interpreter, node: ir.Labelled, scope: Scope) -> Completion:
    if isinstance(node.body, ir.Loop):
        return _loop(interpreter, node.body, scope, node.label)
    return land(interpreter, "label", node.label, lambda: interpreter.run((node.body,), scope))


def _import(interpreter: Interpreter, node: ir.Import, scope: Scope) -> Completion:
    module = scope.module
    module.is_ecmascript = True
    site = Site(module, node.at)
    if not node.bindings:
        require(interpreter, module, node.specifier, site)
    for name, local in node.bindings:
        scope.names[local] = ImportedName(partial(imported, interpreter, module, node.specifier, name, site))
    return _NORMAL


def _export(_interpreter: Interpreter, node: ir.Export, scope: Scope) -> Completion:
    module = scope.module
    module.is_ecmascript = True
    for local, exported in node.bindings:
        if exported == "*":
            module.stars.append(node.specifier)
        elif node.specifier:
            module.exports[exported] = Export(source=node.specifier, local=local)
        else:
            module.exports[exported] = Export(scope=scope, local=local)
    return _NORMAL


def _export_default(interpreter: Interpreter, node: ir.ExportDefault, scope: Scope) -> Completion:
    scope.module.is_ecmascript = True
    scope.module.exports["default"] = Export(value=interpreter.evaluate(node.value, scope))
    return _NORMAL


def _export_declaration(interpreter: Interpreter, node: ir.ExportDeclaration, scope: Scope) -> Completion:
    module = scope.module
    module.is_ecmascript = True
    for statement in node.body:
        for name in _declared_names(statement):
            module.exports[name] = Export(scope=scope, local=name)
    return interpreter.run(node.body, scope)


def _declared_names(statement: ir.Statement) -> Sequence[str]:
    match statement:
        case ir.DeclareFunction(function=function):
            return (function.name,)
        case ir.DeclareClass(value=value):
            return (value.name,)
        case ir.Declare(target=target):
            return tuple(bound_names([target]))
    return ()


EXECUTORS: dict[type[ir.Node], Callable[[Interpreter, Any, Scope], Completion]] = {
    ir.Evaluate: _evaluate,
    ir.Declare: _declare,
    ir.DeclareFunction: lambda *_: _NORMAL,
    ir.DeclareClass: _declare_class,
    ir.Return: _return,
    ir.Throw: _throw,
    ir.If: _if,
    ir.Loop: _loop,
    ir.Switch: _switch,
    ir.Try: _try,
    ir.Block: _nested,
    ir.Jump: _jump,
    ir.Labelled: _labelled,
    ir.Import: _import,
    ir.Export: _export,
    ir.ExportDefault: _export_default,
    ir.ExportDeclaration: _export_declaration,
}
