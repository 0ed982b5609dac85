"""What is done to institutions, in words an auditor reads."""

from healthcloud import audit

OPENED = "institutions.opened"
AMENDED = "institutions.amended"
CLOSED = "institutions.closed"
NUMBER_ADDED = "institutions.number-added"
NUMBER_WITHDRAWN = "institutions.number-withdrawn"
DEPARTMENT_ADDED = "institutions.department-added"
DEPARTMENT_CLOSED = "institutions.department-closed"
PRACTITIONER_ADDED = "institutions.practitioner-added"
POST_TAKEN = "institutions.post-taken"
POST_ENDED = "institutions.post-ended"
ACCOUNT_LINKED = "institutions.account-linked"
TERMINAL_ADDED = "institutions.terminal-added"
ENROLMENT_ISSUED = "institutions.enrolment-issued"
TERMINAL_BOUND = "institutions.terminal-bound"
TERMINAL_MOVED = "institutions.terminal-moved"
TERMINAL_RETIRED = "institutions.terminal-retired"
CODES_IMPORTED = "institutions.codes-imported"
DICTIONARY_CHANGED = "institutions.dictionary-changed"

audit.declare(
    audit.DeedKind(OPENED, zh="登记了机构", en="An institution was entered"),
    audit.DeedKind(AMENDED, zh="修改了机构信息", en="What is said of an institution was amended"),
    audit.DeedKind(CLOSED, zh="关闭了机构", en="An institution was closed, and its terminals retired"),
    audit.DeedKind(NUMBER_ADDED, zh="添加了机构编号", en="An institution was given an outside number"),
    audit.DeedKind(NUMBER_WITHDRAWN, zh="撤下了机构编号", en="An outside number was taken from an institution"),
    audit.DeedKind(DEPARTMENT_ADDED, zh="添加了科室", en="A department was added"),
    audit.DeedKind(DEPARTMENT_CLOSED, zh="关闭了科室", en="A department was closed"),
    audit.DeedKind(PRACTITIONER_ADDED, zh="登记了医务人员", en="A practitioner was entered"),
    audit.DeedKind(POST_TAKEN, zh="医务人员任职", en="A practitioner took a post at an institution"),
    audit.DeedKind(POST_ENDED, zh="医务人员离任", en="A practitioner left a post at an institution"),
    audit.DeedKind(ACCOUNT_LINKED, zh="账户关联了医务人员", en="An account was tied to a practitioner"),
    audit.DeedKind(TERMINAL_ADDED, zh="添加了终端", en="A terminal was added"),
    audit.DeedKind(ENROLMENT_ISSUED, zh="发出了终端绑定码", en="A one-time code to bind a terminal was issued"),
    audit.DeedKind(TERMINAL_BOUND, zh="绑定了终端", en="A browser or a client was bound to a terminal"),
    audit.DeedKind(TERMINAL_MOVED, zh="更改了终端的诊疗环节", en="A terminal was given another step of treatment"),
    audit.DeedKind(TERMINAL_RETIRED, zh="停用了终端", en="A terminal was retired"),
    audit.DeedKind(CODES_IMPORTED, zh="导入了代码集", en="A code set was imported"),
    audit.DeedKind(DICTIONARY_CHANGED, zh="更改了机构字典对照", en="An institution's dictionary was changed"),
)
