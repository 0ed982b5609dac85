"""The words of what is done to the installation itself."""

from healthcloud import audit

JOB_REPLAYED = "server.job-replayed"
JOB_DISCARDED = "server.job-discarded"
KEYS_CHANGED = "server.keys-changed"

audit.declare(
    audit.DeedKind(JOB_REPLAYED, zh="失败的后台任务重新执行", en="A failed background job was put back into its queue"),
    audit.DeedKind(JOB_DISCARDED, zh="失败的后台任务被放弃", en="A failed background job was discarded"),
    audit.DeedKind(KEYS_CHANGED, zh="密钥轮换的一步", en="A step of a key rotation was taken"),
)
