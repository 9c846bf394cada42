"""A request that must not be sent twice gets lost: its scenario is played anew, and what persists is the tenant's.

A tenant that answers nothing any more is not asked for ever.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from reference_server.server import ReferenceServer
from tests.end_to_end.conformance_run import reap, run
from tests.end_to_end.listing import service_account_variables
from tests.tenant.stand_in import Reply, serving

SCENARIO = ("-k", "refresh_token_is_useless_to_client and second")


class Front:
    """Stands in front of a tenant, on this port of the same machine."""

    port = 0

    def __call__(self, method: str, path: str, headers: dict[str, str], body: str) -> Reply | None:
        sent = {name: value for name, value in headers.items() if name not in ("host", "content-length")}
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, verify=False) as client:  # noqa: S501 - no TLS
            answer = client.request(method, path, headers=sent, content=body.encode())
        kept = {name: value for name, value in answer.headers.items() if name != "content-length"}
        return answer.status_code, kept, answer.text


class Losing(Front):
    """Lets the first refresh requests get lost."""

    def __init__(self, losses: int) -> None:
        self.losses = losses

    def __call__(self, method: str, path: str, headers: dict[str, str], body: str) -> Reply | None:
        if "grant_type=refresh_token" in body and self.losses:
            self.losses -= 1
            return 503, {}, ""
        return super().__call__(method, path, headers, body)


class Leaving(Front):
    """Answers to so many exchanges, and from then on to nothing."""

    def __init__(self, exchanges: int) -> None:
        self.exchanges = exchanges
        self.turned_away = 0

    def __call__(self, method: str, path: str, headers: dict[str, str], body: str) -> Reply | None:
        self.exchanges -= "token-exchange" in body
        if self.exchanges < 0:
            self.turned_away += 1
            return None
        return super().__call__(method, path, headers, body)


@pytest.mark.parametrize(
    ("losses", "status", "told"),
    [(2, 0, "none; 2 scenarios played anew"), (100, 1, "none; 3 scenarios played anew")],
    ids=["passing", "persistent"],
)
def test_its_scenario_is_played_anew(tmp_path: Path, losses: int, status: int, told: str) -> None:
    front = Losing(losses)
    with serving(front) as url, ReferenceServer(public_url=url) as tenant:
        front.port = tenant.port
        finished = run(service_account_variables(tenant), tmp_path / "allure", *SCENARIO)
    assert finished.status == status, finished.output
    assert f"retries: {told}" in finished.output
    assert f"Retries={told}" in (tmp_path / "allure" / "environment.properties").read_text()
    assert {scenario["status"] for scenario in finished.scenarios} == {"failed" if status else "passed"}


def test_a_tenant_that_stops_answering_is_left_alone(tmp_path: Path) -> None:
    front = Leaving(exchanges=20)
    with serving(front) as url, ReferenceServer(public_url=url) as tenant:
        front.port = tenant.port
        options = ("-p", "tests.end_to_end.no_pauses", "-k", "task_4")
        finished = run(service_account_variables(tenant), tmp_path / "allure", *options)
        before, front.exchanges = front.turned_away, 1000
        status, output = reap(service_account_variables(tenant))
    assert finished.status == 10, finished.output
    assert "the tenant has stopped answering" in finished.output
    assert before < 150
    assert status == 0, output
