"""The line to the process that children are forked from: lines of JSON over a Unix socket, in both directions."""

import json
import socket
from collections.abc import Iterator
from typing import Any

#: Set in children: where the process that they were forked from listens.
ADDRESS = "JUNHENG_WARM"

Answer = dict[str, Any]


def connected(address: str) -> socket.socket:
    """Return a line to the process that listens at `address`; raises FileNotFoundError or ConnectionError without."""
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def ask(address: str, request: Answer) -> Iterator[Answer]:
    """Send a request and yield the answers as they come, until the other side closes."""
    with connected(address) as line:
        line.sendall(json.dumps(request).encode() + b"\n")
        with line.makefile("rb") as answers:
            for answer in answers:
                yield json.loads(answer)
