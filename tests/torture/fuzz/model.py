"""What a realm has to do, in the guide's terms: a model to hold the server against, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field

LIFETIME_SECONDS = 3600
MOST_ACTORS = 10


@dataclass(eq=False)
class User:
    """An end user; one created anew under an old name is another."""

    id: str
    name: str
    active: bool = True


@dataclass(eq=False)
class Group:
    """A group and who is in it."""

    name: str
    members: set[User] = field(default_factory=set)


@dataclass(eq=False)
class Client:
    """An application or an AI agent; one created anew under an old client ID is another."""

    id: str
    secret: str
    managed_id: str
    scopes: frozenset[str] = frozenset()
    active: bool = True


@dataclass(eq=False)
class Privilege:
    """What an agent may do at an application: task 3.2 step 5 of the guide. No permissions means all."""

    id: str
    agent: Client
    application: Client
    subjects: set[User]
    groups: set[Group]
    permissions: frozenset[str]


@dataclass(eq=False)
class Token:
    """An access token; `actors` has the latest first, `origin` is what it was exchanged from."""

    value: str
    user: User
    client: Client
    audience: frozenset[str]
    scopes: frozenset[str]
    expires: float
    actors: tuple[str, ...] = ()
    origin: Token | None = None
    revoked: bool = False


@dataclass
class Realm:
    """Everything in one realm. Nothing in another realm has a say in it."""

    users: list[User] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    applications: list[Client] = field(default_factory=list)
    agents: list[Client] = field(default_factory=list)
    privileges: list[Privilege] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    now: float = 0.0

    def permits(self, agent: Client, application: Client, user: User, scopes: frozenset[str]) -> bool:
        """The rule: one privilege of the agent is for the application, covers the user, and gives all of the scopes."""
        return any(
            privilege.agent is agent
            and privilege.application is application
            and (user in privilege.subjects or any(user in group.members for group in privilege.groups))
            and scopes <= application.scopes
            and (scopes <= privilege.permissions or not privilege.permissions)
            for privilege in self.privileges
        )

    def logs_in(self, user: User, application: Client, scopes: frozenset[str]) -> bool:
        """Task 4.1: whether the user gets a token for these scopes at the application."""
        return self.works(application) and self.exists(user) and bool(scopes) and scopes <= application.scopes

    def exchanges(self, agent: Client, token: Token, application: Client, scopes: frozenset[str]) -> bool:
        """Task 4.2: whether the agent gets a token for these scopes at the application."""
        return (
            self.works(agent)
            and self.works(application)
            and self.seeds(token)
            and bool(scopes)
            and self.permits(agent, application, token.user, scopes)
            and self.stays_within(token, application, scopes)
        )

    def stays_within(self, token: Token, application: Client, scopes: frozenset[str]) -> bool:
        """A delegated token is exchanged for nothing that it isn't good for itself (RFC 8693 section 1.1)."""
        within = application.id in token.audience and scopes <= token.scopes
        return not token.actors or (within and len(token.actors) < MOST_ACTORS)

    def active(self, token: Token) -> bool:
        """Whether the token may be used now."""
        issued_here = token in self.tokens and self.works(token.client) and self.exists(token.user)
        return issued_here and not token.revoked and self.now < token.expires

    def seeds(self, token: Token) -> bool:
        """Whether others may come of it: also what it came from was never taken back."""
        return self.active(token) and (token.origin is None or self.untainted(token.origin))

    def untainted(self, token: Token) -> bool:
        """Whether neither the token nor what it came from was taken back."""
        return not token.revoked and (token.origin is None or self.untainted(token.origin))

    def sees(self, client: Client, token: Token) -> bool:
        """Whether introspection tells the client of the token."""
        return self.active(token) and client.id in token.audience

    def works(self, client: Client) -> bool:
        """Whether the client is registered and switched on."""
        return client.active and client in self.applications + self.agents

    def exists(self, user: User) -> bool:
        """Whether the user is there and not disabled."""
        return user.active and user in self.users

    def expiry(self, token: Token | None) -> float:
        """When a token that is issued now expires; a delegated one is not prolonged by exchanging it."""
        latest = self.now + LIFETIME_SECONDS
        return min(latest, token.expires) if token is not None and token.actors else latest
