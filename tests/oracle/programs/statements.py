"""Statements that register something on a router or application."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oracle.programs.grammar import Grammar, in_parentheses
from oracle.programs.source import Block, Kind, braced

Statement = Callable[[Grammar, Block, str], None]

_VERBS = ("get", "post", "put", "patch", "delete")


def registrations(g: Grammar, block: Block, target: str, *, least: int = 1, most: int = 4) -> None:
    """Several statements, as long as there is fuel."""
    with g.deeper():
        for _ in range(g.count(least, most)):
            if g.fuel <= 0:
                break
            g.fuel -= 1
            g.pick(_STATEMENTS if g.may_nest else _STATEMENTS[:3])(g, block, target)


def _functions(g: Grammar, block: Block, last: Kind = Kind.HANDLER) -> str:
    """Middleware in every form, and what they stand before."""
    before: list[str] = []
    match g.count(0, 4):
        case 2:
            before = [g.value(Kind.MIDDLEWARE, block)]
        case 3:
            before = [f"...{in_parentheses(g.value(Kind.CHAIN, block))}"]
        case 4:
            before = [g.value(Kind.CHAIN, block), g.value(Kind.MIDDLEWARE, block)]
    return ", ".join([*before, g.value(last, block)])


def _route(g: Grammar, block: Block, target: str) -> None:
    path = g.value(Kind.PATH, block)
    block.add(f"{target}.{g.pick(_VERBS)}({path}, {_functions(g, block)});")


def _use(g: Grammar, block: Block, target: str) -> None:
    guard = g.value(Kind.MIDDLEWARE, block)
    match g.count(0, 5):
        case 1:
            arguments = f"{g.value(Kind.PATH, block)}, {guard}"
        case 2:
            arguments = f"{guard}, {g.value(Kind.MIDDLEWARE, block)}"
        case 3:
            arguments = f"[{guard}, ...{in_parentheses(g.value(Kind.CHAIN, block))}]"
        case 4:
            arguments = f"...{in_parentheses(g.value(Kind.CHAIN, block))}, {guard}"
        case 5:
            arguments = f"'/', {guard}"
        case _:
            arguments = guard
    block.add(f"{target}.use({arguments});")


def _mount(g: Grammar, block: Block, target: str) -> None:
    path = f"{g.value(Kind.PATH, block)}, " if g.count(0, 3) < 3 else ""
    block.add(f"{target}.use({path}{_functions(g, block, Kind.ROUTER)});")


def _route_chain(g: Grammar, block: Block, target: str) -> None:
    path = g.value(Kind.PATH, block)
    calls = [f"  .{verb}({_functions(g, block)})" for verb in _VERBS[: g.count(1, 3)]]
    if g.flag():
        calls.insert(g.count(0, 1), f"  .all({g.value(Kind.MIDDLEWARE, block)})")
    block.add("\n".join([f"{target}\n  .route({path})", *calls]) + ";")


def _computed_method(g: Grammar, block: Block, target: str) -> None:
    block.add(f"{target}[{g.value(Kind.METHOD, block)}]({g.value(Kind.PATH, block)}, {_functions(g, block)});")


def _methods_loop(g: Grammar, block: Block, target: str) -> None:
    methods = g.pick(("['get', 'post']", "['get', 'put', 'delete']"))
    path, method = g.constant(Kind.PATH, block), block.name("method")
    inner = block.child()
    inner.add(f"{target}[{method}]({path}, {_functions(g, inner)});")
    if g.flag():
        block.add(braced(f"for (const {method} of {methods}) ", [inner.text]))
    else:
        inner = block.child(is_async=False)
        inner.add(f"{target}[{method}]({path}, {_functions(g, inner)});")
        block.add(braced(f"{methods}.forEach(({method}) => ", [inner.text]) + ");")


def _all(g: Grammar, block: Block, target: str) -> None:
    block.add(f"{target}.all({g.value(Kind.PATH, block)}, {_functions(g, block)});")


def _registrar(g: Grammar, block: Block, target: str) -> None:
    registrar = in_parentheses(g.value(Kind.REGISTRAR, block))
    block.add(f"{registrar}{g.pick((f'({target})', f'.call(null, {target})', f'.apply(null, [{target}])'))};")


def _registrars(g: Grammar, block: Block, target: str) -> None:
    registrars = [g.value(Kind.REGISTRAR, block) for _ in range(g.count(1, 2))]
    name = block.name("register")
    block.add(f"[{', '.join(registrars)}].forEach(({name}) => {name}({target}));")


def _mounts(g: Grammar, block: Block, target: str) -> None:
    mounts = g.constant(Kind.MOUNTS, block)
    item, path, router = block.name("item"), "path", "router"
    use = f"{target}.use(path, router);"
    member_use = f"{target}.use({item}.path, {item}.router);"
    reduced = "(before, {{ path, router }}) => {{\n  before.use(path, router);\n  return before;\n}}"
    forms: Sequence[str] = (
        braced(f"{mounts}.forEach(({{ {path}, {router} }}) => ", [use]) + ");",
        f"{mounts}.forEach(({item}) => {member_use.removesuffix(';')});",
        braced(f"for (const {item} of {mounts}) ", [member_use]),
        braced(f"for (const {{ path, router }} of {mounts}) ", [use]),
        f"{mounts}.map(({item}) => {member_use.removesuffix(';')});",
        braced(f"for (let i = 0; i < {mounts}.length; i++) ", [f"{target}.use({mounts}[i].path, {mounts}[i].router);"]),
        braced(f"for (const index in {mounts}) ", [f"{target}.use({mounts}[index].path, {mounts}[index].router);"]),
        braced(f"for (const [index, {item}] of {mounts}.entries()) ", [member_use]),
        f"{mounts}.reduce({reduced.format()}, {target});",
        f"Object.values({mounts}).forEach(function ({item}) {{\n  {member_use}\n}}, {{}});",
        (
            f"new Map({mounts}.map(({item}) => [{item}.path, {item}.router]))"
            f".forEach((router, path) => {target}.use(path, router));"
        ),
    )
    form = g.pick(forms)
    if "function (" in form and target.startswith("this"):
        form = forms[0]
    block.add(form)


def _table(g: Grammar, block: Block, target: str) -> None:
    rows = [
        f"{{ method: {g.value(Kind.METHOD, block)}, path: {g.value(Kind.PATH, block)},"
        f" before: {g.value(Kind.CHAIN, block)}, handler: {g.value(Kind.HANDLER, block)} }}"
        for _ in range(g.count(1, 3))
    ]
    name = g.bound("table", "[\n" + "\n".join(f"  {row}," for row in rows) + "\n]", block)
    block.add(
        g.pick(
            (
                braced(
                    f"{name}.forEach(({{ method, path, before, handler }}) => ",
                    [f"{target}[method](path, ...before, handler);"],
                )
                + ");",
                braced(f"for (const row of {name}) ", [f"{target}[row.method](row.path, row.before, row.handler);"]),
            )
        )
    )


def _conditional(g: Grammar, block: Block, target: str) -> None:
    flag = g.value(Kind.FLAG, block)
    then, otherwise = block.child(), block.child()
    registrations(g, then, target, most=2)
    negated = f"!{in_parentheses(flag)}"
    match g.count(0, 3):
        case 1:
            registrations(g, otherwise, target, most=2)
            block.add(braced(f"if ({flag}) ", [then.text]) + braced(" else ", [otherwise.text]))
        case 2 if then.is_expression:
            block.add(f"{in_parentheses(flag)} && {then.text}")
        case 3:
            block.add(braced(f"if ({negated}) ", ["// left out"]) + braced(" else ", [then.text]))
        case _:
            block.add(braced(f"if ({flag}) ", [then.text]))


def _within(g: Grammar, block: Block, target: str) -> None:
    """In a block, a function that is called at once, a ``try``, a callback."""
    head, tail, is_function = g.pick(
        (
            ("", "", False),
            ("try ", " catch (error) {\n  throw error;\n}", False),
            ("(() => ", ")();", True),
            ("[1].forEach(() => ", ");", True),
            ("if (true) ", "", False),
        )
    )
    inner = block.child(is_async=False) if is_function else block.child()
    registrations(g, inner, target, most=3)
    block.add(braced(head, [inner.text]) + tail)


def _chained(g: Grammar, block: Block, target: str) -> None:
    calls = [f"  .use({g.value(Kind.MIDDLEWARE, block)})"]
    calls.append(f"  .{g.pick(_VERBS)}({g.value(Kind.PATH, block)}, {_functions(g, block)})")
    if g.flag():
        calls.append(f"  .use({g.value(Kind.PATH, block)}, {g.value(Kind.ROUTER, block)})")
    block.add("\n".join([target, *calls]) + ";")


def _routers(g: Grammar, block: Block, target: str) -> None:
    """Several routers under one path."""
    routers = [g.value(Kind.ROUTER, block) for _ in range(2)]
    listed = ", ".join(routers)
    block.add(f"{target}.use({g.value(Kind.PATH, block)}, {g.pick((listed, f'[{listed}]'))});")


def _answer(g: Grammar, block: Block, target: str) -> None:
    """A function under ``use()`` that answers."""
    block.add(f"{target}.use('/{g.word()}', {g.value(Kind.HANDLER, block)});")


def _error_handler(g: Grammar, block: Block, target: str) -> None:
    block.add(f"{target}.use((err, req, res, next) => {{\n  res.status(500).end();\n}});")


def _parameter(g: Grammar, block: Block, target: str) -> None:
    block.add(f"{target}.param('id', (req, res, next, id) => next());")


def _not_a_route(g: Grammar, block: Block, target: str) -> None:
    word = g.word()
    block.add(
        g.pick(
            (
                f"new Map().get('/{word}');",
                f"({{ get: (url, fn) => url }}).get('/{word}', () => {{}});",
                "[].concat('/').forEach((path) => path);",
            )
        )
    )


_STATEMENTS: Sequence[Statement] = (
    _route,
    _use,
    _computed_method,
    _mount,
    _route,
    _use,
    _mount,
    _mounts,
    _registrar,
    _conditional,
    _route_chain,
    _methods_loop,
    _all,
    _table,
    _within,
    _chained,
    _routers,
    _registrars,
    _answer,
    _error_handler,
    _parameter,
    _not_a_route,
)
