"""
The Minimal Lower Layer Protocol (HL7 Transport Specification: MLLP, release 1): bytes to messages and back. Pure.

A message stands between 0x0B and 0x1C 0x0D, however the network cuts it. Tolerated: a byte order mark, a missing 0x0B,
and a missing 0x1C where the next 0x0B, another MSH or the end of the stream tells where the message ends. Neither byte
occurs within a character of UTF-8 or GB 18030.
"""

import re

BEGIN, END, RETURN = b"\x0b", b"\x1c", b"\r"
MOST_BYTES = 10 << 20

_MARK = re.compile(rb"[\x0b\x1c]")
_NEXT = re.compile(rb"(?<=[\r\n])(?=MSH[^0-9A-Za-z\r\n])")
_AROUND = b"\r\n \t\0"
_BOM = b"\xef\xbb\xbf"


class TooLarge(Exception):
    """A message has passed `MOST_BYTES`; `head` is how it began."""

    def __init__(self, head: bytes) -> None:
        super().__init__()
        self.head = head


class Framer:
    """What one connection has sent that is no whole message yet."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._buffer = bytearray()
        self._most = most
        self._looked = 0
        self._begun = False

    @property
    def is_partial(self) -> bool:
        """Whether a message has begun that is not whole."""
        return self._begun or bool(self._buffer.strip(_AROUND))

    @property
    def may_be_whole(self) -> bool:
        """Whether what has come ends as a segment does: then only its 0x1C may be missing."""
        return self._buffer.endswith((b"\r", b"\n"))

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that have become whole; raise TooLarge, after which there is nothing to be had."""
        self._buffer += data
        found: list[bytes] = []
        while mark := _MARK.search(self._buffer, self._looked):
            at = mark.start()
            text, is_end = bytes(self._buffer[:at]), self._buffer[at] == END[0]
            del self._buffer[: at + 1]
            self._looked = 0
            if len(text) > self._most:
                raise TooLarge(text[:4096])
            some = messages_of(text)
            found += some or ([b""] if is_end and self._begun else [])
            self._begun = not is_end
        self._looked = len(self._buffer)
        if self._looked > self._most:
            raise TooLarge(bytes(self._buffer[:4096]))
        return found

    def rest(self) -> list[bytes]:
        """Return what has come as if its end had, and begin anew."""
        text = bytes(self._buffer)
        self._buffer.clear()
        self._looked, self._begun = 0, False
        return messages_of(text)


def messages_of(text: bytes) -> list[bytes]:
    """Return the messages of one frame: more than one where no 0x1C stood between them."""
    text = text.strip(_AROUND).removeprefix(_BOM)
    if not text:
        return []
    found = [one.strip(_AROUND) for one in _NEXT.split(text)]
    # What stands before the first MSH belongs to it: the header of a batch, or what makes it unreadable.
    return found if found[0].startswith(b"MSH") or len(found) == 1 else [RETURN.join(found[:2]), *found[2:]]


def framed(message: bytes) -> bytes:
    """Return a message as it goes over the line."""
    return b"".join((BEGIN, message, END, RETURN))
