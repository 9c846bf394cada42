"""`python -m benchmarks.tenant`: the reference server with a crowd in it, and a count of the requests that it gets."""

from __future__ import annotations

import argparse
import sys
import uuid
from pathlib import Path

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks.flow import COUNT_PATH, REALM
from fixtures.tenant import console
from reference_server.__main__ import write_env_file
from reference_server.am.agents import AI_AGENT
from reference_server.server import ReferenceServer
from reference_server.tenant import Tenant


class Counting:
    """Counts what comes by, and tells the count."""

    def __init__(self, behind: ASGIApp) -> None:
        self._behind = behind
        self._requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path") == COUNT_PATH:
            await JSONResponse(self._requests)(scope, receive, send)
            return
        self._requests += scope["type"] == "http"
        await self._behind(scope, receive, send)


def user_name(number: int) -> str:
    """Of one of the crowd."""
    return f"user-{number}"


def fill(tenant: Tenant, size: int) -> None:
    """So many users, agents and privileges; each agent may act for one of the users at one application."""
    managed, agents = tenant.managed, tenant.realms[REALM].agents
    application = str(uuid.uuid4())
    managed.put(f"{REALM}_application", application, console.application("Crowded", "crowded-application", []))
    for number in range(size):
        user, agent, privilege = (str(uuid.uuid4()) for _ in range(3))
        name = user_name(number)
        person = {"userName": name, "givenName": "User", "sn": str(number), "mail": f"{name}@example.com"}
        managed.put(f"{REALM}_user", user, person)
        agents.write(AI_AGENT, f"agent-{number}", console.new_agent(agent, f"agent-{number}", f"Agent {number}"))
        grant = {
            "agent": _reference("aiagent", agent),
            "resource": _reference("application", application),
            "subjects": [_reference("user", user)],
            "permissions": [],
        }
        managed.put(f"{REALM}_aiagentprivilege", privilege, grant)


def _reference(kind: str, object_id: str) -> dict[str, str]:
    return {"_ref": f"managed/{REALM}_{kind}/{object_id}"}


def main() -> int:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tenant", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--env-file", type=Path, required=True)
    parser.add_argument("--mood", action="append", default=[])
    parser.add_argument("--crowd", type=int, default=0)
    parser.add_argument("--count", action="store_true", help="tell the number of requests at " + COUNT_PATH)
    options = parser.parse_args()
    server = ReferenceServer(port=options.port, moods=options.mood)
    if options.count:
        server.tenant.gateways.append(Counting)
    fill(server.tenant, options.crowd)
    write_env_file(options.env_file, server)
    server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
