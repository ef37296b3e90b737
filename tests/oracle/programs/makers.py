"""Makers: what yields a value of each kind, the simplest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from oracle.programs.grammar import Grammar, Parameters, in_parentheses
from oracle.programs.modules import whole
from oracle.programs.source import Block, ClassText, Kind, braced
from oracle.programs.statements import registrations

Maker = Callable[[Grammar, Block], str]

METHODS_OF_CONTROLLERS = ("list", "show", "create")
"""Handlers that every controller has."""


# Handlers


def _inline_handler(g: Grammar, block: Block) -> str:
    return g.pick(
        (
            "(req, res) => res.send('ok')",
            "(req, res) => {\n  res.json({});\n}",
            "function (req, res) {\n  res.sendStatus(204);\n}",
            "async (req, res, next) => {\n  try {\n    res.json(await 1);\n  } catch (e) {\n    next(e);\n  }\n}",
        )
    )


def _named_handler(g: Grammar, block: Block) -> str:
    return g.declared(g.pick(("index", "save")), "function (req, res) {\n  res.send('ok');\n}", block)


def _controller_method(g: Grammar, block: Block) -> str:
    controller, method = g.constant(Kind.CONTROLLER, block), g.pick(METHODS_OF_CONTROLLERS)
    match g.count(0, 4):
        case 1:
            return f"{controller}.{method}.bind({controller})"
        case 2:
            return f"(req, res) => {controller}.{method}(req, res)"
        case 3:
            return f"async (req, res, next) => {{\n  await {controller}.{method}(req, res, next);\n}}"
        case 4:
            name = block.name(method)
            block.add(f"const {{ {method}{f': {name}' if name != method else ''} }} = {controller};")
            return name
    return f"{controller}.{method}"


def _wrapped_handler(g: Grammar, block: Block) -> str:
    return f"{in_parentheses(g.value(Kind.WRAPPER, block))}({g.value(Kind.HANDLER, block)})"


def _own_method(g: Grammar, block: Block) -> str:
    """A method of the class around, if there is one."""
    if block.cls is None:
        return _made_handler(g, block)
    name = block.cls.member(g.pick(("answer", "reply")))
    match g.count(0, 2):
        case 0:
            block.cls.methods.append(braced(f"{name}(req, res) ", ["res.json({});"]))
            return f"this.{name}.bind(this)"
        case 1 if not block.cls.is_late:
            block.cls.fields.append(braced(f"{name} = (req, res) => ", ["res.json({});"]) + ";")
            return f"this.{name}"
    block.cls.methods.append(braced(f"async {name}(req, res) ", ["res.json({});"]))
    return f"this.{name}"


def _made_handler(g: Grammar, block: Block) -> str:
    """A function that makes one."""
    parameters = Parameters(((Kind.PATH, block.name("text")),))
    function = g.function(block, parameters, lambda inner: _inline_handler(g, inner))
    return f"{in_parentheses(g.declared('answering', function, block))}('x')"


# Controllers


def _object_controller(g: Grammar, block: Block) -> str:
    form = g.pick(("{0}(req, res) {{\n  res.json('{0}');\n}}", "{0}: async (req, res) => {{\n  res.json('{0}');\n}}"))
    return braced("", [f"{form.format(method)}," for method in METHODS_OF_CONTROLLERS])


def _class_controller(g: Grammar, block: Block) -> str:
    cls = block.name(g.pick(("Pets", "Herds")))
    parameters = g.parameters(block)
    form = g.pick(("{0}(req, res) {{\n  res.json('{0}');\n}}", "{0} = (req, res) => {{\n  res.json('{0}');\n}};"))
    assigned = "this.{0} = (req, res) => {{\n  res.json('{0}');\n}};"
    texts = [form.format(method) for method in METHODS_OF_CONTROLLERS[1:]]
    kept = [f"this.{name} = {name};" for _, name in parameters.names]
    if g.flag():
        kept.append(assigned.format(METHODS_OF_CONTROLLERS[0]))
    else:
        texts.append(form.format(METHODS_OF_CONTROLLERS[0]))
    block.add(braced(f"class {cls} ", [braced(f"constructor({parameters.text}) ", kept), *texts]))
    return f"new {cls}({g.arguments(parameters, block)})"


def _functions_controller(g: Grammar, block: Block) -> str:
    """An object of functions that are made in several ways."""
    return "{ " + ", ".join(f"{method}: {g.value(Kind.HANDLER, block)}" for method in METHODS_OF_CONTROLLERS) + " }"


def _module_controller(g: Grammar, block: Block) -> str:
    """A file whose exports are the handlers."""
    module = g.module("controller")
    module.takes(METHODS_OF_CONTROLLERS)
    for method in METHODS_OF_CONTROLLERS:
        handler = g.value(Kind.HANDLER, module.body)
        module.body.add(f"export const {method} = {handler};" if g.is_esm else f"exports.{method} = {handler};")
    return whole(g, module, block)


def _prototype_controller(g: Grammar, block: Block) -> str:
    cls = block.name("Flocks")
    block.add(f"function {cls}() {{}}")
    for method in METHODS_OF_CONTROLLERS:
        block.add(f"{cls}.prototype.{method} = function (req, res) {{\n  res.json('{method}');\n}};")
    return f"new {cls}()"


def _derived_controller(g: Grammar, block: Block) -> str:
    """Some handlers come from a base class, one of them overridden; the constructor may bind them."""
    base, cls = block.name("Base"), block.name("Own")
    form = "{0}(req, res) {{\n  res.json('{0}');\n}}"
    block.add(braced(f"class {base} ", [form.format(method) for method in METHODS_OF_CONTROLLERS[:2]]))
    binding = g.pick(
        (
            ["this.list = this.list.bind(this);"],
            ["for (const name of ['list', 'create']) this[name] = this[name].bind(this);"],
            [],
        )
    )
    constructor = [braced("constructor() ", ["super();", *binding])] if binding else []
    block.add(braced(f"class {cls} extends {base} ", [*constructor, *map(form.format, METHODS_OF_CONTROLLERS[1:])]))
    return f"new {cls}()"


def _static_controller(g: Grammar, block: Block) -> str:
    cls = block.name("Statics")
    form = g.pick(
        ("static {0}(req, res) {{\n  res.json('{0}');\n}}", "static {0} = (req, res) => {{\n  res.json('{0}');\n}};")
    )
    block.add(braced(f"class {cls} ", [form.format(method) for method in METHODS_OF_CONTROLLERS]))
    return cls


def _wrapped_controller(g: Grammar, block: Block) -> str:
    """Every handler wrapped."""
    controller, wrapper = _functions_controller(g, block), g.constant(Kind.WRAPPER, block)
    return f"Object.fromEntries(Object.entries({controller}).map(([name, fn]) => [name, {wrapper}(fn)]))"


# Wrappers and middleware


def _wrapper(g: Grammar, block: Block) -> str:
    return g.pick(
        (
            "(fn) => (req, res, next) => {\n  Promise.resolve(fn(req, res, next)).catch(next);\n}",
            (
                "(fn) => async (req, res, next) => {\n  try {\n    await fn(req, res, next);\n  } catch (error) {\n"
                "    next(error);\n  }\n}"
            ),
            "(fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch((error) => next(error))",
            "(fn) => async (...all) => {\n  await fn(...all);\n}",
            (
                "function (fn) {\n  return async function wrapped(req, res, next) {\n    try {\n"
                "      return await fn(req, res, next);\n    } catch (error) {\n      return next(error);\n    }\n"
                "  };\n}"
            ),
            (
                "function (fn) {\n  return function (...all) {\n    return Promise.resolve(fn(...all)).catch(all[2]);\n"
                "  };\n}"
            ),
        )
    )


def _inline_middleware(g: Grammar, block: Block) -> str:
    return g.pick(
        (
            "(req, res, next) => next()",
            "(req, res, next) => {\n  req.user = {};\n  next();\n}",
            "function (req, res, next) {\n  if (!req.headers.token) return res.sendStatus(401);\n  next();\n}",
        )
    )


def _named_middleware(g: Grammar, block: Block) -> str:
    return g.declared(g.pick(("requireLogin", "audit")), "function (req, res, next) {\n  next();\n}", block)


def _allowed(g: Grammar, block: Block) -> str:
    return f"{in_parentheses(g.value(Kind.GUARD_FACTORY, block))}('{g.word()}')"


def _of_express(g: Grammar, block: Block) -> str:
    return f"{block.module.express}.{g.pick(('json()', 'urlencoded({ extended: true })'))}"


def _guard_factory(g: Grammar, block: Block) -> str:
    return g.pick(
        (
            "(role) => (req, res, next) => next()",
            "function (role) {\n  return function checkRole(req, res, next) {\n    next();\n  };\n}",
            (
                "(...roles) => {\n  const allowed = new Set(roles);\n  return (req, res, next) =>"
                " (allowed.has(req.role) ? next() : res.sendStatus(403));\n}"
            ),
        )
    )


def _chain(g: Grammar, block: Block) -> str:
    return f"[{', '.join(g.value(Kind.MIDDLEWARE, block) for _ in range(g.count(0, 2)))}]"


def _grown_chain(g: Grammar, block: Block) -> str:
    name = g.bound("guards", _chain(g, block), block)
    value = g.value(Kind.MIDDLEWARE, block)
    flag = _flag_or_none(g, block)
    block.add(f"if ({flag}) {name}.push({value});" if flag else f"{name}.push({value});")
    return name


def _optional_chain(g: Grammar, block: Block) -> str:
    flag = in_parentheses(g.value(Kind.FLAG, block))
    # What stands in both branches is one function: of two that were made alike no run can tell which it is.
    first, second = g.value(Kind.MIDDLEWARE, block), g.constant(Kind.MIDDLEWARE, block)
    return g.pick((f"[...({flag} ? [{first}] : []), {second}]", f"({flag} ? [{first}, {second}] : [{second}])"))


def _nested_chain(g: Grammar, block: Block) -> str:
    first, second = g.value(Kind.MIDDLEWARE, block), g.value(Kind.CHAIN, block)
    forms = (
        "[{0}, {1}].flat()",
        "[{0}, {1}]",
        "[{0}].concat({1}, [])",
        "[{0}, ...{2}].slice(0)",
        "[{0}].map((fn) => fn)",
    )
    return g.pick(forms).format(first, second, in_parentheses(second))


def _combined_chain(g: Grammar, block: Block) -> str:
    first, second = g.value(Kind.CHAIN, block), g.value(Kind.CHAIN, block)
    return g.pick(
        (f"[...{in_parentheses(first)}, ...{in_parentheses(second)}]", f"{in_parentheses(first)}.concat({second})")
    )


def _filtered_chain(g: Grammar, block: Block) -> str:
    flag = _flag_or_none(g, block) or "null"
    first, second = g.value(Kind.MIDDLEWARE, block), g.value(Kind.MIDDLEWARE, block)
    return f"[{flag} && {in_parentheses(first)}, {second}].filter(Boolean)"


# Paths, methods, flags


def _literal_path(g: Grammar, block: Block) -> str:
    form = g.pick(("/{0}", "/{0}/:id", "/{0}/all", "/:{0}"))
    return f"'{form.format(g.word())}'"


def _ending_path(g: Grammar, block: Block) -> str:
    return g.pick(("'/'", f"'/{g.word()}/'"))


def _composed_path(g: Grammar, block: Block) -> str:
    base = g.value(Kind.PREFIX, block)
    word = g.word()
    forms = (f"`${{{base}}}/{word}`", f"{in_parentheses(base)} + '/{word}'", f"[{base}, '{word}'].join('/')",
             f"{in_parentheses(base)}.concat('/{word}')", f"`${{{base}}}/${{'{word}'}}`")  # fmt: skip
    return g.pick(forms)


def _listed_path(g: Grammar, block: Block) -> str:
    """Of an object of constants."""
    paths = block.name("PATHS")
    block.add(f"const {paths} = Object.freeze({{ OWN: '/{g.word()}', other: {{ BASE: '/{g.word()}' }} }});")
    return g.pick((f"{paths}.OWN", f"{paths}.other.BASE", f"{paths}['OWN']"))


def _json_path(g: Grammar, block: Block) -> str:
    """From a file of settings."""
    if g.is_esm:
        return _listed_path(g, block)
    file = g.asset("config.json", f'{{ "api": {{ "base": "/{g.word()}", "all": ["/{g.word()}"] }} }}')
    return f"require('{block.module.specifier_of(file)}').api.{g.pick(('base', 'all[0]'))}"


def _computed_path(g: Grammar, block: Block) -> str:
    word = g.word()
    forms = ("'/{0}'.toLowerCase()", "['', '{0}', 'all'].join('/')", "'/{0}/x'.replace('/x', '')", "String('/{0}')",
             "'/{0}/x'.split('/x')[0]", "('/' + '{0}')", "`/${{['{0}'][0]}}`", "'/{0}'.trim()")  # fmt: skip
    return g.pick(forms).format(word)


def _configured_path(g: Grammar, block: Block) -> str:
    word = g.word()
    if g.flag():
        name = block.name(f"{word.upper()}_PATH")
        block.add(f"const {{ {name} = '/{word}' }} = process.env;")
        return name
    return f"(process.env.{word.upper()}_PATH {g.pick(('||', '??'))} '/{word}')"


def _method(g: Grammar, block: Block) -> str:
    return f"'{g.pick(('get', 'post', 'put', 'delete'))}'"


def _computed_method(g: Grammar, block: Block) -> str:
    return f"'{g.pick(('GET', 'POST', 'PATCH'))}'.toLowerCase()"


def _environment(g: Grammar, block: Block) -> str:
    name = g.environment_flag()
    if name is None:
        return g.pick(("true", "false"))
    variable = f"process.env.{name}"
    return g.pick(
        (
            variable,
            f"{variable} === '1'",
            f"{variable} !== '1'",
            f"!{variable}",
            f"Boolean({variable})",
            f"['1', 'yes'].includes({variable})",
            f"!!{variable}",
            f"{variable} && true",
            f"{variable} !== undefined",
            f"typeof {variable} !== 'undefined'",
            f"'{name}' in process.env",
            f"Number({variable}) === 1",
            f"process.env['{name}'] == 1",
            f"({variable} || 'no') === '1'",
            f"({variable} || '0') !== '0'",
        )
    )


def _flag_or_none(g: Grammar, block: Block) -> str | None:
    return in_parentheses(g.value(Kind.FLAG, block)) if g.flag() else None


# Routers and applications


def _plain_router(g: Grammar, block: Block) -> str:
    router = g.bound("router", _new_router(g, block), block)
    registrations(g, block, router)
    return router


def _new_router(g: Grammar, block: Block) -> str:
    express = block.module.express
    return g.pick((f"{express}.Router()", f"new {express}.Router()", f"{express}.Router({{ mergeParams: true }})"))


def _chained_router(g: Grammar, block: Block) -> str:
    calls = []
    for _ in range(g.count(1, 3)):
        match g.count(0, 2):
            case 0:
                calls.append(f"\n  .get({g.value(Kind.PATH, block)}, {g.value(Kind.HANDLER, block)})")
            case 1:
                calls.append(f"\n  .use({g.value(Kind.MIDDLEWARE, block)})")
            case _:
                calls.append(f"\n  .use({g.value(Kind.PATH, block)}, {g.value(Kind.ROUTER, block)})")
    return f"{block.module.express}.Router(){''.join(calls)}"


def _class_router(g: Grammar, block: Block) -> str:
    """An instance whose constructor fills ``this.router``."""
    cls = block.name(g.pick(("Routes", "Api")))
    text = ClassText(cls)
    parameters = g.parameters(block)
    inner = block.child(is_async=False, keeps_this=False)
    inner.cls = text
    made = _new_router(g, inner)
    constructor: list[str] = []
    if g.flag():
        text.fields.append(f"router = {made};")
    else:
        constructor.append(f"this.router = {made};")
    constructor += [f"this.{name} = {name};" for _, name in parameters.names]
    if g.flag():
        inner.known += [(kind, f"this.{name}") for kind, name in parameters.names]
        registrations(g, inner, "this.router")
        text.methods.append(braced("setUp() ", [inner.text]))
        constructor.append("this.setUp();")
    else:
        inner.known += parameters.names
        registrations(g, inner, "this.router")
        constructor.append(inner.text)
    text.methods.insert(0, braced(f"constructor({parameters.text}) ", constructor))
    access = g.pick((".router", ".routes", ".build()"))
    text.methods += {".router": [], ".routes": ["get routes() {\n  return this.router;\n}"]}.get(
        access, ["build() {\n  return this.router;\n}"]
    )
    block.add(text.text())
    return f"new {cls}({g.arguments(parameters, block)}){access}"


def _derived_router(g: Grammar, block: Block) -> str:
    """A subclass registers through a method of its base, or is called back by it."""
    base, cls = block.name("BaseRoutes"), block.name("OwnRoutes")
    text = ClassText(cls)
    inner = block.child(is_async=False, keeps_this=False)
    inner.cls = text
    text.is_late = g.flag()
    made = _new_router(g, block)
    paths = [(g.value(Kind.METHOD, inner), g.value(Kind.PATH, inner), g.value(Kind.HANDLER, inner))]
    registrations(g, inner, "this.router", most=2)
    calls = [f"this.route({{ method: {m}, path: {p}, handler: {h} }});" for m, p, h in paths]
    route = braced("route({ method, path, handler, before = [] }) ", ["this.router[method](path, ...before, handler);"])
    if text.is_late:
        block.add(braced(f"class {base} ", [f"constructor() {{\n  this.router = {made};\n  this.setUp();\n}}", route]))
        text.methods.append(braced("setUp() ", [inner.text, *calls]))
    else:
        block.add(braced(f"class {base} ", [f"constructor() {{\n  this.router = {made};\n}}", route]))
        text.methods.append(braced("constructor() ", ["super();", inner.text, *calls]))
    block.add(text.text(base))
    return f"new {cls}().router"


def _resource_router(g: Grammar, block: Block) -> str:
    """A function that makes the same routes for any controller."""
    name = block.name("resource")
    inner = block.child(is_async=False, keeps_this=False)
    router = inner.name("router")
    lines = [
        f"const {router} = {_new_router(g, inner)};",
        f"{router}.get('/', controller.list);",
        f"{router}.get('/:id', ...before, controller.show);",
        f"{router}.post('/', (req, res) => controller.create(req, res));",
        f"return {router};",
    ]
    block.add(braced(f"function {name}(controller, before = []) ", lines))
    given = [g.value(Kind.CONTROLLER, block)] + ([g.value(Kind.CHAIN, block)] if g.flag() else [])
    return f"{name}({', '.join(given)})"


def _static_router(g: Grammar, block: Block) -> str:
    """A class that is never made."""
    cls, inner = block.name("Herd"), block.child(is_async=False, keeps_this=False)
    router = g.bound("router", _new_router(g, inner), inner)
    registrations(g, inner, router)
    head, access = g.pick((("static Router() ", ".Router()"), ("static get Router() ", ".Router")))
    block.add(braced(f"class {cls} ", [braced(head, [inner.text, f"return {router};"])]))
    return f"{cls}{access}"


def _super_router(g: Grammar, block: Block) -> str:
    """A method that adds to what its base has registered."""
    base, cls = block.name("BaseApi"), block.name("OwnApi")
    blocks, router = [], block.name("router")
    for _ in range(2):
        inner = block.child(is_async=False, keeps_this=False)
        registrations(g, inner, router, most=2)
        blocks.append(inner.text)
    made, head = _new_router(g, block), f"register({router}) "
    build = braced("build() ", [f"const own = {made};", "this.register(own);", "return own;"])
    block.add(braced(f"class {base} ", [build, braced(head, blocks[:1])]))
    block.add(braced(f"class {cls} extends {base} ", [braced(head, [f"super.register({router});", blocks[1]])]))
    return f"new {cls}().build()"


def _own_router(g: Grammar, block: Block) -> str:
    """A class of the program's own that registers on a router."""
    cls = block.name("Registry")
    made, wrapper = _new_router(g, block), g.constant(Kind.WRAPPER, block)
    functions = g.pick(("...functions", "functions", f"...functions.map({wrapper})"))
    methods = [f"constructor() {{\n  this.router = {made};\n}}"]
    method = "{0}(path, ...functions) {{\n  this.router.{0}(path, {1});\n  return this;\n}}"
    methods += [method.format(verb, functions) for verb in ("get", "post")]
    block.add(braced(f"class {cls} ", methods))
    calls = [f".{verb}({g.value(Kind.PATH, block)}, {g.value(Kind.HANDLER, block)})" for verb in ("get", "post")]
    return f"new {cls}(){''.join(calls[: g.count(1, 2)])}.router"


