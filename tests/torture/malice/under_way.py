"""A request that is not at its end."""

from __future__ import annotations

import socket

from tests.reference_server.oauth.world import Guide
from tests.torture.malice.wire import FORM, Answer, answers, request
from tests.torture.process import Process


class UnderWay:
    """A request whose handler waits for the body: the server has said that it may be sent."""

    def __init__(self, process: Process, guide: Guide) -> None:
        self._form = f"token=x&client_id={guide.app.id}&client_secret={guide.app.secret}".encode()
        post = request("POST", guide.oauth + "/introspect", self._form, content_type=FORM, expect="100-continue")
        self._socket = socket.create_connection(("127.0.0.1", process.port), 20)
        self._socket.sendall(post[: -len(self._form)])
        assert self._socket.recv(100).startswith(b"HTTP/1.1 100 ")

    def finish(self) -> Answer:
        """Send the rest."""
        self._socket.sendall(self._form)
        return self.answer()

    def answer(self) -> Answer:
        """What the server says at last."""
        with self._socket:
            received = b""
            while piece := self._socket.recv(1 << 16):
                received += piece
        (answer,) = answers(received)
        return answer
