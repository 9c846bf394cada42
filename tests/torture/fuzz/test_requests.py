"""Whatever is sent to whichever endpoint, the answer keeps to `promises.py` and the guide works afterwards."""

from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from reference_server.oauth import terms
from reference_server.server import ReferenceServer
from tests.torture.conftest import Count, Length
from tests.torture.fuzz.description import IDS, OAUTH, REALM_CONFIG, openapi
from tests.torture.fuzz.fuzzed import Fuzzed, fuzzed_in_process
from tests.torture.fuzz.names import AGENT, APPLICATION, PASSWORD, SECRET, USER, live
from tests.torture.fuzz.promises import BrokenPromise, judge
from tests.torture.fuzz.wire import PATIENCE_SECONDS, Answer, Hang

Send = Callable[[requests.PreparedRequest], Answer]
Parts = Mapping[str, Any]

PER_TENANT = 40
"""After so many requests a fresh tenant: by then much of what they speak of has been deleted."""


def guide_flow() -> list[Parts]:
    """Plain requests about the actors, in whatever state they are by now."""
    oauth = OAUTH.format(realm="alpha")
    user, application, agent = (
        {"username": USER, "password": PASSWORD},
        {"client_id": APPLICATION, "client_secret": SECRET},
        {"client_id": AGENT, "client_secret": SECRET},
    )
    subject = {"subject_token": live("user token"), "subject_token_type": terms.ACCESS_TOKEN_TYPE}
    exchange = {"grant_type": terms.TOKEN_EXCHANGE, **subject, "audience": APPLICATION, "scope": "read-data"}
    forms = {
        "/access_token": [{"grant_type": terms.PASSWORD, **user, **application, "scope": "openid"}, exchange | agent],
        "/introspect": [{"token": live("user token"), **application}, {"token": live("agent token"), **agent}],
    }
    return [
        *(
            {"method": "POST", "url": oauth + path, "headers": {}, "data": form}
            for path in forms
            for form in forms[path]
        ),
        *(
            {"method": "GET", "url": f"/openidm/managed/alpha_{kind}?_queryFilter=true&_fields=*,*_ref", "headers": {}}
            for kind in IDS
        ),
        {"method": "GET", "url": f"{REALM_CONFIG.format(realm='alpha')}/agents?_queryFilter=true", "headers": {}},
    ]


def over_a_socket(session: requests.Session, request: requests.PreparedRequest) -> Answer:
    answer = session.send(request, timeout=PATIENCE_SECONDS, allow_redirects=False)
    return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content)


def made_up(mode: GenerationMode, each: int, chosen_seed: int) -> list[Parts]:
    """Requests to all endpoints, as described or with something wrong, in any order."""
    schema = schemathesis.openapi.from_dict(openapi())
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == len([*schema.get_all_operations()])
    found = [parts for operation in operations for parts in of_operation(operation, mode, each, chosen_seed)]
    random.Random(chosen_seed).shuffle(found)  # noqa: S311 - no secret
    return found


def of_operation(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, each: int, chosen_seed: int
) -> list[Parts]:
    """So many requests to one endpoint; a few where there is nothing but a path to make up."""
    found: list[Parts] = []
    number = each if operation.query or operation.headers or operation.body else max(1, each // 10)

    @seed(chosen_seed)
    @settings(
        max_examples=number,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def collect(case: Case[Any]) -> None:
        parts = case.as_transport_kwargs(base_url="")
        found.append(parts | {"headers": dict(parts["headers"])})

    with suppress(Unsatisfiable), warnings.catch_warnings():  # nothing can be wrong about a request without parameters
        warnings.simplefilter("ignore")
        collect()
    return found


def broken(fuzzed: Fuzzed, send: Send, some: Sequence[Parts]) -> Iterator[str]:
    """Send requests as each caller; what was wrong with the answers."""
    for parts in some:
        for caller in fuzzed.callers:
            request = fuzzed.request(parts, caller)
            try:
                judge(request, send(request), administrator=caller is fuzzed.callers[-1])
            except (BrokenPromise, Hang) as error:
                yield f"{error}\n    by {caller.name}: {request.method} {request.url} {request.body!r:.300}"


def findings(found: Sequence[str]) -> str:
    """Each kind of fault with its number and the first case."""
    firsts = {text.partition("\n")[0]: text for text in reversed(found)}
    kinds = Counter(text.partition("\n")[0] for text in found)
    return "\n".join(f"{kinds[kind]} times: {text}" for kind, text in firsts.items())


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_every_answer_keeps_its_promises(mode: GenerationMode, length: Length, count: Count, fuzz_seed: int) -> None:
    some = made_up(mode, length.of(100, at_least=8), fuzz_seed)
    found: list[str] = []
    for start in range(0, len(some), PER_TENANT):
        with fuzzed_in_process() as fuzzed:
            batch = [*some[start : start + PER_TENANT], *guide_flow()]
            found += broken(fuzzed, fuzzed.wire.send, batch)
            fuzzed.still_works()
            count("requests generated", len(batch) * len(fuzzed.callers))
    assert not found, findings(found)


def test_every_answer_keeps_its_promises_over_a_socket(length: Length, count: Count, fuzz_seed: int) -> None:
    some = made_up(GenerationMode.NEGATIVE, length.of(10, at_least=2), fuzz_seed + 1)
    with ReferenceServer() as server, httpx.Client(base_url=server.url) as http, requests.Session() as session:
        fuzzed = Fuzzed(server, http)
        found = list(broken(fuzzed, partial(over_a_socket, session), some))
        fuzzed.still_works()
    count("requests generated", len(some) * len(fuzzed.callers))
    count("of these over a socket", len(some) * len(fuzzed.callers))
    assert not found, findings(found)
