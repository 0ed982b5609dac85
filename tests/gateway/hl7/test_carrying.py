"""Messages over real sockets: carried out durably and once, and always acknowledged."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from gateway.hl7.conftest import Hospital, Line, hospital_of, said
from gateway.hl7.messages import adt, control_of, other
from people.makers import next_number

from healthcloud import encounters, exchange, index, people
from healthcloud.core.caller import SYSTEM
from healthcloud.gateway.hl7.framing import framed
from healthcloud.gateway.hl7.listening import Listener
from healthcloud.gateway.hl7.senders import Connection
from healthcloud.index.placing.joining import _join


async def test_an_outpatient_visit_from_registration_to_its_end(line: Line, here: Hospital) -> None:
    resident = next_number(male=False)
    told = [
        adt(event, "P1", "欧阳小花", resident, "V1", facility=here.number, born="", at=f"2026112312{minute:02}00")
        for minute, event in enumerate(("A04", "A08", "A03"))
    ]
    acks = await line.told(*told)
    assert acks == [("AA", control_of(one), "") for one in told]
    found = await line.database.transact(lambda tx: encounters.find(tx, here.caller, "V1"))
    assert (found.kind, found.status, found.version) == ("O", "finished", 3)
    assert found.department == encounters.Named("NK01", "内科")
    assert found.practitioner == encounters.Named("D1", "李医生")
    assert found.ended_at is not None
    async with line.database.read() as read:
        owner = await people.patient_numbers.owner_of_number(read, here.id, "P1")
    assert owner is not None
    assert found.person_id == owner
    assert {one.outcome for one in line.kept} == {"ok"}


async def test_a_cancelled_discharge_and_a_cancelled_admission(line: Line, here: Hospital) -> None:
    events = [("A01", "in-progress"), ("A03", "finished"), ("A13", "in-progress"), ("A11", "cancelled")]
    for minute, (event, status) in enumerate(events):
        at = f"2026112313{minute:02}00"
        await line.told(adt(event, "P2", visit="V2", facility=here.number, pv1="I", at=at))
        found = await line.database.transact(lambda tx: encounters.find(tx, here.caller, "V2"))
        assert (found.status, found.ended_at is None) == (status, status != "finished")


async def test_the_same_message_twice_has_one_effect_even_after_a_later_one(line: Line, here: Hospital) -> None:
    first = adt("A31", "P3", "王一", next_number(male=True), facility=here.number, born="", sex="M")
    later = first.replace("王一", "王二").replace(control_of(first), "LATER3")
    acks = await line.told(first, later, first)
    assert [ack[0] for ack in acks] == ["AA", "AA", "AA"]
    async with line.database.read() as read:
        record = await index.find_record(read, here.id, "P3")
    assert record is not None
    assert (record.content.name, record.version) == ("王二", 2)


async def test_frames_in_every_shape_are_acknowledged_in_order(line: Line, here: Hospital) -> None:
    one, two, three = (adt("A28", f"P4{n}", facility=here.number, born=f"1902010{n}").encode() for n in (1, 2, 3))
    acks = await line.send(framed(one) + framed(b"\xef\xbb\xbf" + two), answers=2)
    assert [said(ack)[:2] for ack in acks] == [("AA", control_of(text.decode())) for text in (one, two)]
    whole = framed(three)
    [ack] = await line.send(whole[:50], whole[50:120], whole[120:])
    assert said(ack)[0] == "AA"
    [ack] = await line.send(b"\x0b" + one)  # no 0x1C, and the sender waits
    assert said(ack)[0] == "AA"
    [ack] = await line.send(b"\x0b" + two.rstrip(b"\r"), half_close=True)
    assert said(ack)[0] == "AA"


async def test_a_hospital_that_writes_gbk_is_answered_in_gbk(line: Line, here: Hospital) -> None:
    text = adt("A28", "P5", "亅誰", facility=here.number, charset="GBK")
    [ack] = await line.send(framed(text.encode("gbk")))
    assert said(ack)[0] == "AA"
    assert ack.charset == "gb18030"
    async with line.database.read() as read:
        record = await index.find_record(read, here.id, "P5")
    assert record is not None
    assert record.content.name == "亅誰"


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"PID|1||P9\r", ("AR", "-", "hl7-header-missing")),
        (b"", ("AR", "-", "hl7-header-missing")),
        (b"\xff\xfe\xfd", ("AR", "-", "hl7-charset-wrong")),
    ],
)
async def test_what_is_no_message_is_acknowledged_too(line: Line, data: bytes, answer: tuple[str, str, str]) -> None:
    [ack] = await line.send(framed(data))
    assert said(ack)[0] == answer[0]
    assert said(ack)[2].startswith("hl7-")


async def test_a_message_is_told_what_is_wrong_with_it_and_nothing_is_kept(line: Line, here: Hospital) -> None:
    nameless = adt("A04", "P6", "", visit="V6", facility=here.number)
    unplaced = adt("A04", "P6", visit="V6", facility=here.number).replace("|P6^^^HIS^PI|", "||")
    untimely = adt("A01", "P6", visit="V6", facility=here.number, at="2026112399")
    unknown = adt("A99", "P6", facility=here.number)
    acks = await line.told(nameless, unplaced, untimely, unknown)
    assert [(ack[0], ack[2]) for ack in acks] == [
        ("AE", "index-record-unreadable"),
        ("AE", "hl7-field-wrong"),
        ("AE", "hl7-field-wrong"),
        ("AR", "hl7-kind-not-taken"),
    ]
    with pytest.raises(encounters.EncounterNotFound):
        await line.database.transact(lambda tx: encounters.find(tx, here.caller, "V6"))
    async with line.database.read() as read:
        assert await index.find_record(read, here.id, "P6") is None


async def test_too_large_is_answered_and_closed_and_a_half_message_too(line: Line, here: Hospital) -> None:
    large = adt("A28", "P7", "x" * 200_001, facility=here.number, control="LARGE").encode()
    [ack] = await line.send(b"\x0b" + large)
    assert said(ack) == ("AR", "LARGE", "hl7-message-too-large")
    half = adt("A28", "P7", facility=here.number, control="HALF").encode()[:-20]
    [ack] = await line.send(b"\x0b" + half)
    assert said(ack) == ("AR", "HALF", "hl7-message-unfinished")


async def test_a_segment_of_more_than_ten_megabytes_is_refused_at_the_limit_cities_have(
    line: Line, here: Hospital
) -> None:
    listener = Listener(line.carrier.answer, line.carrier.refuse)
    port = await listener.open("127.0.0.1", 0)
    large = adt("A28", "P14", "x" * (10 << 20), facility=here.number, control="TENMB").encode()
    small = adt("A28", "P14", facility=here.number)
    wide = replace(line, listener=listener, port=port)
    [ack] = await wide.send(framed(large))
    assert said(ack) == ("AR", "TENMB", "hl7-message-too-large")
    assert await wide.told(small) == [("AA", control_of(small), "")]
    await listener.close()


async def test_only_whose_connection_it_is_is_believed(line: Line) -> None:
    elsewhere = await hospital_of(line.database, addresses=("10.9.9.9",))
    anywhere = await hospital_of(line.database)  # no address and no certificate is nowhere
    unlicensed = await hospital_of(line.database, scopes=("exchange.deliver", "index.submit"), addresses=("127.0.0.1",))
    for facility in (elsewhere.number, anywhere.number, unlicensed.number, "NOBODY", ""):
        [ack] = await line.told(adt("A28", "P8", facility=facility))
        assert (ack[0], ack[2]) == ("AR", "hl7-sender-not-believed")


@pytest.mark.parametrize(
    ("kind", "segment"), [("SIU^S12", "SCH"), ("ORU^R01", "OBR"), ("ORM^O01", "ORC"), ("MDM^T02", "TXA")]
)
async def test_what_has_no_feature_yet_is_kept_once_with_its_person(
    line: Line, here: Hospital, kind: str, segment: str
) -> None:
    await line.told(adt("A28", "P10", "李小四", next_number(male=True), facility=here.number, born="", sex="M"))
    message = other(kind, segment, "P10", facility=here.number)
    assert [ack[0] for ack in await line.told(message, message)] == ["AA", "AA"]
    taken = await line.database.transact(lambda tx: exchange.held.take(tx, kind))
    async with line.database.read() as read:
        owner = await people.patient_numbers.owner_of_number(read, here.id, "P10")
        assert kind not in {one.kind for one in await exchange.held.counts(read, SYSTEM)}
    assert [(one.control_id, one.person_id, one.body.decode()) for one in taken] == [
        (control_of(message), owner, message.rstrip())
    ]
    [ack] = await line.told(other(kind, "ZZZ", "P10", facility=here.number))
    assert (ack[0], ack[2]) == ("AE", "hl7-field-wrong")


async def test_two_numbers_said_to_be_one_patient_never_merge_two_persons(line: Line, here: Hospital) -> None:
    one, two = next_number(male=True), next_number(male=True)
    await line.told(
        adt("A28", "P11", "赵甲", one, facility=here.number, born="", sex="M"),
        adt("A28", "P12", "钱乙", two, facility=here.number, born="", sex="M"),
        adt("A40", "P11", "赵甲", one, facility=here.number, born="", sex="M", mrg="P12"),
    )
    body = {"source": str(here.id), "number": "P11", "gone": "P12", "account": str(here.client_id)}
    await line.database.transact(lambda tx: _join(tx, body))
    async with line.database.read() as read:
        owners = await people.patient_numbers.owners_of_numbers(read, here.id, {"P11", "P12"})
        asked = await index.questions.open_questions(read, SYSTEM, index.questions.Filter(source_id=here.id))
    assert len(set(owners.values())) == 2
    assert any(set(owners.values()) <= set(question.person_ids) for question in asked.items)
    # a number nobody has is the other's
    body |= {"gone": "P13"}
    await line.database.transact(lambda tx: _join(tx, body))
    async with line.database.read() as read:
        assert await people.patient_numbers.owner_of_number(read, here.id, "P13") == owners["P11"]


async def test_mllp_send_works_unmodified(line: Line, here: Hospital, tmp_path: Path) -> None:
    messages = [adt("A28", f"P2{n}", facility=here.number, born=f"1903010{n + 1}") for n in range(3)]
    file = tmp_path / "messages.hl7"
    file.write_bytes(b"".join(framed(one.encode()) for one in messages))
    program = Path(sys.executable).with_name("mllp_send")
    command = [str(program), "--port", str(line.port), "--file", str(file), "127.0.0.1"]
    said = await asyncio.to_thread(subprocess.check_output, command, timeout=30)
    for one in messages:
        assert f"MSA|AA|{control_of(one)}|".encode() in said


async def test_a_renewal_answers_what_came_whole_and_closes() -> None:
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def answer(message: bytes, _: Connection) -> bytes:
        begun.set()
        await going_on.wait()
        return b"ACK of " + message

    listener = Listener(answer, lambda head, _: head)
    port = await listener.open("127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(framed(b"MSH|1") + b"\x0bMSH|half")
    await asyncio.wait_for(begun.wait(), 20)
    closing = asyncio.create_task(listener.close())
    await asyncio.sleep(0)
    going_on.set()
    assert await asyncio.wait_for(reader.read(), 20) == framed(b"ACK of MSH|1")
    await closing
    writer.close()
    await writer.wait_closed()
