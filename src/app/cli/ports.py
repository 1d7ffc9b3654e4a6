"""TCP ports that a server of ours wants to listen on."""

import errno
import os
import socket


def find_port_problem(host: str, port: int) -> str | None:
    """Return why a server cannot listen on a port, or None if it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"--port is {port}, and another program uses that port of {host}."
        cause = error.strerror if error.errno is None else os.strerror(error.errno)
        return f"--port is {port}, and the server cannot listen on it at {host} ({cause})."
    return None
