"""Finding a step's definition by its words gives what pytest-bdd's own search gives."""

from __future__ import annotations

import pytest
from pytest_bdd import parsers

from fixtures.gherkin.step_index import first_words


@pytest.mark.parametrize(
    ("parser", "words"),
    [
        (parsers.string("it is sent"), "it is sent"),
        (parsers.parse('it is sent with "{parameter}" {value}'), 'it is sent with "'),
        (parsers.parse("{client} exchanges it"), ""),
        (parsers.re("it is (sent|kept)"), ""),
    ],
)
def test_a_sentence_begins_with_what_its_pattern_begins_with(parser: parsers.StepParser, words: str) -> None:
    assert first_words(parser) == words
