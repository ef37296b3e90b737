"""The nearest known word."""

import pytest

from medpro_audit.core.nearest import nearest, nearest_few, suggest


@pytest.mark.parametrize(
    ("word", "expected"),
    [("sevrity", "severity"), ("Severity", "severity"), ("SEVRITY", "severity"), ("xyz", None), ("", None)],
)
def test_the_nearest_word_is_found_whatever_its_case(word: str, expected: str | None) -> None:
    """Something far from everything has no nearest word."""
    assert nearest(word, ["title", "severity", "metric"]) == expected


def test_the_answer_does_not_depend_on_the_order() -> None:
    """Equally near words are decided the same way each time."""
    assert nearest("aa", ["ab", "ac"]) == nearest("aa", ["ac", "ab"])


def test_some_near_words_come_nearest_first() -> None:
    """At most as many as are asked for, and none that is far away."""
    words = ["POST /api/user", "POST /api/users", "GET /health", "GET /api/users"]
    assert nearest_few("POST /api/usr", words, 2) == ["POST /api/user", "POST /api/users"]
    assert nearest_few("xyz", words, 3) == []


def test_without_a_near_word_a_short_list_is_shown() -> None:
    """Few words are listed, many are not."""
    assert suggest("sevrity", ["severity", "title"]) == '; did you mean "severity"?'
    assert suggest("xyz", ["b", "a"]) == "; there are: a, b"
    assert suggest("xyz", [f"word{number}" for number in range(20)]) == ""
    assert suggest("xyz", []) == ""
