"""Defects that would show no difference here, each with the reason."""

from __future__ import annotations

from typing import Final

LEFT_OUT: Final[dict[str, str]] = {
    "crit-ignored": "only who holds the realm's key can make a token whose signature holds and whose header has crit",
    "plain-http-served": "the server is plain http on loopback anyway, from which OBO-HYG-07 exempts it",
    "denied-exchange-not-audited": "no API of the tenant shows audit events",
    "audit-log-contains-token": "no API of the tenant shows audit events",
    "absent-subject-scope-unconstrained": "every token that this server issues has a scope",
    "may-act-ignored": "nothing on this server can put `may_act` into a token: it runs no scripts",
}