def _loaded_router(g: Grammar, block: Block) -> str:
    """A folder whose files are routers."""
    if g.is_esm:
        return _static_router(g, block)
    folder, router, file = f"{g.word()}Routes", block.name("router"), block.name("file")
    for _ in range(g.count(1, 2)):
        module = g.module_at(f"{folder}/{g.word()}.js")
        module.body.add(f"module.exports = {g.value(Kind.ROUTER, module.body)};")
    fs, path = block.module.library("fs"), block.module.library("path")
    place = f"{path}.join(__dirname, '{block.module.specifier_of(folder)}')"
    use, name = (
        f"{router}.use(`/${{{file}.replace('.js', '')}}`, require(`${{{place}}}/${{{file}}}`));",
        f"{fs}.readdirSync({place})",
    )
    shown, stem = f"{file}.replace('.js', '')", f"{path}.parse({file}).name"
    block.add(f"const {router} = {_new_router(g, block)};")
    block.add(
        g.pick(
            (
                braced(f"{name}.forEach(({file}) => ", [use]) + ");",
                braced(f"for (const {file} of {name}) ", [use]),
                braced(f"{name}.filter(({file}) => {file}.endsWith('.js')).forEach(({file}) => ", [use]) + ");",
                braced(f"{name}.forEach(({file}) => ",
                       [f"if ({path}.extname({file}) !== '.js') return;", use.replace(shown, stem)]) + ");",
            )
        )
    )  # fmt: skip
    return router


