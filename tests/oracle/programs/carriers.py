"""Carriers: idioms that hand any value on, whatever it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oracle.programs.grammar import Grammar, Parameters, Write, in_parentheses, member
from oracle.programs.modules import through_barrel, through_module
from oracle.programs.source import Block, ClassText, Kind, braced

Carrier = Callable[[Grammar, str, Write, Block], str]


def _constant(g: Grammar, stem: str, write: Write, block: Block) -> str:
    return g.bound(stem, write(block), block)


def _assigned(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A variable that gets its value later, perhaps in a block."""
    name = block.name(stem)
    inner = block.child()
    value = write(inner)
    inner.add(f"{name} = {value};")
    head, tail = g.pick([("", ""), ("if (true) ", ""), ("try ", " catch (error) {\n  throw error;\n}")])
    block.add(f"let {name};")
    block.add(braced(head, [inner.text]) + tail)
    return name


def _called(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A function that makes it, with what is injected into it."""
    is_async = block.is_async and g.flag()
    parameters = g.parameters(block)
    function = g.carried(
        f"make{stem.capitalize()}", lambda outer: g.function(outer, parameters, write, is_async=is_async), block
    )
    if not g.flag() and "\n" in function:
        function = g.declared(f"make{stem.capitalize()}", function, block)
    call = f"{in_parentheses(function)}({g.arguments(parameters, block)})"
    return f"await {call}" if is_async else call


def _handed_over(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A parameter that is given back."""
    name = block.name(stem)
    value = write(block)
    form = g.pick(["({0}) => {0}", "function ({0}) {{ return {0}; }}", "(...{0}) => {0}[0]", "({{ {0} }}) => {0}"])
    argument = f"{{ {name}: {value} }}" if "({ " in form.format(name) else value
    return f"({form.format(name)})({argument})"


def _property(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A property of an object, perhaps two deep, perhaps by way of a copy."""
    name, owner = block.name(stem), block.name("bag")
    value = write(block)
    inner = f"{{ {name}: {value} }}"
    match g.count(0, 6):
        case 0:
            block.add(f"const {owner} = {inner};")
            return g.pick([f"{owner}.{name}", f"{owner}['{name}']"])
        case 1:
            block.add(f"const {owner} = {{ inner: {inner} }};")
            return f"{owner}.inner.{name}"
        case 2:
            block.add(f"const {{ {name} }} = {inner};")
            return name
        case 3:
            block.add(f"const {owner} = {{}};")
            block.add(f"{owner}.{name} = {value};")
            return f"{owner}.{name}"
        case 4:
            block.add(f"const {owner} = {{ ...{inner}, other: null }};")
            return f"{owner}.{name}"
        case 5:
            block.add(f"const {owner} = Object.assign({{}}, {inner});")
            return f"{owner}.{name}"
    block.add(f"const {{ {name}: {owner} }} = {g.pick(['', 'Object.freeze'])}({inner});")
    return owner


def _element(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """An element of a collection."""
    value = write(block)
    name = block.name(stem)
    match g.count(0, 3):
        case 0:
            block.add(f"const [{name}] = [{value}];")
            return name
        case 1:
            block.add(f"const {name} = [];")
            block.add(f"{name}.push({value});")
            return g.pick([f"{name}[0]", f"{name}.pop()", f"{name}.shift()", f"{name}.at(-1)"])
        case 2:
            block.add(f"const {name} = new Map();")
            block.add(f"{name}.set('own', {value});")
            return f"{name}.get('own')"
    return g.pick(_FROM_COLLECTIONS).format(name, value)


_FROM_COLLECTIONS = (
    "new Map([['{0}', {1}]]).get('{0}')",
    "Object.values({{ {0}: {1} }})[0]",
    "[null, {1}].find(Boolean)",
    "[{1}].reduce((before, {0}) => {0}, null)",
    "Object.entries({{ {0}: {1} }}).map(([, own]) => own)[0]",
    "Object.fromEntries([['{0}', {1}]]).{0}",
    "[{1}].map(({0}) => {0})[0]",
    "[[{1}]].flat()[0]",
    "[null, {1}].slice(1)[0]",
    "Array.from([{1}])[0]",
    "[...new Set([{1}])][0]",
    "((...all) => all[all.length - 1])(null, {1})",
)


def _chosen(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """One of two, where it is clear which."""
    value = write(block)
    forms = ["null ?? {}", "undefined || {}", "true && {}", "true ? {} : null", "1 > 2 ? null : {}"]
    if "express." not in value:  # what a package makes might be nothing, for all that is known
        forms.append("{} || null")
    needs_parentheses = "=>" in value or "?" in value
    return f"({g.pick(forms).format(f'({value})' if needs_parentheses else value)})"


def _defaulted(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """The default of a parameter that is not given."""
    value, name = _anywhere(g, stem, write(block), block), block.name(stem)
    forms = ("(({0} = {1}) => {0})()", "(({{ {0} = {1} }} = {{}}) => {0})()", "(({{ {0} = {1} }}) => {0})({{}})",
             "(function (other, {0} = {1}) {{ return {0}; }})()")  # fmt: skip
    return g.pick(forms).format(name, value)


def _decided(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A variable that gets its value on one way of several, where it is clear which."""
    name = block.name(stem)
    inner = block.child()
    value = write(inner)
    heads = (("switch ('b') {{\n  case 'a':\n    {0} = null;\n    break;\n  case 'b': {{", "  }}\n}}"),
             ("for (const own of ['a', 'b']) {{\n  if (own === 'a') continue;", "  break;\n}}"),
             ("if (!{0}) {{", "}}"),
             ("do {{", "}} while (!{0});"),
             ("if (1 > 2) {{\n  {0} = null;\n}} else {{", "}}"))  # fmt: skip
    head, tail = (text.format(name) for text in g.pick(heads))
    operator = "=" if g.flag() else "??="
    inner.add(f"{name} {operator} {value};")
    block.add(f"let {name};\n{head}\n{inner.text}\n{tail}")
    return name


def _object_method(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A method or getter of an object literal."""
    owner, inner = block.name("bag"), block.child(is_async=False, keeps_this=False)
    value = write(inner)
    head, access = g.pick((("own() ", "own()"), ("get own() ", "own"), ("own: () => ", "own()")))
    block.add(f"const {owner} = {braced('', [braced(head, [inner.text, f'return {value};'])])};")
    return f"{owner}.{access}"


def _told(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A variable of a module that a function sets and another one hands out."""
    kept, tell, ask = block.name(stem), block.name(f"tell{stem.capitalize()}"), block.name(f"ask{stem.capitalize()}")
    block.add(f"let {kept};\nfunction {tell}(own) {{\n  {kept} = own;\n}}\nconst {ask} = () => {kept};")
    block.add(f"{tell}({write(block)});")
    return f"{ask}()"


def _contained(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A container that is asked by name."""
    cls, container = block.name("Container"), block.name("container")
    inner = block.child(is_async=False)
    value = write(inner)
    made = f"() => {in_parentheses(value)}" if inner.is_empty else braced("() => ", [inner.text, f"return {value};"])
    store = g.pick(("this.makers[name] = make;", "this.makers = { ...this.makers, [name]: make };"))
    block.add(
        braced(
            f"class {cls} ",
            [
                "makers = {};",
                f"register(name, make) {{\n  {store}\n  return this;\n}}",
                "resolve(name) {\n  return this.makers[name](this);\n}",
            ],
        )
    )
    block.add(f"const {container} = new {cls}();")
    block.add(f"{container}.register('{stem}', {made});")
    return f"{container}.resolve('{stem}')"


def _prototype(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A method of a function's prototype."""
    cls, inner = block.name(f"Old{stem.capitalize()}"), block.child(is_async=False, keeps_this=False)
    value = write(inner)
    block.add(f"function {cls}() {{\n  this.name = '{stem}';\n}}")
    block.add(braced(f"{cls}.prototype.own = function () ", [inner.text, f"return {value};"]) + ";")
    return f"new {cls}().own()"


def _inherited(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A method that calls the one it overrides."""
    base, cls = block.name(f"Base{stem.capitalize()}"), block.name(f"Own{stem.capitalize()}")
    inner = block.child(is_async=False, keeps_this=False)
    value = write(inner)
    block.add(braced(f"class {base} ", [braced("own() ", [inner.text, f"return {value};"])]))
    block.add(f"class {cls} extends {base} {{\n  own() {{\n    return super.own();\n  }}\n}}")
    return f"new {cls}().own()"


def _handed_this(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """What a function finds in the ``this`` it is given."""
    value = write(block)
    call = g.pick((f"bind({{ own: {value} }})()", f"call({{ own: {value} }})", f"apply({{ own: {value} }}, [])"))
    return f"(function () {{ return this.own; }}).{call}"


def _continued(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """What a function calls back with."""
    provide, name = block.name("provide"), block.name(stem)
    value = _anywhere(g, stem, write(block), block)
    block.add(f"function {provide}(done) {{\n  return done(null, {value});\n}}")
    return f"{provide}((error, {name}) => {name})"


def _anywhere(g: Grammar, stem: str, value: str, block: Block) -> str:
    """An expression that means the same within any function."""
    return g.bound(stem, value, block) if "await" in value or "this" in value else value


def _lazy(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """Made at the first call, kept for the others."""
    kept, getter = block.name(stem), block.name(f"get{stem.capitalize()}")
    inner = block.child(is_async=False, keeps_this=False)
    value = write(inner)
    inner.add(f"{kept} = {value};")
    block.add(f"let {kept};")
    block.add(braced(f"function {getter}() ", [braced(f"if (!{kept}) ", [inner.text]), f"return {kept};"]))
    return f"{getter}()"


def _instance(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """What an instance of a class has: field, property, getter or method, its own or inherited."""
    parameters = g.parameters(block)
    cls, access = block.name(f"{stem.capitalize()}Holder"), g.pick(["{}", "{}", "{}()"])
    text = ClassText(cls)
    inner = block.child(is_async=False, keeps_this=False)
    inner.cls = text
    name = text.member(f"own{stem.capitalize()}")
    if g.flag():
        constructor = [f"this.{given} = {given};" for _, given in parameters.names]
        inner.known += [(kind, f"this.{given}") for kind, given in parameters.names]
        value = write(inner)
        body = [inner.text, f"return {value};"] if not inner.is_empty else [f"return {value};"]
        text.methods.insert(0, braced(f"constructor({parameters.text}) ", constructor))
        text.methods.append(braced(f"{'' if '()' in access else 'get '}{name}() ", body))
    else:
        inner.known += parameters.names
        value = write(inner)
        access = "{}"
        text.methods.insert(0, braced(f"constructor({parameters.text}) ", [inner.text, f"this.{name} = {value};"]))
    block.add(text.text())
    made = f"new {_descendant(g, cls, block)}({g.arguments(parameters, block)})"
    if g.flag():
        made = g.bound("holder", made, block)
    return f"{made}.{access.format(name)}"


def _descendant(g: Grammar, cls: str, block: Block) -> str:
    """The class, or one that extends it."""
    if not g.flag():
        return cls
    name = block.name(f"Sub{cls}")
    body = g.pick([[], ["constructor(...given) { super(...given); this.own = true; }"], ["other() { return null; }"]])
    block.add(braced(f"class {name} extends {cls} ", body))
    return name


def _overridden(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """What a base class asks its subclass for."""
    base, cls, name = block.name(f"Base{stem.capitalize()}"), block.name(f"Own{stem.capitalize()}"), stem
    inner = block.child(is_async=False, keeps_this=False)
    inner.cls = text = ClassText(cls)
    text.member(name)
    text.member("ask")
    hook = g.pick(["throw new Error('not implemented');", "return null;"])
    ask = g.pick([braced("ask() ", [f"return this.{name}();"]), braced("get asked() ", [f"return this.{name}();"])])
    block.add(braced(f"class {base} ", [ask, braced(f"{name}() ", [hook])]))
    value = write(inner)
    text.methods.append(braced(f"{name}() ", [inner.text, f"return {value};"]))
    block.add(text.text(base))
    return f"new {cls}().{'ask()' if ask.startswith('ask') else 'asked'}"


def _static(g: Grammar, stem: str, write: Write, block: Block) -> str:
    """A static member."""
    cls = block.name(f"{stem.capitalize()}Store")
    match g.count(0, 2):
        case 0:
            value = write(block.detached())
            block.add(braced(f"class {cls} ", [f"static {stem} = {value};"]))
        case 1:
            inner = block.child(is_async=False, keeps_this=False)
            value = write(inner)
            block.add(braced(f"class {cls} ", [braced(f"static {stem}() ", [inner.text, f"return {value};"])]))
            return f"{cls}.{stem}()"
        case _:
            inner = block.child(is_async=False, keeps_this=False)
            value = write(inner)
            block.add(braced(f"class {cls} ", [braced(f"static get {stem}() ", [inner.text, f"return {value};"])]))
    return f"{cls}.{stem}"


def _awaited(g: Grammar, stem: str, write: Write, block: Block) -> str:
    value = write(block)
    name = block.name(stem)
    forms = ["await {0}", "await Promise.resolve({0})", "await Promise.resolve({0}).then(({1}) => {1})",
             "(await Promise.all([{0}]))[0]"]  # fmt: skip
    if "await" not in value:
        forms.append("await new Promise((resolve) => resolve({0}))")
    return g.pick(forms).format(in_parentheses(value), name)


_ALWAYS: Sequence[Carrier] = (
    _constant,
    through_module,
    _called,
    _property,
    through_barrel,
    _assigned,
    _instance,
    _element,
    _static,
    _handed_over,
    _chosen,
    _lazy,
    _overridden,
    _defaulted,
    _decided,
    _object_method,
    _told,
    _contained,
    _prototype,
    _inherited,
    _handed_this,
    _continued,
)


def carriers_of(kind: Kind | None, block: Block) -> Sequence[Carrier]:
    """Carriers that can be used for a kind of value in a block, the simplest first."""
    found = list(_ALWAYS)
    if kind is Kind.FLAG:
        found = [carrier for carrier in found if carrier not in _FOR_OBJECTS]
    if block.is_async:
        found.append(_awaited)
    return found


_FOR_OBJECTS = {_element, _chosen, _lazy, _decided, _defaulted}
"""Carriers that need something truthy."""

__all__ = ["Parameters", "carriers_of", "member"]
