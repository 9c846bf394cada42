"""Does the reference server slow down when it is full? The same requests with ten and ten thousand of everything."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import Final
from urllib.parse import urlencode

from benchmarks.load import Wish, load
from benchmarks.results import Measured
from benchmarks.rounds import Values, in_turns
from benchmarks.standalone import Standalone, standalone
from benchmarks.tenant import user_name

SIZES: Final = (10, 100, 1_000, 10_000)
REQUESTS: Final = 300
SECONDS_AT_MOST: Final = 1.0
QUERIES: Final = ("user by _id_ms", "user by userName_ms", "agent by _id_ms")
LATENCIES: Final = ("exchange_ms", "introspection_ms", *QUERIES)


def measure(rounds: int) -> Measured:
    """All sizes at once, each in a server of its own; only the one that is asked has anything to do."""
    with ExitStack() as stack:
        peers = {}
        for size in SIZES:
            server = stack.enter_context(standalone("--crowd", str(size), module="benchmarks.tenant"))
            deployment = server.deployment
            load(Wish(deployment.url + deployment.token_path, [deployment.login()], 8, requests=size))
            peers[f"{size:,}"] = partial(_latencies, _wishes(server))
        samples, failures = in_turns(peers, rounds)
    return Measured(samples, failures)


def _latencies(wishes: dict[str, Wish]) -> Values:
    return {name: load(wish).p50_ms for name, wish in wishes.items()}


def _wishes(server: Standalone) -> dict[str, Wish]:
    deployment = server.deployment
    subject_token = deployment.token(deployment.login())
    exchange = deployment.exchange(subject_token)
    introspection = deployment.introspection(subject_token, deployment.application)
    users, agents = server.admin.object_path("user"), f"{server.admin.realm_path}/agents/AIAgent"
    somebody = user_name(SIZES[0] - 1)
    user_id = server.admin.query("user", f'userName eq "{somebody}"')[0]["_id"]
    wishes = [
        _repeated(deployment.url + deployment.token_path, exchange),
        _repeated(deployment.url + deployment.introspection_path, introspection),
        _query(server, users, f'_id eq "{user_id}"'),
        _query(server, users, f'userName eq "{somebody}"'),
        _query(server, agents, f'_id eq "{deployment.agent[0]}"'),
    ]
    return dict(zip(LATENCIES, wishes, strict=True))


def _repeated(url: str, form: dict[str, str]) -> Wish:
    return Wish(url, [form], requests=REQUESTS, seconds=SECONDS_AT_MOST)


def _query(server: Standalone, path: str, query: str) -> Wish:
    credentials = server.admin.credentials
    headers = {"Authorization": f"Bearer {credentials.current() if credentials else ''}"}
    if path.startswith("/am/"):
        headers["Accept-API-Version"] = "protocol=2.1,resource=2.0"
    url = f"{server.deployment.url}{path}?{urlencode({'_queryFilter': query})}"
    return Wish(url, (), 1, SECONDS_AT_MOST, REQUESTS, '"resultCount":1,', headers)