def _either_router(g: Grammar, block: Block) -> str:
    flag = in_parentheses(g.value(Kind.FLAG, block))
    first, second = in_parentheses(g.value(Kind.ROUTER, block)), in_parentheses(g.value(Kind.ROUTER, block))
    name = block.name("router")
    match g.count(0, 2):
        case 0:
            return f"({flag} ? {first} : {second})"
        case 1:
            block.add(f"let {name} = {first};\nif ({flag}) {name} = {second};")
        case _:
            block.add(f"let {name};\nif ({flag}) {{\n  {name} = {first};\n}} else {{\n  {name} = {second};\n}}")
    return name


def _sub_application(g: Grammar, block: Block) -> str:
    application = g.bound("sub", f"{block.module.express}()", block)
    registrations(g, block, application)
    return application


def _registered_router(g: Grammar, block: Block) -> str:
    """A router that something else fills."""
    router = g.bound("router", _new_router(g, block), block)
    block.add(f"{in_parentheses(g.value(Kind.REGISTRAR, block))}({router});")
    return router


def _application(g: Grammar, block: Block) -> str:
    application = g.bound("app", f"{block.module.express}()", block)
    registrations(g, block, application, least=2)
    return application


def _class_application(g: Grammar, block: Block) -> str:
    """``this.app``, filled by methods."""
    cls = block.name("Server")
    text = ClassText(cls)
    parts, calls = [], []
    for name in ("middleware", "routes")[: g.count(1, 2)]:
        inner = block.child(is_async=False, keeps_this=False)
        inner.cls = text
        registrations(g, inner, "this.app")
        parts.append(braced(f"{name}() ", [inner.text]))
        calls.append(f"this.{name}();")
    text.methods.append(braced("constructor() ", [f"this.app = {block.module.express}();", *calls]))
    text.methods += parts
    block.add(text.text())
    return f"new {cls}().app"


