"""Finding a step's definition by its words gives what pytest-bdd's own search gives."""

from __future__ import annotations

import pytest
from pytest_bdd import parsers

from fixtures.gherkin.step_index import fixed_words, may_fit


@pytest.mark.parametrize(
    ("parser", "words"),
    [
        (parsers.string("it is sent"), ["it is sent"]),
        (parsers.parse('it is sent with "{parameter}" {value:d}'), ['it is sent with "', '" ', ""]),
        (parsers.parse("{client} exchanges it"), ["", " exchanges it"]),
        (parsers.re("it is (sent|kept)"), [""]),
    ],
)
def test_a_sentence_has_the_words_of_its_pattern(parser: parsers.StepParser, words: list[str]) -> None:
    assert fixed_words(parser) == words


@pytest.mark.parametrize("sentence", ["he sends it", "he sends this with that", "she says he sends it with that"])
def test_a_sentence_without_these_words_is_not_tried(sentence: str) -> None:
    assert not may_fit(sentence, fixed_words(parsers.parse("he sends it with {value} for {whom} at once")))


def test_a_sentence_with_these_words_is_tried() -> None:
    assert may_fit(
        "he sends it with x for y at once", fixed_words(parsers.parse("he sends it with {value} for {whom} at once"))
    )
