"""Frames: however the network cuts them, messages come out whole, in order, once."""

import pytest

from healthcloud.gateway.hl7.framing import Framer, TooLarge, framed

ONE, TWO = b"MSH|^~\\&|1\rPID|1", "MSH|^~\\&|2\rPID|中文".encode("gb18030")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
def test_frames_are_found_however_they_are_cut(size: int) -> None:
    stream = framed(ONE) + framed(b"\xef\xbb\xbf" + TWO) + framed(ONE)
    framer = Framer()
    found = [one for at in range(0, len(stream), size) for one in framer.feed(stream[at : at + size])]
    assert found == [ONE, TWO, ONE]
    assert not framer.is_partial


def test_a_missing_end_is_told_by_the_next_beginning_another_header_or_the_end_of_the_stream() -> None:
    framer = Framer()
    assert framer.feed(b"\x0b" + ONE + b"\r\x0b" + TWO + b"\r") == [ONE]
    assert framer.is_partial
    assert framer.may_be_whole
    assert framer.rest() == [TWO]
    assert framer.feed(b"\x0b" + ONE + b"\r" + TWO + b"\x1c\r") == [ONE, TWO]
    assert framer.feed(ONE + b"\x1c\r") == [ONE]


def test_an_empty_frame_and_what_is_no_message_come_out_to_be_answered() -> None:
    framer = Framer()
    assert framer.feed(b"\x0b\x1c\r") == [b""]
    assert framer.feed(b"\x0bPID|1\x1c\r\r\n") == [b"PID|1"]
    assert not framer.is_partial


def test_too_much_is_too_much_whether_it_ends_or_not() -> None:
    with pytest.raises(TooLarge) as ended:
        Framer(100).feed(framed(b"MSH|^~\\&|" + b"x" * 100))
    assert ended.value.head.startswith(b"MSH|")
    with pytest.raises(TooLarge):
        Framer(100).feed(b"\x0bMSH|" + b"x" * 100)
