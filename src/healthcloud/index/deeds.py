"""The deeds of the index: what institutions brought of somebody, and what came of it."""

from healthcloud import audit

RECEIVED = "index.received"
LOOKED_UP = "index.looked-up"
MATCHED = "index.matched"
BUILT = "index.built"
MODEL_PROPOSED = "index.model-proposed"
MODEL_ADOPTED = "index.model-adopted"

audit.declare(
    audit.DeedKind(RECEIVED, zh="医疗机构提交了患者档案", en="An institution handed in records of its patients"),
    audit.DeedKind(
        LOOKED_UP, zh="按患者号查找了您在主索引中的登记", en="Your record was looked up by its local number"
    ),
    audit.DeedKind(MATCHED, zh="按姓名等信息比对到了您的登记", en="Your registration was found by comparing data"),
    audit.DeedKind(BUILT, zh="为全市居民建立主索引", en="The index was built over the persons there already"),
    audit.DeedKind(MODEL_PROPOSED, zh="提出了新的人员比对模型", en="Another model for comparing records was proposed"),
    audit.DeedKind(MODEL_ADOPTED, zh="启用了另一版人员比对模型", en="Another version of the model was adopted"),
)
