"""The words of every deed of access, as its subject reads them."""

from healthcloud import audit

DEEDS = (
    audit.DeedKind("access.invited", zh="为您开设了工作账号", en="A staff account was opened for you"),
    audit.DeedKind("access.enrolled", zh="设置了登录密码或第二因子", en="Password or second factor was set"),
    audit.DeedKind("access.signed-in", zh="登录", en="Signed in"),
    audit.DeedKind("access.sign-in-failed", zh="登录失败", en="A sign-in failed"),
    audit.DeedKind("access.locked", zh="多次失败，账号暂时锁定", en="Locked for a while after repeated failures"),
    audit.DeedKind("access.unlocked", zh="解除了登录锁定", en="The lock on sign-in was taken off"),
    audit.DeedKind("access.signed-out", zh="退出登录", en="Signed out"),
    audit.DeedKind("access.session-ended", zh="结束了一处登录", en="A signed-in device was signed out"),
    audit.DeedKind("access.session-resumed", zh="解锁了闲置的会话", en="An idle session was unlocked"),
    audit.DeedKind(
        "access.proved-again", zh="为一项重要操作再次出示动态口令", en="A one-time code was shown for a grave act"
    ),
    audit.DeedKind("access.password-changed", zh="修改了密码", en="The password was changed"),
    audit.DeedKind("access.pin-set", zh="设置了解锁 PIN", en="A PIN for unlocking was set"),
    audit.DeedKind("access.reset", zh="重置了密码或第二因子", en="Password or second factor was reset"),
    audit.DeedKind("access.suspended", zh="停用了账号", en="The account was suspended"),
    audit.DeedKind("access.reinstated", zh="恢复了账号", en="The account was reinstated"),
    audit.DeedKind("access.left", zh="账号因离岗注销", en="The account was closed on leaving"),
    audit.DeedKind("access.role-granted", zh="授予了角色", en="A role was given"),
    audit.DeedKind("access.role-withdrawn", zh="收回了角色", en="A role was taken away"),
    audit.DeedKind(
        "access.rights-altered", zh="发现权限数据被改动，已不予承认", en="Altered rights were found and ignored"
    ),
    audit.DeedKind("access.resident-joined", zh="首次登录，开通了账号", en="First sign-in: the account was opened"),
    audit.DeedKind("access.phone-changed", zh="更换了登录手机号", en="The phone to sign in with was changed"),
    audit.DeedKind("access.client-created", zh="登记了接入程序", en="An institution's program was admitted"),
    audit.DeedKind(
        "access.client-addresses-changed",
        zh="更改了接入程序允许的访问地址",
        en="The addresses an institution's program may come from were changed",
    ),
    audit.DeedKind("access.client-revoked", zh="停用了接入程序", en="An institution's program was shut out"),
    audit.DeedKind("access.key-added", zh="签发了接口密钥", en="An interface key was issued"),
    audit.DeedKind("access.key-revoked", zh="吊销了接口密钥", en="An interface key was revoked"),
)
audit.declare(*DEEDS)
