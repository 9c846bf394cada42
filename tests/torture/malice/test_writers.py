"""Writers at the same time: with `If-Match` no update is lost, with `If-None-Match: *` one of them creates."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.reference_server.oauth.world import Guide
from tests.torture.conftest import Count, Length
from tests.torture.process import Process

MOST_TRIES = 2_000


class Field(Protocol):
    """A number on a resource that its holder reads, and writes if it is still what was read."""

    def create(self) -> None: ...

    def read(self, http: httpx.Client) -> tuple[int, str]:
        """The number and the resource's revision."""

    def write(self, http: httpx.Client, number: int, revision: str) -> int:
        """The status of the answer."""


class OfUser:
    """A user's postal code, changed by patching."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.path = ""

    def create(self) -> None:
        self.path = self.guide.managed("user", self.guide.user(f"counted-{uuid.uuid4()}").id)

    def read(self, http: httpx.Client) -> tuple[int, str]:
        answer = http.get(self.path, headers=self.guide.admin)
        return int(answer.json().get("postalCode") or 0), answer.headers["etag"]

    def write(self, http: httpx.Client, number: int, revision: str) -> int:
        change = [{"operation": "replace", "field": "/postalCode", "value": str(number)}]
        return http.patch(self.path, json=change, headers=self.guide.admin | {"if-match": revision}).status_code


class OfClient:
    """The lifetime of a client's tokens, changed by replacing the whole document."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.path = ""

    def create(self) -> None:
        client = self.guide.client(f"counted-{uuid.uuid4()}", core={"accessTokenLifetime": 0})
        self.path = f"{self.guide.config}/agents/OAuth2Client/{client.id}"

    def read(self, http: httpx.Client) -> tuple[int, str]:
        answer = http.get(self.path, headers=self.guide.admin)
        return int(answer.json()["coreOAuth2ClientConfig"]["accessTokenLifetime"]["value"]), answer.headers["etag"]

    def write(self, http: httpx.Client, number: int, revision: str) -> int:
        document = {"coreOAuth2ClientConfig": {"accessTokenLifetime": number}}
        return http.put(self.path, json=document, headers=self.guide.admin | {"if-match": revision}).status_code


class OfProvider:
    """The lifetime of the other realm's authorization codes, changed by replacing the service."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.path = guide.config.replace("/alpha/", "/bravo/") + "/services/oauth-oidc"

    def create(self) -> None:
        self.guide.administer("PUT", self.path, {"coreOAuth2Config": {"codeLifetime": 0}})

    def read(self, http: httpx.Client) -> tuple[int, str]:
        answer = http.get(self.path, headers=self.guide.admin)
        return int(answer.json()["coreOAuth2Config"]["codeLifetime"]), answer.headers["etag"]

    def write(self, http: httpx.Client, number: int, revision: str) -> int:
        document = {"coreOAuth2Config": {"codeLifetime": number}}
        return http.put(self.path, json=document, headers=self.guide.admin | {"if-match": revision}).status_code


def raise_by_one(process: Process, field: Field, times: int) -> int:
    """Add one, that many times, each time until it succeeds; how often another was faster."""
    lost = 0
    with process.client() as http:
        for _ in range(times):
            while (status := field.write(http, (read := field.read(http))[0] + 1, read[1])) != 200:
                assert status == 412
                lost += 1
                assert lost < MOST_TRIES
    return lost


@pytest.mark.parametrize("kind", [OfUser, OfClient, OfProvider])
def test_no_update_is_lost(
    process: Process, guide: Guide, length: Length, count: Count, kind: Callable[[Guide], Field]
) -> None:
    field = kind(guide)
    shapes = st.lists(st.integers(1, 12), min_size=2, max_size=8)

    @given(shapes)
    @settings(
        max_examples=length.of(50, at_least=2),
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def sums_are_exact(writers: list[int]) -> None:
        field.create()
        with ThreadPoolExecutor(len(writers)) as pool:
            lost = sum(pool.map(lambda times: raise_by_one(process, field, times), writers))
        assert field.read(guide.http)[0] == sum(writers)
        count("updates by concurrent writers", sum(writers))
        count("updates that another writer forestalled", lost)

    sums_are_exact()


def paths(guide: Guide) -> Sequence[tuple[str, Any]]:
    """Resources that are not there yet, with what creates them."""
    name = f"contested-{uuid.uuid4()}"
    person = {"userName": name, "givenName": "A", "sn": "B", "mail": "a@example.com"}
    return [
        (guide.managed("user", str(uuid.uuid4())), person),
        (guide.managed("role", name), {"name": name}),
        (guide.managed("group", name), {"name": name}),
        (f"{guide.config}/agents/OAuth2Client/{name}", {}),
        (f"{guide.config}/agents/AIAgent/agent-{name}", {"aiAgentIdentityAttributes": {"name": name}}),
    ]


def test_of_those_who_create_the_same_one_wins(process: Process, guide: Guide, length: Length, count: Count) -> None:
    writers = 8

    def create(path: str, document: Any) -> int:
        with process.client() as http:
            headers = guide.admin | {"if-none-match": "*"}
            return http.put(path, json=document, headers=headers).status_code

    rounds = length.of(30, at_least=3)
    with ThreadPoolExecutor(writers) as pool:
        for _ in range(rounds):
            for path, document in paths(guide):
                statuses = Counter(pool.map(create, [path] * writers, [document] * writers))
                assert statuses == {201: 1, 412: writers - 1}, (path, statuses)
    count("contested creations", rounds * len(paths(guide)))
