"""The code of a repository is read, parsed and lowered on demand, and dropped trees change nothing."""

from collections import Counter

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.extract.store import KEPT_BYTES, CodeStore
from medpro_audit.facts import ir
from medpro_audit.facts.inventory import SourceFile

SOURCE = b"const a = require('./b');\nfunction f(x) { return x + 1; }\nexports.f = f;\n"
FILLER = b"// " + b"x" * (KEPT_BYTES // 3) + b"\n"


class Files:
    """Files in memory, and how often each was read."""

    def __init__(self, contents: dict[str, bytes | Notice]) -> None:
        self._contents = contents
        self.reads: Counter[str] = Counter()

    def store(self) -> CodeStore:
        """A store of these files."""
        return CodeStore({path: SourceFile(path, 0, "javascript") for path in self._contents}, self.read)

    def read(self, source: SourceFile) -> bytes | Notice:
        """Read one, and count it."""
        self.reads[source.path] += 1
        return self._contents[source.path]


def body_of(store: CodeStore, path: str) -> tuple[ir.Statement, ...]:
    """The body of the first function that a file declares."""
    function = next(node.function for node in store.module(path) if isinstance(node, ir.DeclareFunction))
    assert function.body is None
    return store.body(path, function.start, function.end)


def test_a_file_is_read_once_for_all_that_is_asked_of_it() -> None:
    """Facts, top level, bodies, snippets."""
    files = Files({"a.js": SOURCE})
    store = files.store()
    assert files.reads["a.js"] == 0
    facts = store.facts("a.js")
    assert facts is not None
    assert [fact.specifier for fact in facts.imports] == ["./b"]
    assert isinstance(body_of(store, "a.js")[0], ir.Return)
    assert store.snippet("a.js", 0, 7) == "const a"
    assert (store.facts("a.js"), files.reads["a.js"]) == (facts, 1)


def test_trees_that_were_dropped_are_made_again() -> None:
    """More files than are kept: every answer is what it would have been."""
    names = [f"{index}.js" for index in range(8)]
    contents: dict[str, bytes | Notice] = dict.fromkeys(names, SOURCE + FILLER)
    files = Files(contents)
    store = files.store()
    for name in names:
        store.facts(name)
    crowded = [(store.module(name), body_of(store, name), store.snippet(name, 0, 7)) for name in names]
    assert max(files.reads.values()) > 1
    alone = [Files({name: SOURCE + FILLER}).store() for name in names]
    assert crowded == [
        (one.module(name), body_of(one, name), one.snippet(name, 0, 7)) for one, name in zip(alone, names, strict=True)
    ]


def test_files_whose_code_nobody_asks_for_are_dropped_first() -> None:
    """However many are looked into for their facts, those that a program consists of are parsed once."""
    contents: dict[str, bytes | Notice] = dict.fromkeys(
        ("app.js", *map("{}.test.js".format, range(8))), SOURCE + FILLER
    )
    files = Files(contents)
    store = files.store()
    store.module("app.js")
    for name in contents:
        store.facts(name)
    body_of(store, "app.js")
    assert set(files.reads.values()) == {1}


def test_a_snippet_needs_no_tree() -> None:
    """The text is read, not parsed; a character that is cut in two is replaced."""
    store = Files({"a.js": "é = (".encode()}).store()
    assert (store.snippet("a.js", 0, 2), store.snippet("a.js", 1, 3)) == ("é", "\ufffd ")


def test_a_file_that_can_not_be_read_is_told_once() -> None:
    """It says nothing, and nothing else breaks."""
    notice = Notice("unreadable", "permission denied", Place("a.js", 0))
    store = Files({"a.js": notice}).store()
    assert (store.facts("a.js"), store.module("a.js"), store.snippet("a.js", 0, 9)) == (None, (), "")
    assert store.facts("a.js") is None
    assert store.notices == [notice]


def test_a_file_that_is_not_there_says_nothing() -> None:
    """Asked for by a path that no inventory lists."""
    store = Files({}).store()
    assert (store.facts("x.js"), store.module("x.js"), store.body("x.js", 0, 9), store.notices) == (None, (), (), [])


def test_a_range_that_is_no_function_has_no_body() -> None:
    """Whatever is asked."""
    store = Files({"a.js": SOURCE}).store()
    assert [store.body("a.js", start, end) for start, end in ((0, 5), (0, 9_999), (40, 41))] == [(), (), ()]
