"""HL7 messages of an invented hospital about invented patients."""

from itertools import count

_controls = count(1)


def adt(
    event: str, number: str, name: str = "欧阳小花", resident: str = "", visit: str = "", *, facility: str, **more: str
) -> str:
    """Return an ADT message; `more` may set charset, control, born, sex, pv1, mrg, at."""
    at = more.get("at", "20261123120000")
    control = more.get("control") or f"C{next(_controls)}"
    charset = more.get("charset", "UNICODE UTF-8")
    ids = f"{number}^^^HIS^PI" + (f"~{resident}^^^^NI" if resident else "")
    lines = [
        f"MSH|^~\\&|HIS|{facility}|HC|CITY|{at}||ADT^{event}|{control}|P|2.4||||||{charset}",
        f"EVN|{event}|{at}",
        f"PID|1||{ids}||{name}||{more.get('born', '19010102')}|{more.get('sex', 'F')}|||光明路1号^^枣庄市^山东省||139",
    ]
    if "mrg" in more:
        lines.append(f"MRG|{more['mrg']}^^^HIS^PI")
    if visit:
        fields = [""] * 46
        fields[2], fields[3] = more.get("pv1", "O"), "NK01^3^12^^^^^^内科"
        fields[7], fields[19], fields[44] = "D1^李^医生", visit, at
        lines.append("PV1|" + "|".join(fields[1:]))
    return "\r".join(lines) + "\r"


def other(kind: str, segment: str, number: str, *, facility: str, control: str = "") -> str:
    """Return a message that is kept, about a patient."""
    control = control or f"C{next(_controls)}"
    return (
        f"MSH|^~\\&|HIS|{facility}|HC|CITY|20261123120000||{kind}|{control}|P|2.4||||||UNICODE UTF-8\r"
        f"PID|1||{number}^^^HIS^PI||某人\r{segment}|1|X\r"
    )


def control_of(message: str) -> str:
    return message.split("\r", maxsplit=1)[0].split("|")[9]