# What registers


def _registrar(g: Grammar, block: Block) -> str:
    target = block.name(g.pick(("app", "server")))

    def write(inner: Block) -> str:
        registrations(g, inner, target)
        return ""

    return g.function(block, Parameters(((Kind.METHOD, target),)), write)


def _guarded_registrar(g: Grammar, block: Block) -> str:
    """One that returns early."""
    target = block.name("app")

    def write(inner: Block) -> str:
        registrations(g, inner, target, most=2)
        inner.add(f"if ({g.value(Kind.FLAG, inner)}) return;")
        registrations(g, inner, target, most=2)
        return ""

    return g.function(block, Parameters(((Kind.METHOD, target),)), write)


def _object_registrar(g: Grammar, block: Block) -> str:
    """A method of an object, or of an instance."""
    target, inner = block.name("app"), block.child(is_async=False, keeps_this=False)
    registrations(g, inner, target)
    owner = block.name("feature")
    if g.flag():
        block.add(f"const {owner} = {{\n{braced(f'register({target}) ', [inner.text])},\n}};")
    else:
        block.add(braced(f"class {owner.capitalize()} ", [braced(f"register({target}) ", [inner.text])]))
        block.add(f"const {owner} = new {owner.capitalize()}();")
    return g.pick((f"{owner}.register", f"{owner}.register.bind({owner})", f"(app) => {owner}.register(app)"))


