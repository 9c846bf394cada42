"""A check that breaks on a strange answer hides what is wrong with it: a nonconformity is all that it may raise."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

import steps.checks
from steps.checks.evidence import Witnesses
from steps.checks.lifecycle import INTROSPECTION, REVOCATION, TOKEN_ENDPOINT
from steps.checks.refusal import E_EXCH
from steps.checks.token_integrity import Presented
from steps.checks.verdict import Nonconformity
from tests.checks.evidence import ISSUED, Answer, ok
from tests.checks.odd_answers import CLAIMS, DOCUMENT, KEY, METADATA, REFUSAL, TOKEN_ANSWER, Json, with_one_odd_member

RIGHT = ok(TOKEN_ANSWER, date=ISSUED)
BESIDE_WITNESSES = Witnesses(RIGHT, RIGHT, CLAIMS)


def every_check() -> Iterator[Any]:
    """The checks of all modules, each once."""
    for module in pkgutil.iter_modules(steps.checks.__path__, "steps.checks."):
        for name, function in vars(importlib.import_module(module.name)).items():
            if hasattr(function, "requirements") and function.__module__ == module.name:
                yield pytest.param(function, id=f"{module.name.removeprefix('steps.checks.')}.{name}")


@dataclass(frozen=True)
class Decision:
    """What a resource server made of an odd token."""

    user: Any
    agent: Any
    claim: str
    found: Any


def arguments(odd: Answer, claims: Json) -> dict[str, Any]:
    """What a check is asked about, by the type of the parameter: one odd answer, alone and beside a right one."""
    seen, presented = Witnesses(odd, odd, claims), Presented("a name", odd, odd)
    return {
        "Answer": odd,
        "Answer | None": odd,
        "Witnesses": seen,
        "Members": claims,
        "Members | None": claims,
        "Presented": presented,
        "Decision": Decision(claims.get("sub"), claims.get("act"), "", claims.get("aud")),
        "Sequence[Answer]": [odd, RIGHT, odd],
        "Sequence[Witnesses]": [seen],
        "Sequence[tuple[str, Witnesses]]": [("agent", seen), ("other", BESIDE_WITNESSES)],
        "Sequence[tuple[Witnesses, Answer]]": [(seen, odd), (BESIDE_WITNESSES, RIGHT)],
        "Sequence[Members]": [claims, KEY, KEY | {"x": "other"}, CLAIMS],
        "Sequence[Presented]": [presented],
        "Sequence[tuple[str, Answer]]": [("a step", odd)],
        "Sequence[tuple[Answer, Answer]]": [(odd, odd), (RIGHT, RIGHT)],
        "Mapping[str, Answer]": dict.fromkeys((TOKEN_ENDPOINT, INTROSPECTION, REVOCATION), odd),
        "Mapping[str, str]": {"report.json": odd.text, **dict.fromkeys(METADATA, "https://tenant.example/am")},
        "Sequence[str]": ["agent"],
        "Collection[str]": ["app", "read-data"],
        "Collection[Any]": [claims.get("iss")],
        "Iterable[str]": ["a secret of the client"],
        "Tolerance": E_EXCH,
        "str": "agent",
        "str | None": "agent",
        "bool": False,
        "float": 0.0,
        "bool | None": True,
        "object": "user",
        "Any": "https://tenant.example/am/oauth2/alpha/",
    }


ODD_EVIDENCE = [
    *(arguments(ok(odd, date=ISSUED), odd) for odd in with_one_odd_member(TOKEN_ANSWER)),
    *(arguments(Answer(400, odd), odd) for odd in with_one_odd_member(REFUSAL)),
    *(arguments(Answer(200, odd), odd) for odd in with_one_odd_member(DOCUMENT)),
    *(arguments(RIGHT, odd) for right in (KEY, METADATA) for odd in with_one_odd_member(right)),
    *(arguments(Answer(200, TOKEN_ANSWER, {"date": date}), CLAIMS) for date in ("", " ", "soon", "1 Jan 0001 1:2:3")),
]
BESIDE = arguments(RIGHT, CLAIMS)


@pytest.mark.parametrize("check", list(every_check()))
def test_whatever_a_server_answers_a_check_judges_it(check: Callable[..., None]) -> None:
    kinds = [
        (p.annotation, p.name if p.kind is p.KEYWORD_ONLY else None)
        for p in inspect.signature(check).parameters.values()
    ]
    for evidence in ODD_EVIDENCE:
        for odd in {kind for kind, _ in kinds if evidence[kind] is not BESIDE[kind]}:
            for first_only in (False, True):
                found = [
                    (evidence if kind == odd and not (first_only and place) else BESIDE)[kind]
                    for place, (kind, _) in enumerate(kinds)
                ]
                named = {name: value for (_, name), value in zip(kinds, found, strict=True) if name}
                with contextlib.suppress(Nonconformity):
                    check(*found[: len(found) - len(named)], **named)
