"""How much the server bears with: a tenant in a box may be left running, and anybody on the machine can reach it."""

from __future__ import annotations

MAX_HEAD_BYTES = 32 * 1024
"""Request line and headers; a bearer token has about 1,500."""
MAX_FORM_BYTES = 256 * 1024
MAX_DOCUMENT_BYTES = 4 * 1024 * 1024
"""A JSON body: room for a group with 10,000 members."""
MAX_UNWANTED_BYTES = 16 * 1024 * 1024
"""How much of a body that is too large is read all the same, so that its sender comes to read the answer."""

MAX_PARAMETERS = 100
"""Of a form."""
MAX_DEPTH = 64
"""How deep objects and lists, query filters and pointers may be nested."""
MAX_DIGITS = 100
"""Of a whole number."""
MAX_FIELD_DEPTH = 4
"""How far `_fields` leads from object to object: each step multiplies what is shown."""
MAX_REPEATED_CHARACTERS = 1000
"""Of what was sent, where an answer shows it."""

MAX_CONNECTIONS = 900
"""Fewer than the 1,024 files that a process may usually open; beyond it the one that is idle longest has to go."""
MAX_PIPELINED = 100
"""Requests of one connection that await their turn."""
REQUEST_SECONDS = 30.0
"""Within which a connection's request must be there completely, and its answer be taken."""
IDLE_SECONDS = 5
"""How long a connection is kept for another request."""
DRAIN_SECONDS = 1
"""How long a server that is told to stop waits for requests that are under way."""