def _nested_registrar(g: Grammar, block: Block) -> str:
    """One that calls others."""
    first, second = g.constant(Kind.REGISTRAR, block), g.constant(Kind.REGISTRAR, block)
    name = block.name("app")
    return f"({name}) => {{\n  {first}({name});\n  {second}({name});\n}}"


def _grown_mounts(g: Grammar, block: Block) -> str:
    """Added to under a condition, or taken from."""
    name, flag = g.bound("mounts", _mounts(g, block), block), _flag_or_none(g, block) or "true"
    item = f"{{ path: {g.value(Kind.PATH, block)}, router: {g.value(Kind.ROUTER, block)} }}"
    match g.count(0, 2):
        case 0:
            block.add(f"if ({flag}) {name}.push({item});")
            return name
        case 1:
            return f"[...{name}, {flag} && {item}].filter(Boolean)"
    return f"[...{name}, ...({flag} ? [{item}] : [])]"


def _mounts(g: Grammar, block: Block) -> str:
    items = [
        f"{{ path: {g.value(Kind.PATH, block)}, router: {g.value(Kind.ROUTER, block)} }}" for _ in range(g.count(1, 3))
    ]
    return braced_list(items)


def braced_list(items: Sequence[str]) -> str:
    """A list over several lines."""
    return "[\n" + "\n".join(f"  {item}," for item in items) + "\n]"


