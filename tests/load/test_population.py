"""Who may act for whom, and what is to be expected of a request because of it."""

from __future__ import annotations

from pathlib import Path

from fixtures.settings import Settings
from fixtures.tenant.actors import Client, EndUser, Secret
from fixtures.tenant.oauth import Endpoints
from load.handover import Handover
from load.offer import Offer
from load.population import Population, Privilege
from load.provisioned import by_hand
from load.refusals import REFUSALS, REVOKED_TOKEN, WRONG_SECRET, possible

ANN, BEN = EndUser("ann", Secret("p-ann"), "1"), EndUser("ben", Secret("p-ben"), "2")
P, Q = Client("p", Secret("s-p"), ("openid", "read", "write")), Client("q", Secret("s-q"), ("openid", "read"))
A, B = Client("a", Secret("s-a")), Client("b", Secret("s-b"))
OFFER = Offer(agent_introspects=True, application_introspects=True, revokes=True, propagation_seconds=0.0)
POPULATION = Population(
    (ANN, BEN),
    (P, Q),
    (A, B),
    (Privilege("a", "p", ("ann",), ("read",)), Privilege("b", "p", ("ann", "ben"), ("read",))),
)


def test_delegations_are_what_privileges_say() -> None:
    found = {(each.agent.client_id, each.application.client_id, each.user.username) for each in POPULATION.delegations}
    assert found == {("a", "p", "ann"), ("b", "p", "ann"), ("b", "p", "ben")}


def test_what_is_refused_is_what_no_privilege_says() -> None:
    anns = POPULATION.delegations[0]
    assert POPULATION.uncovered_users(anns) == [BEN]
    assert POPULATION.forbidden_applications(anns) == [Q]
    assert POPULATION.withheld_scopes(anns) == ["write"]
    assert POPULATION.others(ANN) == {"2", "ben"}


def test_every_refusal_can_be_tried_where_there_is_somebody_to_refuse() -> None:
    assert possible(POPULATION, POPULATION.delegations, OFFER).keys() == REFUSALS.keys()


def test_the_eight_variables_alone_give_a_flow_and_two_refusals() -> None:
    agent = Client("a", Secret("s"), ("read", "write"))
    population = by_hand(Settings(issuer="https://x", end_user=ANN, application=P, agent=agent))
    assert [each.permitted for each in population.delegations] == [("read", "write")]
    assert possible(population, population.delegations, OFFER).keys() == {WRONG_SECRET, REVOKED_TOKEN}


def test_a_handover_is_for_its_owner_and_says_all(tmp_path: Path) -> None:
    endpoints = Endpoints.of_tenant("https://tenant.example", "alpha")
    handover = Handover(endpoints, POPULATION, OFFER, think_seconds=2.0, processes=2)
    handover.write(tmp_path / "handover")
    assert (tmp_path / "handover").stat().st_mode & 0o777 == 0o600
    assert Handover.read(tmp_path / "handover") == handover
