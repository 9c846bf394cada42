"""Making the population of a load on a tenant, or taking it from the hand-made variables.

Privileges overlap in part only: each agent acts for some of the users at some of the applications, one agent with fewer
scopes than another. An answer that belongs to somebody else can't pass for the right one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from fixtures.scope_names import OPENID
from fixtures.settings import Settings
from fixtures.tenant.actors import Agent, Application, Client, EndUser
from fixtures.tenant.oauth_terms import PASSWORD, TOKEN_EXCHANGE
from fixtures.tenant.provisioning import Provisioning
from load.population import Population, Privilege

USERS: Final = 12
APPLICATIONS: Final = 3
AGENTS: Final = 4
SCOPES: Final = (OPENID, "read-data", "write-data")
PERMISSIONS: Final = (("read-data",), ("read-data", "write-data"), ())
_AT_ONCE = 4


def provision(provisioning: Provisioning) -> Population:
    """Make everyone, and add what the provider lacks (guide, tasks 1 to 3 and 4.1 step 1)."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        users = list(pool.map(lambda n: provisioning.create_user(f"load.user-{n}"), range(USERS)))
        applications = list(pool.map(lambda n: _application(provisioning, n, users[n]), range(APPLICATIONS)))
        agents = list(pool.map(lambda n: _agent(provisioning, n), range(AGENTS)))
        groups = list(pool.map(lambda n: _group(provisioning, n, users), range(APPLICATIONS)))
        places = [(agent, at) for agent in range(AGENTS) for at in range(APPLICATIONS) if agent % APPLICATIONS != at]
        privileges = pool.map(
            lambda place: _privilege(provisioning, place, users, applications, agents, groups), places
        )
        population = Population(tuple(users), tuple(applications), tuple(agents), tuple(privileges))
    provisioning.enable_provider_grants(PASSWORD, TOKEN_EXCHANGE)
    return population


def by_hand(settings: Settings) -> Population:
    """The actors of the hand-made variables: the second agent has a privilege, the second user and application none."""
    users = tuple(user for user in (settings.end_user, settings.second_end_user) if user)
    applications = tuple(each for each in (settings.application, settings.second_application) if each)
    agents = tuple(agent for agent in (settings.agent, settings.second_agent) if agent)
    return Population(
        users, applications, agents, tuple(_found_privilege(agent, applications[0], users[0]) for agent in agents)
    )


def _found_privilege(agent: Client, application: Client, user: EndUser) -> Privilege:
    scopes = tuple(scope for scope in agent.scopes or application.scopes if scope != OPENID)
    return Privilege(agent.client_id, application.client_id, (user.username,), scopes)


def _application(provisioning: Provisioning, number: int, owner: EndUser) -> Application:
    made = provisioning.create_application(f"load-app-{number}", f"Load Application {number}", owners=[owner])
    return provisioning.configure_application(made, add_grants=(PASSWORD,), scopes=(*SCOPES, f"only-{number}"))


def _agent(provisioning: Provisioning, number: int) -> Agent:
    return provisioning.configure_agent(provisioning.create_agent(f"load-agent-{number}", f"Load Agent {number}"))


def _group(provisioning: Provisioning, number: int, users: list[EndUser]) -> str:
    return provisioning.create_group(f"load-group-{number}", _covered(users, number))


def _covered(users: list[EndUser], number: int) -> list[EndUser]:
    """Two thirds of the users, others for each of three numbers in turn."""
    return [user for n, user in enumerate(users) if (n + number) % 3]


def _privilege(
    provisioning: Provisioning,
    place: tuple[int, int],
    users: list[EndUser],
    applications: list[Application],
    agents: list[Agent],
    groups: list[str],
) -> Privilege:
    """An agent's privilege at an application: of every other agent for users, of the others for a group."""
    agent, application = agents[place[0]], applications[place[1]]
    by_group = place[0] % 2 == 1
    covered = _covered(users, place[1] if by_group else sum(place))
    permissions = PERMISSIONS[sum(place) % len(PERMISSIONS)]
    privilege = provisioning.create_privilege(agent, application)
    provisioning.complete_privilege(
        privilege,
        subjects=[] if by_group else covered,
        groups=[groups[place[1]]] if by_group else [],
        permissions=permissions,
    )
    scopes = permissions or tuple(scope for scope in application.scopes if scope != OPENID)
    return Privilege(agent.client_id, application.client_id, tuple(user.username for user in covered), scopes)
