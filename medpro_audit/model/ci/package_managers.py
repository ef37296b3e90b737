"""What a package manager is asked for: a script, a program, in which packages."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

MANAGERS = frozenset(("npm", "yarn", "pnpm", "bun"))

_FOLDER = frozenset(("--prefix", "-C", "--cwd", "--dir"))
_SELECTING = frozenset(("--workspace", "-w", "--filter", "-F", "--include", "--scope"))
_EVERYWHERE = frozenset(("--workspaces", "-ws", "-r", "--recursive", "-A", "--all"))
_TESTING = frozenset(("test", "t", "tst"))
_OWN = frozenset(
    (
        *("add", "audit", "autoclean", "bin", "cache", "check", "ci", "clean-install", "config", "create"),
        *("dedupe", "deploy", "exec", "fetch", "help", "i", "import", "info", "init", "install", "install-test"),
        *("licenses", "link", "list", "ls", "outdated", "pack", "patch", "pkg", "plugin", "prune", "publish"),
        *("rebuild", "remove", "set", "store", "unlink", "up", "update", "upgrade", "version", "view", "why"),
    )
)
"""Commands of package managers that are no scripts."""


class Asked(Struct, frozen=True):
    """What a package manager is asked for; with neither script nor program it works for itself."""

    script: str = ""
    program: str = ""
    arguments: tuple[str, ...] = ()
    folder: str = ""
    """Relative to where it is started."""
    packages: tuple[str, ...] = ()
    """Names or folders of the packages in which it is to be done."""
    is_everywhere: bool = False
    """In all packages below."""
    is_optional: bool = False
    """A script that does not exist is no fault: ``--if-present``."""
    may_be_program: bool = False
    """It may mean a program of that name just as well: ``yarn eslint``."""


def asked_of(name: str, words: Sequence[str]) -> Asked:
    """Read the command line of a package manager."""
    return _Line(name, words).read()


class _Line:
    def __init__(self, name: str, words: Sequence[str]) -> None:
        self._name = name
        self._rest = list(words)
        self._folder = ""
        self._packages: list[str] = []
        self._is_everywhere = False
        self._is_optional = False

    def read(self) -> Asked:
        command = self._word()
        if self._name == "yarn" and command == "workspace":
            self._packages.append(self._word())
            command = self._word()
        elif self._name == "yarn" and command == "workspaces":
            self._is_everywhere = True
            command = self._word()
            command = self._word() if command == "foreach" else "run"
        if command in {"run", "run-script"}:
            return self._made(script=self._word())
        if command in {"exec", "dlx", "x"}:
            return self._made(program=self._word())
        if command in _TESTING:
            return self._made(script="test")
        if command in {"start", "stop", "restart"}:
            return self._made(script=command)
        if self._name != "npm" and command and command not in _OWN:
            return self._made(script=command, may_be_program=True)
        return self._made()

    def _word(self) -> str:
        """The next word that is no option."""
        while self._rest:
            word = self._rest.pop(0)
            option, _, value = word.partition("=")
            if word == "--":
                continue
            if not word.startswith("-"):
                return word
            self._option(option, value)
        return ""

    def _option(self, option: str, value: str) -> None:
        if option in _FOLDER:
            self._folder = value or self._value()
        elif option == "-w" and self._name == "pnpm":
            pass  # the root of the workspace
        elif option in _SELECTING:
            self._packages.append(value or self._value())
        elif option in _EVERYWHERE:
            self._is_everywhere = True
        elif option == "--if-present":
            self._is_optional = True

    def _value(self) -> str:
        return self._rest.pop(0) if self._rest else ""

    def _made(self, *, script: str = "", program: str = "", may_be_program: bool = False) -> Asked:
        arguments = tuple(self._arguments())
        return Asked(
            script=script,
            program=program,
            arguments=arguments,
            folder=self._folder,
            packages=tuple(self._packages),
            is_everywhere=self._is_everywhere,
            is_optional=self._is_optional,
            may_be_program=may_be_program,
        )

    def _arguments(self) -> Iterator[str]:
        """What is handed on; npm keeps its own options up to ``--``."""
        is_own = self._name == "npm"
        while self._rest:
            word = self._rest.pop(0)
            if word == "--" and is_own:
                is_own = False
            elif is_own and word.startswith("-"):
                option, _, value = word.partition("=")
                self._option(option, value)
            else:
                yield word
