"""What is wrong with a request, field by field, in both languages; a value somebody sent is never said back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from healthcloud.core.errors import FieldFault

_SAFE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,40}")

# pydantic's error types → what people read; {…} are limits from the schema, never what was sent.
_SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("is required", "必填"),
    "extra_forbidden": ("is not a field of this request", "不是本请求的字段"),
    "string_type": ("must be text", "应为文本"),
    "string_unicode": ("must be valid Unicode text", "应为有效的 Unicode 文本"),
    "string_too_short": ("must have at least {min_length} characters", "至少 {min_length} 个字符"),
    "string_too_long": ("must have at most {max_length} characters", "最多 {max_length} 个字符"),
    "string_pattern_mismatch": ("must have the form {pattern}", "格式应为 {pattern}"),
    "int_type": ("must be a whole number", "应为整数"),
    "int_parsing": ("must be a whole number", "应为整数"),
    "int_from_float": ("must be a whole number", "应为整数"),
    "float_type": ("must be a number", "应为数字"),
    "float_parsing": ("must be a number", "应为数字"),
    "bool_type": ("must be true or false", "应为 true 或 false"),
    "bool_parsing": ("must be true or false", "应为 true 或 false"),
    "uuid_type": ("must be a UUID", "应为 UUID"),
    "uuid_parsing": ("must be a UUID", "应为 UUID"),
    "enum": ("must be one of {expected}", "应为 {expected} 之一"),
    "literal_error": ("must be one of {expected}", "应为 {expected} 之一"),
    "greater_than": ("must be greater than {gt}", "应大于 {gt}"),
    "greater_than_equal": ("must be {ge} or more", "应不小于 {ge}"),
    "less_than": ("must be less than {lt}", "应小于 {lt}"),
    "less_than_equal": ("must be {le} or less", "应不大于 {le}"),
    "too_short": ("must have at least {min_length} items", "至少 {min_length} 项"),
    "too_long": ("must have at most {max_length} items", "最多 {max_length} 项"),
    "list_type": ("must be a list", "应为列表"),
    "dict_type": ("must be an object", "应为对象"),
    "model_attributes_type": ("must be a JSON object", "应为 JSON 对象"),
    "dataclass_type": ("must be a JSON object", "应为 JSON 对象"),
    "date_future": ("must not be in the past", "不得早于今天"),
    "date_past": ("must be in the past", "应早于今天"),
    "timezone_aware": ("must name its time zone", "须带时区"),
}
_FAMILIES: dict[str, tuple[str, str]] = {
    "date_": ("must be a date: YYYY-MM-DD", "应为日期：YYYY-MM-DD"),
    "datetime_": ("must be a time: YYYY-MM-DDThh:mm:ss+08:00", "应为时间：YYYY-MM-DDThh:mm:ss+08:00"),
    "bytes_": ("must be text", "应为文本"),
    "uuid_": ("must be a UUID", "应为 UUID"),
}
_OTHERWISE = ("is not acceptable", "不合规则")


class BrokenRule(ValueError):
    """A rule of a request model that was broken, in words for both languages; raise it in a pydantic validator."""

    def __init__(self, *, en: str, zh: str) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh


def faults_of(errors: Sequence[Mapping[str, Any]]) -> tuple[FieldFault, ...]:
    """Translate pydantic's errors, at most twenty of them; their `input` is left out."""
    return tuple(_fault(error) for error in errors[:20])


def pointer_to(location: Sequence[str | int]) -> str:
    """
    Say where: a JSON pointer as a URI fragment (RFC 6901 section 6) into the body, else `query/limit`, `path/id`.

    A key that is not a plain name may itself be personal data and is written as `…`.
    """
    where, *path = location or ("body",)
    steps = [str(step) if isinstance(step, int) or _SAFE_NAME.fullmatch(step) else "…" for step in path]
    return "/".join(["#" if where == "body" else str(where), *steps])


def _fault(error: Mapping[str, Any]) -> FieldFault:
    context: Mapping[str, Any] = error.get("ctx") or {}
    rule = context.get("error")
    if isinstance(rule, BrokenRule):
        en, zh = rule.en, rule.zh
    else:
        en, zh = (sentence.format_map(_Limits(context)) for sentence in _sentences(str(error["type"])))
    return FieldFault(pointer_to(error["loc"]), en, zh)


def _sentences(kind: str) -> tuple[str, str]:
    if kind in _SENTENCES:
        return _SENTENCES[kind]
    return next((words for family, words in _FAMILIES.items() if kind.startswith(family)), _OTHERWISE)


class _Limits(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
