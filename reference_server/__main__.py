"""`python -m reference_server`: the tenant in the foreground, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import contextlib
import gc
import ipaddress
import json
import os
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from reference_server import defects, moods
from reference_server.register import UnknownName
from reference_server.server import ReferenceServer

_REACHABLE = (
    "reference_server: bound to {host}, so everybody who can reach this machine can reach this tenant. "
    "It is for tests, speaks plain HTTP and is not hardened: let nobody in whom you don't trust."
)
_YOUNG_OBJECTS = 50_000
"""How many new objects the garbage collector waits for; its own number, 700, is that of a few requests."""


def main() -> int:
    """Serve; 0 after a signal, 1 when address or file can't be used, 2 for bad usage, 4 for an unknown name."""
    options = _options()
    if options.list_defects or options.list_moods:
        print("\n".join(listing() if options.list_defects else moods.listing()))
        return 0
    try:
        server = ReferenceServer(
            options.host,
            options.port,
            options.public_url,
            hardened=options.hardened,
            defects=options.defect,
            moods=options.mood,
        )
        if options.env_file is not None:
            write_env_file(options.env_file, server)
    except UnknownName as error:
        print(f"reference_server: {error}", file=sys.stderr)
        return 4
    except OSError as error:
        print(f"reference_server: {error}", file=sys.stderr)
        return 1
    # uvicorn sends itself the signal again once it has stopped; as an interrupt it ends here, quietly.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    _spare_the_collector()
    with contextlib.suppress(KeyboardInterrupt):
        if not is_loopback(options.host):
            print(_REACHABLE.format(host=options.host), file=sys.stderr, flush=True)
        print(f"Reference tenant ready at {server.url}", flush=True)
        server.serve()
    return 0


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that is bound to this address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def write_env_file(path: Path, server: ReferenceServer) -> None:
    """Write the settings of a client of this tenant, readable by the owner alone."""
    key = json.dumps(server.service_account.jwk, separators=(",", ":"))
    lines = [
        f"OBO_TENANT_URL={server.url}",
        "OBO_REALM=alpha",
        f"OBO_SERVICE_ACCOUNT_ID={server.service_account.id}",
        f"OBO_SERVICE_ACCOUNT_JWK='{key}'",
        f"OBO_APPROVER_URL={server.approver_url('alpha')}",
    ]
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _spare_the_collector() -> None:
    """Let the garbage collector pass over what stays for good, and look less often for cycles: requests leave few."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m reference_server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8080, help="port to bind, 0 picks a free one (default: %(default)s)"
    )
    parser.add_argument("--public-url", type=_base_url, help="scheme and host that the tenant calls itself")
    parser.add_argument("--env-file", type=Path, metavar="FILE", help="where to write the settings of a client")
    parser.add_argument("--hardened", action="store_true", help="bind what agents get to the user's token")
    parser.add_argument(
        "--defect", action="append", default=[], metavar="NAME", help="a deliberate defect; may be repeated"
    )
    parser.add_argument("--list-defects", action="store_true", help="name the deliberate defects, and stop")
    parser.add_argument(
        "--mood",
        "--tenant-mood",
        action="append",
        default=[],
        metavar="NAME",
        help="a way to differ that clients must bear with; may be repeated",
    )
    parser.add_argument("--list-moods", action="store_true", help="name the moods, and stop")
    return parser.parse_args()


def listing() -> list[str]:
    """A line for each defect: name, the requirements that must notice it, what is wrong."""
    known = defects.load().values()
    widest = max((len(defect.name) for defect in known), default=0)
    return [f"{defect.name:{widest}}  {', '.join(defect.caught_by)}: {defect.wrong}" for defect in known]


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise argparse.ArgumentTypeError(f"{text!r} is not a scheme and host such as https://tenant.example")
    return text.rstrip("/")


if __name__ == "__main__":
    sys.exit(main())
