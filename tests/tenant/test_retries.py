"""Which requests are sent again, after how long, and how it is told."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator

import httpx
import pytest

from fixtures.tenant.errors import Unreachable
from fixtures.tenant.exchange import Answer
from fixtures.tenant.http import Http
from fixtures.tenant.retries import Retries, Trouble, retry_after, trouble_of
from fixtures.tenant.transport_faults import trouble_of as trouble_of_fault
from tests.tenant.observers import Recorder
from tests.tenant.stand_in import Behaviour, Reply, serving
from tests.tenant.still_time import Time

BUSY = Trouble("503")
NOW = 784_111_777.0  # Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110


class Tally:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def retried(self, reason: str) -> None:
        self.told.append(f"retried {reason}")

    def doubtful(self, reason: str) -> None:
        self.told.append(f"doubtful {reason}")


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def patient(time: Time) -> Iterator[Http]:
    with Http(timeout_seconds=5, retries=time.retries()) as http:
        yield http


@pytest.fixture
def tally(patient: Http) -> Tally:
    tally = Tally()
    patient.retries.watchers.append(tally)
    return tally


def answering(*replies: int | Reply | None) -> tuple[Behaviour, list[str]]:
    """One reply after the other, the last one for good; a status, a whole reply, or None: hang up. And what came."""
    bodies: list[str] = []

    def behave(method: str, _: str, __: dict[str, str], body: str) -> Reply | None:
        bodies.append(f"{method} {body}".strip())
        reply = replies[min(len(bodies), len(replies)) - 1]
        return (reply, {}, "{}") if isinstance(reply, int) else reply

    return behave, bodies


class TestTroubles:
    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_a_tenant_that_is_too_busy(self, status: int) -> None:
        assert trouble_of(status, {}) == Trouble(str(status))

    @pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 408, 500, 501])
    def test_any_other_answer_counts(self, status: int) -> None:
        assert trouble_of(status, {"retry-after": "1"}) is None

    @pytest.mark.parametrize(
        ("header", "seconds"),
        [
            ("7", 7.0),
            (" 0 ", 0.0),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
            ("Sun, 06 Nov 1994 08:49:00 GMT", 0.0),
            ("soon", None),
            ("-1", None),
            ("", None),
            (None, None),
        ],
    )
    def test_retry_after(self, header: str | None, seconds: float | None) -> None:
        assert retry_after(header, NOW) == seconds

    @pytest.mark.parametrize(
        ("fault", "cause", "trouble"),
        [
            (httpx.ConnectError("x"), ConnectionRefusedError(), Trouble("not connected", unsent=True)),
            (httpx.ConnectTimeout("x"), None, Trouble("not connected", unsent=True)),
            (httpx.ReadTimeout("x"), None, Trouble("timeout")),
            (httpx.ReadError("x"), ConnectionResetError(), Trouble("reset")),
            (httpx.RemoteProtocolError("Server disconnected without sending a response."), None, Trouble("reset")),
            (httpx.RemoteProtocolError("illegal status line"), None, Trouble("no HTTP")),
            (httpx.DecodingError("x"), None, Trouble("unreadable", passing=False)),
            (httpx.ConnectError("x"), ssl.SSLEOFError(), Trouble("reset", unsent=True)),
            (httpx.ConnectError("x"), ssl.SSLCertVerificationError(), Trouble("no TLS", unsent=True, passing=False)),
            (httpx.ProxyError("503 Busy"), None, Trouble("proxy", unsent=True)),
            (httpx.ProxyError("407 Who?"), None, Trouble("proxy", unsent=True, passing=False)),
            (httpx.UnsupportedProtocol("x"), None, Trouble("reset", passing=False)),
        ],
    )
    def test_faults(self, fault: Exception, cause: Exception | None, trouble: Trouble) -> None:
        fault.__cause__ = cause
        assert trouble_of_fault(fault) == trouble

    @pytest.mark.parametrize(("number", "passing"), [(socket.EAI_NONAME, False), (socket.EAI_AGAIN, True)])
    def test_a_name_that_does_not_exist_stays_so(self, number: int, passing: bool) -> None:
        fault = httpx.ConnectError("x")
        fault.__cause__ = socket.gaierror(number, "x")
        assert trouble_of_fault(fault).passing is passing


def pauses(retries: Retries, troubles: Iterable[Trouble], time: Time) -> list[float | None]:
    series, found = retries.begin(), []
    for trouble in troubles:
        found.append(series.pause(trouble))
        time.sleep(found[-1] or 0)
    return found


class TestPatience:
    def test_pauses_double_up_to_a_ceiling(self, time: Time) -> None:
        retries = time.retries(attempts=8)
        assert pauses(retries, [BUSY] * 8, time) == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, None]

    def test_pauses_are_drawn_at_random(self, time: Time) -> None:
        chances = iter([0.5, 0.0, 0.25])
        retries = Retries(clock=time.clock, sleep=time.sleep, chance=lambda: next(chances))
        assert pauses(retries, [BUSY] * 3, time) == [0.125, 0.0, 0.25]

    def test_retry_after_is_the_least_but_not_for_ever(self, time: Time) -> None:
        told = [Trouble("429", retry_after_seconds=seconds) for seconds in (2.0, 3600.0)]
        assert pauses(time.retries(), told, time) == [2.25, 30.5]

    def test_not_longer_than_for_one_request(self, time: Time) -> None:
        told = [Trouble("429", retry_after_seconds=20.0)] * 3
        assert pauses(time.retries(total_seconds=45), told, time) == [20.25, 20.5, None]

    def test_not_beyond_the_deadline_of_the_run(self, time: Time) -> None:
        assert pauses(time.retries(deadline=100.5), [BUSY, BUSY], time) == [0.25, None]

    def test_not_where_it_can_not_pass(self, time: Time) -> None:
        assert pauses(time.retries(), [Trouble("no TLS", passing=False)], time) == [None]


class TestRequests:
    def test_what_passes_leaves_no_other_trace_than_the_count(self, patient: Http, tally: Tally) -> None:
        seen = Recorder()
        patient.observers.append(seen)
        behave, came = answering(503, None, (429, {"Retry-After": "0"}, ""), 200)
        with serving(behave) as url:
            answer = patient.send("GET", url)
        assert (answer.status, answer.attempts) == (200, 4)
        assert tally.told == ["retried 503", "retried reset", "retried 429"]
        assert seen.answers == [answer]
        assert not seen.errors
        assert len(came) == len(seen.requests) == 4

    def test_what_persists_is_evidence(self, patient: Http, tally: Tally) -> None:
        behave, came = answering(503)
        with serving(behave) as url:
            assert patient.send("GET", url).status == 503
        assert len(came) == 6
        assert tally.told == ["retried 503"] * 5

    @pytest.mark.parametrize("status", [200, 400, 500])
    def test_an_answer_that_counts_is_asked_for_once(self, patient: Http, status: int) -> None:
        behave, came = answering(status)
        with serving(behave) as url:
            assert patient.send("GET", url).attempts == 1
        assert len(came) == 1

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    @pytest.mark.parametrize("reply", [503, 429])
    def test_what_might_do_harm_is_sent_once(self, patient: Http, tally: Tally, method: str, reply: int) -> None:
        behave, came = answering(reply, 200)
        with serving(behave) as url:
            assert patient.send(method, url).status == reply
        assert len(came) == 1
        assert tally.told == [f"doubtful {reply}"]

    def test_so_it_is_when_the_connection_breaks(self, patient: Http, tally: Tally) -> None:
        behave, came = answering(None, 200)
        with serving(behave) as url, pytest.raises(Unreachable):
            patient.send("POST", url)
        assert came == ["POST"]
        assert tally.told == ["doubtful reset"]

    def test_what_was_never_sent_does_no_harm(self, patient: Http, tally: Tally) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            with pytest.raises(Unreachable):
                patient.send("POST", f"http://127.0.0.1:{unused.getsockname()[1]}/")
        assert tally.told == ["retried not connected"] * 5

    def test_a_post_that_does_no_harm(self, patient: Http) -> None:
        behave, came = answering(504, 200)
        with serving(behave) as url:
            assert patient.send("POST", url, form={"a": "b"}, repeat=True).status == 200
        assert came == ["POST a=b", "POST a=b"]

    def test_whether_it_was_done_twice_is_doubtful(self, patient: Http, tally: Tally) -> None:
        behave, _ = answering(None, 502, 400)
        with serving(behave) as url:
            assert patient.send("POST", url, repeat=True).status == 400
        assert tally.told == ["retried reset", "retried 502", "doubtful reset"]

    def test_a_form_may_be_made_anew_for_each_attempt(self, patient: Http) -> None:
        numbers = iter("123")
        behave, came = answering(502, 200)
        with serving(behave) as url:
            patient.send("POST", url, form=lambda: {"jti": next(numbers)}, repeat=True)
        assert came == ["POST jti=1", "POST jti=2"]

    def test_a_tenant_that_is_flooded_is_left_alone_by_everybody(self, patient: Http, time: Time) -> None:
        behave, _ = answering((429, {"Retry-After": "5"}, ""), 200)
        with serving(behave) as url:
            patient.send("POST", url)
            patient.seen_by().send("POST", url)
        assert time.slept == [5.0]


class TestUnknownOutcome:
    def test_what_is_found_done_is_not_repeated(self, patient: Http) -> None:
        behave, came = answering(None, 200)
        with serving(behave) as url:
            answer = patient.send("PUT", url, repeat=lambda: patient.send("GET", f"{url}/there"))
        assert (answer.request.method, answer.status) == ("GET", 200)
        assert came == ["PUT", "GET"]

    def test_what_is_not_done_is_repeated(self, patient: Http) -> None:
        behave, came = answering(503, 503, 201)
        looked: list[Answer | None] = []

        def look() -> None:
            looked.append(None)

        with serving(behave) as url:
            assert patient.send("PUT", url, repeat=look).status == 201
        assert came == ["PUT"] * 3
        assert len(looked) == 2
