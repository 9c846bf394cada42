"""Allure files failed scenarios under their cause; its patterns find what the messages say."""

from __future__ import annotations

import re

from fixtures.results.categories import categories, for_allure_2, for_allure_3
from fixtures.results.document import Cause


def cause(place: str, *requirements: str) -> Cause:
    return Cause(f"{requirements[0]} is not kept", "", "", place, "", (), requirements, ())


def test_a_cause_is_found_by_where_its_messages_say_to_look() -> None:
    place = "Task 4.2, step 2, response (3) (act.sub = id)"
    rules = categories([cause(place, "OBO-4.2I-03")])
    old, new = for_allure_2(rules[1]), for_allure_3(rules[1])
    message = f"expected a; actual: b\nLook at {place}; Task 4.2, step 1"
    assert re.fullmatch(old["messageRegex"], message)
    assert re.search(new["matchers"].pop("message"), message)
    assert new == {"name": "1. OBO-4.2I-03 is not kept", "matchers": {"statuses": ["failed"]}, "groupByMessage": False}


def test_causes_at_one_place_are_told_apart_by_their_requirements() -> None:
    rules = categories([cause("Task 1", "OBO-JWT-05", "OBO-JWT-06"), cause("Task 1", "OBO-LIF-03")])
    assert for_allure_3(rules[1])["matchers"]["labels"] == {"tag": "^(?:OBO-JWT-05|OBO-JWT-06)$"}


def test_what_is_waived_comes_first_and_what_has_no_cause_is_the_tenants_or_ours() -> None:
    names = [rule.name for rule in categories([cause("Task 1", "OBO-1-01")])]
    assert [names[0], *names[2:5]] == [
        "Waived: somebody answers for it",
        "A step of the guide is not done",
        "The tenant deviates",
        "Harness trouble: settings, network, provisioning",
    ]
