"""The one port of the city: opened by the parent, shared by every web worker."""

import socket
import time

from healthcloud.core.errors import Conflict

BACKLOG = 4096
# Workers of a killed parent let the port go as soon as they notice.
PATIENCE_SECONDS = 3.0


class PortTaken(Conflict):
    """Another program on this machine already listens on that port; stop it, or choose another port."""

    code = "port-taken"
    zh = "本机已有其他程序占用该端口，请停止它，或换一个端口。"
    who_acts = "administrator"


def open_listener(host: str, port: int, *, patience: float = PATIENCE_SECONDS) -> socket.socket:
    """Listen on this address; raise PortTaken where somebody else still does after so many seconds."""
    deadline = time.monotonic() + patience
    while True:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError as error:
            listener.close()
            if time.monotonic() > deadline:
                raise PortTaken(host=host, port=port) from error
            time.sleep(0.05)
        else:
            listener.settimeout(0)
            return listener
