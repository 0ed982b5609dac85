"""Signatures made wrong on purpose; pure."""

import msgspec

_SIGNATURES = ("sign", "signature", "headSign", "bodySign", "digest")


def spoiled_header(text: str) -> str:
    """Return an Authorization header of ours with a wrong signature that can be read as well as the right one."""
    head, mark, signature = text.partition('signature="')
    return f"{head}{mark}{_otherwise(signature)}" if signature else text


def spoiled(body: bytes) -> bytes:
    """Return a JSON answer with a wrong signature, wherever it has one; anything else as it is."""
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return body
    return msgspec.json.encode(content) if _spoil(content) else body


def _spoil(content: object) -> bool:
    found = False
    if isinstance(content, dict):
        for name, value in content.items():
            if name in _SIGNATURES and isinstance(value, str) and value:
                content[name] = _otherwise(value)
                found = True
            else:
                found = _spoil(value) or found
    elif isinstance(content, list):
        for value in content:
            found = _spoil(value) or found
    return found


def _otherwise(text: str) -> str:
    """Return a text of the same length and alphabet that is not this one."""
    return ("1" if text[0] == "0" else "0") + text[1:]
