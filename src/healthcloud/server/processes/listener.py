"""The one port of the city: opened by the parent, shared by every web worker."""

import socket

from healthcloud.core.errors import Conflict

BACKLOG = 4096


class PortTaken(Conflict):
    """Another program on this machine already listens on that port; stop it, or choose another port."""

    code = "port-taken"
    zh = "本机已有其他程序占用该端口，请停止它，或换一个端口。"
    who_acts = "administrator"


def open_listener(host: str, port: int) -> socket.socket:
    """Listen on this address; raise PortTaken where somebody else does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(host=host, port=port) from error
    listener.listen(BACKLOG)
    listener.settimeout(0)
    return listener