def _mapped_mounts(g: Grammar, block: Block) -> str:
    """The same from an object whose keys are paths."""
    items = [f"'/{g.word()}': {g.value(Kind.ROUTER, block)}" for _ in range(g.count(1, 2))]
    return f"Object.entries({{ {', '.join(items)} }}).map(([path, router]) => ({{ path, router }}))"


def _joined_mounts(g: Grammar, block: Block) -> str:
    return f"[...{in_parentheses(g.value(Kind.MOUNTS, block))}, ...{in_parentheses(g.value(Kind.MOUNTS, block))}]"


MAKERS: Mapping[Kind, Sequence[Maker]] = {
    Kind.HANDLER: (_inline_handler, _named_handler, _controller_method, _wrapped_handler, _own_method, _made_handler),
    Kind.CONTROLLER: (
        _object_controller,
        _class_controller,
        _functions_controller,
        _module_controller,
        _prototype_controller,
        _derived_controller,
        _static_controller,
        _wrapped_controller,
    ),
    Kind.WRAPPER: (_wrapper,),
    Kind.MIDDLEWARE: (_inline_middleware, _named_middleware, _allowed, _of_express),
    Kind.GUARD_FACTORY: (_guard_factory,),
    Kind.CHAIN: (_chain, _grown_chain, _combined_chain, _filtered_chain, _optional_chain, _nested_chain),
    Kind.PATH: (
        _literal_path,
        _ending_path,
        _composed_path,
        _configured_path,
        _listed_path,
        _json_path,
        _computed_path,
    ),
    Kind.PREFIX: (_literal_path, _composed_path, _configured_path),
    Kind.METHOD: (_method, _computed_method),
    Kind.FLAG: (_environment,),
    Kind.ROUTER: (
        _plain_router,
        _chained_router,
        _class_router,
        _derived_router,
        _resource_router,
        _registered_router,
        _sub_application,
        _either_router,
        _static_router,
        _super_router,
        _own_router,
        _loaded_router,
    ),
    Kind.APPLICATION: (_application, _class_application),
    Kind.REGISTRAR: (_registrar, _guarded_registrar, _object_registrar, _nested_registrar),
    Kind.MOUNTS: (_mounts, _mapped_mounts, _joined_mounts, _grown_mounts),
}
