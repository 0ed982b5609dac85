"""Forms with a file in them: what a browser sends is read as it is, what nobody sends is refused."""

import httpx
import pytest

from healthcloud.core.errors import Malformed
from healthcloud.web.multipart import read_parts


def sent(fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    request = httpx.Request("POST", "http://city.example/", data=fields, files=files)
    return request.headers["content-type"], request.read()


def test_fields_and_files_come_as_they_were_sent() -> None:
    content = b"\r\n--\r\n\x00\xff--boundary\r\n" + "姓名,性别\r\n".encode("gb18030")
    kind, body = sent({"name": "第一批 ", "empty": ""}, {"file": ("患者.csv", content)})
    parts = read_parts(kind, body, 40)
    assert parts.fields == {"name": "第一批 ", "empty": ""}
    assert parts.files["file"].name == "患者.csv"
    assert parts.files["file"].content == content


def test_a_file_nobody_chose_is_none() -> None:
    kind, body = sent({"name": "x"}, {"file": ("", b"")})
    assert read_parts(kind, body.replace(b'name="file"', b'name="file"; filename=""'), 40).files == {}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--y--"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'),
        ("multipart/form-data; boundary=x", b"--x\r\nno head at all\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--'),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"a" * 2000 + b"\r\n\r\nb\r\n--x--"),
    ],
)
def test_what_is_no_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(Malformed):
        read_parts(kind, body, 40)


def test_a_form_of_countless_fields_is_refused() -> None:
    kind, body = sent({str(n): "x" for n in range(41)}, {"file": ("a", b"b")})
    with pytest.raises(Malformed):
        read_parts(kind, body, 40)
