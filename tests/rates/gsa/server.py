"""A small HTTP server that answers as it is told, the ways a service fails included."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

BODIES = Path(__file__).parents[2] / "responses" / "gsa"
Step = Callable[["Connection"], None]
BOISE = "/rates/city/Boise/state/ID/year/2027"


def recorded(name: str) -> bytes:
    """A recorded or documented body, by the name of its file."""
    return (BODIES / name).read_bytes()


class Connection:
    """One request: its path, its header lines, and ways to answer it."""

    def __init__(self, sock: socket.socket, path: str, headers: list[str], closing: threading.Event) -> None:
        self.sock, self.path, self.headers, self.closing = sock, path, headers, closing

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def head(self, status: int, length: int, extra: dict[str, str]) -> bytes:
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {length}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in extra.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def trickle(self, data: bytes) -> None:
        """Send `data` over and over, a byte at a time, until the server closes or the client has gone."""
        while True:
            for index in range(len(data)):
                if self.closing.wait(0.01):
                    return
                self.send(data[index : index + 1])


def body(content: bytes, status: int = 200, **headers: str) -> Step:
    """Answer with a body; underscores in the names of headers are hyphens."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda link: link.send(link.head(status, len(content), extra) + content)


def file(name: str, status: int = 200, **headers: str) -> Step:
    """Answer with a recorded body."""
    return body(recorded(name), status, **headers)


def reset_mid_body(content: bytes) -> Step:
    """Send half of a body, then reset the connection."""

    def step(link: Connection) -> None:
        link.send(link.head(200, len(content), {}) + content[: len(content) // 2])
        link.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return step


def broken_off(content: bytes) -> Step:
    """Send half of a body, then close as if that were all."""
    return lambda link: link.send(link.head(200, len(content), {}) + content[: len(content) // 2])


def silence(link: Connection) -> None:
    """Say nothing."""
    link.closing.wait(20)


def slow_headers(link: Connection) -> None:
    """Send headers that never end, a byte at a time."""
    link.send(b"HTTP/1.1 200 OK\r\n")
    link.trickle(b"X-More: and more and more and more\r\n")


def slow_body(link: Connection) -> None:
    """Send a body that never ends, a byte at a time."""
    link.send(link.head(200, 1 << 30, {}))
    link.trickle(b" ")


class _Handler(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.request.recv(65536)
            if not more:
                return
            data += more
        first, *headers = data.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        path = first.split(" ")[1]
        self.server.asked.append((path, headers))
        steps = self.server.plan.get(path, [body(b"{}", 404)])
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        with suppress(OSError):
            step(Connection(self.request, path, headers, self.server.closing))


class Server(socketserver.ThreadingTCPServer):
    """Answers each path by its plan: a list of steps, the last one repeated."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.plan: dict[str, list[Step]] = {}
        self.asked: list[tuple[str, list[str]]] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def on(self, path: str, *steps: Step) -> None:
        """Answer a path with these steps, one a request."""
        self.plan[path] = list(steps)
