"""The deeds about visits."""

from healthcloud import audit

RECORDED = "encounters.recorded"
LOOKED_UP = "encounters.looked-up"
READ = "encounters.read"

audit.declare(
    audit.DeedKind(RECORDED, zh="医疗机构上报了就诊信息", en="An institution told of visits"),
    audit.DeedKind(
        LOOKED_UP, zh="医疗机构查询了您在该机构的就诊", en="An institution looked up a visit of yours there"
    ),
    audit.DeedKind(READ, zh="代办人查看了您的就诊记录", en="Somebody who acts for you read the list of your visits"),
)
