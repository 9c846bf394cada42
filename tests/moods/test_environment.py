"""What the network and the cloud do to requests: turned away, lost, delayed, heard of later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from reference_server.moods import lagging, network
from reference_server.server import ReferenceServer
from tests.reference_server.defects.in_process import guide_with
from tests.reference_server.oauth.world import Guide

PATH = "/am/oauth2/realms/root/realms/alpha/connect/jwk_uri"
REQUESTS = 400


@pytest.fixture
def tenant(request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A client of a tenant in the mood that the parameter names."""
    with ReferenceServer(moods=[request.param]) as server, httpx.Client(base_url=server.url) as http:
        yield http


def outcomes(http: httpx.Client, count: int = REQUESTS) -> list[str]:
    return [_outcome(http) for _ in range(count)]


def _outcome(http: httpx.Client) -> str:
    try:
        answer = http.get(PATH)
    except httpx.TransportError:
        return "broken"
    return f"{answer.status_code}{' retry-after' if 'retry-after' in answer.headers else ''}"


@pytest.mark.parametrize("tenant", ["flaky"], indirect=True)
def test_flaky_turns_away_or_breaks_one_request_in_twenty(tenant: httpx.Client) -> None:
    seen = Counter(outcomes(tenant))
    assert seen.keys() == {"200", "503 retry-after", "429 retry-after", "broken"}
    assert 0.02 < 1 - seen["200"] / REQUESTS < 0.08


def test_flaky_has_the_same_faults_each_time() -> None:
    runs = []
    for _ in range(2):
        with ReferenceServer(moods=["flaky"]) as server, httpx.Client(base_url=server.url) as http:
            runs.append(outcomes(http, 60))
    assert runs[0] == runs[1]


@pytest.mark.parametrize("tenant", ["forgetful"], indirect=True)
def test_forgetful_breaks_the_connection_instead_of_an_answer(tenant: httpx.Client) -> None:
    assert Counter(outcomes(tenant)).keys() == {"200", "broken"}


def test_forgetful_has_carried_out_what_it_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "FAULTY_SHARE", 1.0)
    with ReferenceServer(moods=["forgetful"]) as server:
        managed = server.tenant.managed
        session = server.tenant.sessions.open("someone", frozenset({"fr:idm:*"}))
        with pytest.raises(httpx.TransportError):
            httpx.put(
                f"{server.url}/openidm/managed/alpha_group/lost",
                json={"name": "lost"},
                headers={"Authorization": f"Bearer {session}"},
            )
        assert managed.get("alpha_group", "lost") is not None


@pytest.mark.parametrize("tenant", ["throttling"], indirect=True)
def test_throttling_turns_away_what_is_too_much_for_a_second(
    tenant: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "REQUESTS_PER_SECOND", 3)
    seen = Counter(outcomes(tenant, 12))
    assert seen["429 retry-after"] > 0
    assert seen["200"] >= 3


@pytest.mark.parametrize("tenant", ["slow"], indirect=True)
def test_slow_takes_its_time(tenant: httpx.Client) -> None:
    assert tenant.get(PATH).elapsed.total_seconds() >= network.DELAY_SECONDS


class TestLagging:
    """The administrative APIs show a change at once, the OAuth endpoints act on it when the lag is over."""

    @pytest.fixture
    def guide(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Guide]:
        """The guide followed on a lagging tenant whose clock stands still until a test moves it."""
        self.now = 1_000.0
        monkeypatch.setattr(lagging, "monotonic", lambda: self.now)
        with guide_with(in_moods=["lagging"]) as guide:
            yield guide

    def test_a_new_client_is_unknown_until_then(self, guide: Guide) -> None:
        def login() -> int:
            return guide.login(guide.barbara, guide.app).status_code

        assert login() == 400
        self.now += lagging.LAG_SECONDS - 0.1
        assert login() == 400
        self.now += 0.1
        assert login() == 200

    def test_each_change_holds_when_its_own_time_has_come(self, guide: Guide) -> None:
        self.now += lagging.LAG_SECONDS
        user_token = guide.user_token()
        guide.patch("aiagentprivilege", guide.read_only, "permissions", [{"type": "scopes", "values": ["write-data"]}])
        self.now += 1.0
        guide.delete("aiagentprivilege", guide.read_only)

        def scopes_granted() -> list[str]:
            asked = ("read-data", "write-data")
            return [s for s in asked if guide.exchange(user_token, guide.assistant, guide.app, s).status_code == 200]

        assert scopes_granted() == ["read-data"]
        self.now += 1.0
        assert scopes_granted() == ["write-data"]
        self.now += 1.0
        assert scopes_granted() == []

    def test_a_token_stays_its_clients_own(self, guide: Guide) -> None:
        self.now += lagging.LAG_SECONDS
        user_token = guide.user_token()
        guide.change_client(guide.app, "core", scopes=["openid", "read-data"])
        self.now += lagging.LAG_SECONDS
        assert guide.is_active(user_token, guide.app)
