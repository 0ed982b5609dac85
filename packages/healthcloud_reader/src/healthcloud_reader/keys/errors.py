"""
What can go wrong with a public key; no sentence here holds a key.

    KeyFault
    ├── KeyUnreadable     a key handed in from outside is none
    ├── Sm2Unavailable    the machine's OpenSSL has no SM2
    └── Sm2Failed         OpenSSL refused an operation
"""

from typing import ClassVar


class KeyFault(Exception):
    """A key cannot be used; the class's docstring is the English sentence, `zh` the Chinese one."""

    zh: ClassVar[str] = "密钥不可用。"


class KeyUnreadable(KeyFault):
    """This is not a key of the algorithm it names."""

    zh = "这不是所称算法的密钥。"


class Sm2Unavailable(KeyFault):
    """SM2 needs the system's OpenSSL 3 library (libcrypto.so.3, Debian package libssl3) built with SM2."""

    zh = "SM2 需要系统的 OpenSSL 3 库（libcrypto.so.3，Debian 软件包 libssl3），且编译时带有 SM2。"

    def __str__(self) -> str:
        """Say what is to be installed, also in a bare traceback."""
        return f"{type(self).__doc__} / {self.zh}"


class Sm2Failed(KeyFault):
    """OpenSSL refused an SM2 operation; nothing was signed."""

    zh = "OpenSSL 拒绝了 SM2 运算，没有签出任何内容。"
