"""Statements that register something on a router or application."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oracle.programs.grammar import Grammar, in_parentheses
from oracle.programs.source import Block, Kind, braced

Statement = Callable[[Grammar, Block, str], None]

_VERBS = ("get", "post", "put", "patch", "delete", "head")


def registrations(g: Grammar, block: Block, target: str, *, least: int = 1, most: int = 4) -> None:
    """Several statements, as long as there is fuel."""
    with g.deeper():
        for _ in range(g.count(least, most)):
            if g.fuel <= 0:
                break
            g.fuel -= 1
            g.pick(_STATEMENTS if g.may_nest else _STATEMENTS[:3])(g, block, target)


def _functions(g: Grammar, block: Block, last: Kind = Kind.HANDLER, *, is_first: bool = False) -> str:
    """Middleware in every form, and what they stand before; as first argument, an empty list would be a path."""
    before: list[str] = []
    match g.count(0, 2 if is_first else 4):
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
    after = f", {g.value(Kind.MIDDLEWARE, block)}" if g.count(0, 5) == 5 else ""
    block.add(f"{target}.use({path}{_functions(g, block, Kind.ROUTER, is_first=not path)}{after});")


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
    if target == router:  # which the parameter would hide
        block.add(f"{mounts}.forEach(({item}) => {member_use.removesuffix(';')});")
        return
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


def _several_paths(g: Grammar, block: Block, target: str) -> None:
    paths = ", ".join(g.value(Kind.PREFIX, block) for _ in range(g.count(1, 2)))
    if g.flag():
        block.add(f"{target}.use([{paths}], {g.value(Kind.MIDDLEWARE, block)});")
    else:
        block.add(f"{target}.get([{paths}], {_functions(g, block)});")


def _patterned(g: Grammar, block: Block, target: str) -> None:
    """Paths with patterns; how they are written differs between versions of Express."""
    forms: tuple[str, ...] = ("/^\\/{0}\\/(\\d+)$/", "'/{0}/:id-:name'")
    if g.express == 4:
        forms += ("'/{0}/:id(\\\\d+)'", "'/{0}/:id?'", "'/{0}/*'")
    else:
        forms += ("'/{0}{{/:id}}'", "'/{0}/*rest'", "'/{0}/{{*rest}}'")
    block.add(f"{target}.{g.pick(_VERBS)}({g.pick(forms).format(g.word())}, {_functions(g, block)});")


def _everything(g: Grammar, block: Block, target: str) -> None:
    path = "'*'" if g.express == 4 else "'/{*any}'"
    block.add(f"{target}.{g.pick(('all', 'get'))}({path}, {_functions(g, block)});")


def _own_function(g: Grammar, block: Block, target: str) -> None:
    """A function of the program's own that registers what it is given."""
    name = block.name("add")
    declaration = f"const {name} = (verb, path, ...functions) => {target}[verb](path, ...functions);"
    if "this" not in target and g.flag():
        declaration = f"function {name}(verb, path, ...functions) {{\n  {target}[verb](path, functions);\n}}"
    block.add(declaration)
    for _ in range(g.count(1, 2)):
        block.add(f"{name}({g.value(Kind.METHOD, block)}, {g.value(Kind.PATH, block)}, {_functions(g, block)});")


def _named_routes(g: Grammar, block: Block, target: str) -> None:
    """A route for each method of a controller, by its name."""
    controller, name = g.constant(Kind.CONTROLLER, block), block.name("name")
    handler = g.pick((f"{controller}[{name}]", f"{controller}[{name}].bind({controller})"))
    path = g.pick((f"`/{g.word()}/${{{name}}}`", f"'/{g.word()}/' + {name}"))
    call = f"{target}.get({path}, {handler});"
    names = "['list', 'show']"
    block.add(
        g.pick(
            (
                braced(f"for (const {name} of {names}) ", [call]),
                braced(f"{names}.forEach(({name}) => ", [call]) + ");",
                braced(f"for (const {name} of {names}) ", [f"if ({name} === 'show') continue;", call]),
                braced(f"Object.entries({{ list: 'get', show: 'post' }}).forEach(([{name}, verb]) => ",
                       [f"{target}[verb]({path}, {handler});"]) + ");",
            )
        )
    )  # fmt: skip


def _switched(g: Grammar, block: Block, target: str) -> None:
    """By a text that is known, or by an environment variable."""
    name = g.environment_flag()
    first, second = block.child(), block.child()
    registrations(g, first, target, most=2)
    registrations(g, second, target, most=2)
    value = f"process.env.{name}" if name else "'1'"
    cases = ["case '1':", first.text, "break;", "default:", second.text]
    block.add(braced(f"switch ({value}) ", cases))


def _either(g: Grammar, block: Block, target: str) -> None:
    flag = in_parentheses(g.value(Kind.FLAG, block))
    path = g.value(Kind.PATH, block)
    first, second = g.value(Kind.HANDLER, block), g.value(Kind.HANDLER, block)
    block.add(f"{flag} ? {target}.get({path}, {first}) : {target}.put({path}, {second});")


def _not_a_route(g: Grammar, block: Block, target: str) -> None:
    word = g.word()
    block.add(
        g.pick(
            (
                f"new Map().get('/{word}');",
                f"({{ get: (url, fn) => url }}).get('/{word}', () => {{}});",
                "[].concat('/').forEach((path) => path);",
                f"{block.module.express}().get('env');",
                f"{block.module.express}().set('title', '/{word}');",
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
    _several_paths,
    _patterned,
    _everything,
    _own_function,
    _named_routes,
    _switched,
    _either,
)
