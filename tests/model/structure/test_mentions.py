"""Which modules a text may name."""

from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.structure.mentions import WantedByWord, wanted_of

_NAMES = st.sampled_from(("a", "ab", "user", "user.controller", "user-view", "_", "-", "index", "Ünder"))
_PATHS = st.lists(_NAMES, min_size=1, max_size=4).map(lambda names: f"{'/'.join(names)}.js")
_TEXTS = st.lists(st.one_of(_NAMES, st.sampled_from((*tuple("/.'\"` :\n*,"), "../", "./", ".js", "x")))).map("".join)


@given(st.lists(_PATHS, unique=True, max_size=6), _TEXTS)
def test_no_module_that_a_text_names_is_left_out(paths: list[str], text: str) -> None:
    """Those that are looked for are all that it may name, in their order."""
    wanted = [wanted_of(path) for path in paths]
    near = WantedByWord(wanted).near(text)
    assert [one.path for one in near if set(one.found_in(text))] == [
        one.path for one in wanted if set(one.found_in(text))
    ]


def test_most_modules_are_left_out() -> None:
    """What no word of a text speaks of is not looked for."""
    wanted = WantedByWord([wanted_of(f"jobs{at}/job{at}.js") for at in range(100)])
    assert [one.path for one in wanted.near("require('./jobs7/' + name)")] == ["jobs7/job7.js"]
