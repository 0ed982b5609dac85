"""In the hospital: registering at the window, scanning at each step, linking old numbers."""

from collections.abc import Sequence

from healthcloud.conformance.model import Case, Expectation, expect
from healthcloud.conformance.stage import Stage

# 诊疗环节 by the room a driver is told.
SCENES = {
    "window": ("010101", "挂号"),
    "doctor": ("010102", "诊断"),
    "pharmacy": ("010103", "取药"),
    "laboratory": ("010104", "检验"),
    "cashier": ("010105", "收费"),
}


async def window(stage: Stage) -> Sequence[Expectation]:
    """Judge a registration."""
    patient = await stage.patient(stage.person("no-card", 1))
    acted = await stage.act("register", patient=patient)
    return [
        expect("在挂号环节扫码", "a scan at the window", acted.done("scan", scene=SCENES["window"][0])),
        expect("关联了院内患者号", "the hospital's own number linked", acted.done("bind", local=patient)),
    ]


async def each_step(stage: Stage) -> Sequence[Expectation]:
    """Judge a scan in each room."""
    patient = await stage.patient(stage.person("no-card", 1))
    found = []
    for room, (scene, zh) in SCENES.items():
        acted = await stage.act("scan", patient=patient, room=room)
        seen = [one for one in acted.done("scan", scene=scene) if one.facts.get("card")]
        found.append(expect(f"在{zh}环节扫码（{scene}）", f"a scan at {room} ({scene})", seen))
    return found


async def old_number(stage: Stage) -> Sequence[Expectation]:
    """Judge the linking of a number from before the card."""
    person = stage.person("no-card", 1)
    patient = await stage.patient(person)
    number = f"OLD{person['id_number'][-8:]}"
    acted = await stage.act("bind-number", patient=patient, number=number)
    return [expect("关联了旧患者号", "the old number linked", acted.done("bind", local=number))]


CASES = (
    Case(
        *("register.window", "register", "窗口挂号扫码并关联患者号", "Register by scan and link the number", window),
        needs=("open-card.first",),
    ),
    Case(
        *("scan.each-step", "scan", "每个诊疗环节都能扫码", "Scan at each step of treatment", each_step),
        needs=("open-card.first",),
    ),
    Case(
        *("bind.old-number", "bind", "关联原有患者号", "Link a number from before the card", old_number),
        needs=("open-card.first",),
    ),
)
