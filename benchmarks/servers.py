"""The servers that are measured side by side, each started alone on a core of its own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Final

from benchmarks.environments import installed
from benchmarks.flow import AGENT_SCOPE, Deployment, Served
from benchmarks.load import Outcome, Wish, load
from benchmarks.peers import authlib, oidc_provider, versions_of
from benchmarks.processes import Command, cpu_seconds, free_port, serving, until_listening
from benchmarks.standalone import standalone
from fixtures.tenant.oauth_terms import ACCESS_TOKEN_TYPE

OURS, OIDC, AUTHLIB = "ours", oidc_provider.NAME, authlib.NAME
OPAQUE: Final = "oidc-provider, opaque tokens"
ALGORITHMS: Final = ("ES256", "RS256")


Server = Callable[[], AbstractContextManager[Served]]


def servers() -> dict[str, Server]:
    """Each of them with each algorithm."""
    found: dict[str, Server] = {}
    for algorithm in ALGORITHMS:
        found[f"{OURS} {algorithm}"] = partial(standalone, algorithm=algorithm)
        found[f"{OIDC} {algorithm}"] = partial(_oidc_provider, algorithm, "jwt")
        found[f"{AUTHLIB} {algorithm}"] = partial(_authlib, algorithm)
    return found | {OPAQUE: partial(_oidc_provider, "ES256", "opaque")}


def versions() -> dict[str, str]:
    """What each runs with, of those that can be had."""
    own = installed("starlette", "uvicorn", "uvloop", "httptools", "cryptography")
    return {OURS: own} | versions_of(oidc_provider, authlib)


def asked(
    served: Served, request: str, connections: int, *, seconds: float | None = None, count: int | None = None
) -> tuple[Outcome, float]:
    """Load of one kind of request for so many seconds or so often; and the server's CPU microseconds an answer."""
    wish = _wish(served.deployment, request, connections, seconds, count)
    before = cpu_seconds(served.process.pid)
    outcome = load(wish)
    return outcome, (cpu_seconds(served.process.pid) - before) * 1e6 / outcome.answers


def _wish(deployment: Deployment, request: str, connections: int, seconds: float | None, count: int | None) -> Wish:
    path, expected = deployment.token_path, ACCESS_TOKEN_TYPE
    login = deployment.login()
    if request == "password":
        form, expected = login, '"access_token"'
    elif request == "exchange":
        form = deployment.exchange(deployment.token(login))
    else:
        token = deployment.token(deployment.exchange(deployment.token(login)))
        path, form, expected = (
            deployment.introspection_path,
            deployment.introspection(token, deployment.agent),
            AGENT_SCOPE,
        )
    return Wish(deployment.url + path, [form], connections, seconds, count, expected)


@contextmanager
def _oidc_provider(algorithm: str, form: str) -> Iterator[Served]:
    port = free_port()
    with _started(oidc_provider.command(port, algorithm, form), oidc_provider.deployment(port, form), port) as served:
        yield served


@contextmanager
def _authlib(algorithm: str) -> Iterator[Served]:
    port = free_port()
    with _started(authlib.command(port, algorithm), authlib.deployment(port), port) as served:
        yield served


@contextmanager
def _started(command: Command, deployment: Deployment, port: int) -> Iterator[Served]:
    began = time.perf_counter()
    with serving(command) as process:
        until_listening(port, process)
        deployment.token(deployment.login())
        yield Served(process, deployment, (time.perf_counter() - began) * 1000)
