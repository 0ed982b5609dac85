"""The deeds of the index: what institutions brought of somebody, and what came of it."""

from healthcloud import audit

RECEIVED = "index.received"
LOOKED_UP = "index.looked-up"
MATCHED = "index.matched"
BUILT = "index.built"
IMPORT_BEGUN = "index.import-begun"
IMPORT_STARTED = "index.import-started"
IMPORT_CANCELLED = "index.import-cancelled"
IMPORT_ANSWERED = "index.import-answered"
MODEL_PROPOSED = "index.model-proposed"
MODEL_ADOPTED = "index.model-adopted"
COMPARED = "index.compared"
JUDGED_SAME = "index.judged-same"
JUDGED_DIFFERENT = "index.judged-different"
MERGE_PROPOSED = "index.merge-proposed"
MERGE_DECLINED = "index.merge-declined"
SPLIT = "index.split"
UNDONE = "index.decision-undone"
GOLDEN_OPENED = "index.golden-opened"
SAMPLE_JUDGED = "index.sample-judged"

audit.declare(
    audit.DeedKind(RECEIVED, zh="医疗机构提交了患者档案", en="An institution handed in records of its patients"),
    audit.DeedKind(
        LOOKED_UP, zh="按患者号查找了您在主索引中的登记", en="Your record was looked up by its local number"
    ),
    audit.DeedKind(MATCHED, zh="按姓名等信息比对到了您的登记", en="Your registration was found by comparing data"),
    audit.DeedKind(BUILT, zh="为全市居民建立主索引", en="The index was built over the persons there already"),
    audit.DeedKind(IMPORT_BEGUN, zh="开始导入患者文件", en="The import of a patient file was begun"),
    audit.DeedKind(IMPORT_STARTED, zh="开始将患者文件提交主索引", en="A patient file was handed to the index"),
    audit.DeedKind(IMPORT_CANCELLED, zh="取消了患者文件的导入", en="The import of a patient file was cancelled"),
    audit.DeedKind(
        IMPORT_ANSWERED, zh="下载了患者文件的退回行或结果", en="Rejected rows or answers of a patient file were read"
    ),
    audit.DeedKind(MODEL_PROPOSED, zh="提出了新的人员比对模型", en="Another model for comparing records was proposed"),
    audit.DeedKind(MODEL_ADOPTED, zh="启用了另一版人员比对模型", en="Another version of the model was adopted"),
    audit.DeedKind(
        COMPARED, zh="对照查看了您的登记，判断是否重复", en="Your registration was looked at beside another like it"
    ),
    audit.DeedKind(JUDGED_SAME, zh="认定某份登记是您的", en="Somebody decided that a record is yours"),
    audit.DeedKind(JUDGED_DIFFERENT, zh="认定某份登记不是您的", en="Somebody decided that a record is not yours"),
    audit.DeedKind(
        MERGE_PROPOSED, zh="提出合并您的重复登记，等待复核", en="A merge of registrations of yours was proposed"
    ),
    audit.DeedKind(MERGE_DECLINED, zh="退回了合并您登记的提议", en="A proposed merge of yours was declined"),
    audit.DeedKind(SPLIT, zh="从您名下拆出了不属于您的档案", en="Records that are not yours were taken off you"),
    audit.DeedKind(UNDONE, zh="撤销了关于您登记的认定", en="A decision about your registrations was taken back"),
    audit.DeedKind(
        GOLDEN_OPENED, zh="查看了各医院登记的您的信息", en="What every source says of you was looked at unmasked"
    ),
    audit.DeedKind(SAMPLE_JUDGED, zh="抽查了一项自动关联是否正确", en="A link the machine made was judged in a sample"),
)
