"""
What can go wrong with keys and sealed values; no sentence here holds a key or a sealed text.

The last three are also the reader package's own, which raises them bare where a public key is at fault.

    Problem
    ├── SealBroken              a sealed value does not open
    ├── KeyMissing              no such purpose, or not for this use
    ├── KeyFileMissing, KeyFileExposed, KeyFileBroken
    ├── Sm2Unavailable          the machine's OpenSSL has no SM2
    ├── Sm2Failed               OpenSSL refused an operation
    ├── Conflict
    │   └── RotationRefused     this step of a rotation is not the next one
    └── Unacceptable
        └── KeyUnreadable       a key handed in from outside is none
"""

from healthcloud.core.errors import Conflict, Problem, Unacceptable
from healthcloud_reader import keys


class SealBroken(Problem):
    """A sealed value does not open: it was altered, moved to another row, or its key is no longer live."""

    code = "seal-broken"
    zh = "加密数据无法解开：内容被改动、被移到其他记录，或其密钥已停用。"


class KeyMissing(Problem):
    """The key store has no key for what this purpose is asked to do."""

    code = "key-missing"
    zh = "密钥库中没有此用途所需的密钥。"


class KeyFileMissing(Problem):
    """The key file cannot be opened; create it with `healthcloud keys create`, or correct its path."""

    code = "key-file-missing"
    zh = "无法打开密钥文件；请用 healthcloud keys create 创建，或更正路径。"


class KeyFileExposed(Problem):
    """Other users of this machine can read the key file; take their rights away with `chmod 600`."""

    code = "key-file-exposed"
    zh = "本机其他用户可以读取密钥文件；请执行 chmod 600 收回权限。"


class KeyFileBroken(Problem):
    """The key file is damaged or was edited wrongly; put the last good copy back."""

    code = "key-file-broken"
    zh = "密钥文件已损坏或修改有误；请恢复最近一份完好的副本。"


class RotationRefused(Conflict):
    """This step of the key rotation is not possible now; see detail for what must come first."""

    code = "rotation-refused"
    zh = "现在不能执行这一步密钥轮换；请看 detail 中须先完成的步骤。"
    who_acts = "administrator"


class Sm2Unavailable(Problem, keys.Sm2Unavailable):
    """SM2 needs the system's OpenSSL 3 library (libcrypto.so.3, Debian package libssl3) built with SM2."""

    code = "sm2-unavailable"
    zh = "SM2 需要系统的 OpenSSL 3 库（libcrypto.so.3，Debian 软件包 libssl3），且编译时带有 SM2。"


class Sm2Failed(Problem, keys.Sm2Failed):
    """OpenSSL refused an SM2 operation; nothing was signed."""

    code = "sm2-failed"
    zh = "OpenSSL 拒绝了 SM2 运算，没有签出任何内容。"


class KeyUnreadable(Unacceptable, keys.KeyUnreadable):
    """This is not a key of the algorithm it names."""

    code = "key-unreadable"
    zh = "这不是所称算法的密钥。"
    who_acts = "developer"
