"""Verify orders: a citizen confirms on the city's page that a hospital may show them what is theirs."""

from healthcloud import exchange
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.gateway import neutral
from healthcloud.gateway.neutral import Document, Whose
from healthcloud.gateway.tencent.errors import DepartmentNeeded
from healthcloud.gateway.tencent.task import NEEDS_DEPARTMENT, Task

# 本人: the city knows whose session it is and that their identity was checked; it compares no face.
BY_ACCOUNT = "0"


async def register_order(task: Task) -> object:
    """registerUniformVerifyOrder: the citizen is sent to verifyUrl, and comes back with registerOrderId."""
    read = task.fields
    kind, number = task.words.document(read.text("cardType") or "01"), read.need("idCard", longest=64)
    scene, department = read.need("scene", longest=16), read.text("department", longest=64)
    carried = exchange.confirmations.Carried(
        read.need("name", longest=100),
        task.words.scene(scene) or "",
        department,
        read.need("verifySuccessRedirectUrl", longest=500),
        read.need("verifyFailRedirectUrl", longest=500),
    )
    read.check()
    if scene in NEEDS_DEPARTMENT and department is None:
        raise DepartmentNeeded
    whose = Whose(document=Document(kind, number))
    asked = await neutral.ask_citizen(task.core, task.errand, whose, carried)
    return {"verifyUrl": asked.page, "verifyOrderId": asked.id.hex.upper(), "protectState": ""}


async def check_result(task: Task) -> object:
    """checkUniformVerifyResult: whether they agreed, told once for the registerOrderId they came back with."""
    order, code = task.fields.need("verifyOrderId", longest=64), task.fields.need("verifyResult", longest=128)
    task.fields.check()
    order_id = exchange.confirmations.id_of(order)
    if order_id is None:
        raise Unacceptable(faults=(FieldFault("#/req/verifyOrderId", "is no verify order", "不是核验订单号"),))
    told = await neutral.learn_answer(task.core, task.errand, order_id, code)
    return {"suc": told.agreed, "verifyType": BY_ACCOUNT, "ext": "", "healthCardId": told.card_id or ""}
