"""What the province refused, at the console: seen in both languages, sent again with a reason."""

from typing import Any
from uuid import UUID

import asyncpg
from web.forms_shown import once_in

PAGE = "/console/system/province"


async def refuse(clinic: Any) -> UUID:
    owner = await asyncpg.connect(clinic.city.settings.owner_database_url.get_secret_value())
    try:
        found: UUID = await owner.fetchval(
            """
            INSERT INTO province.usages
                   (institution_id, card_id, step_at, slot, terminal_id, scene, used_at, day, state, batch_id, ended_at,
                    refusal_code, refusal_msg)
            SELECT institution_id, decode('00', 'hex'), now(), 0, gen_random_uuid(), '010103', now(),
                   (now() AT TIME ZONE 'Asia/Shanghai')::date, 'refused', gen_random_uuid(), now(),
                   '00', '诊疗环节未备案'
              FROM access.accounts WHERE institution_id IS NOT NULL LIMIT 1
            RETURNING batch_id
            """
        )
    finally:
        await owner.close()
    return found


async def test_a_refused_use_is_seen_and_sent_again(clinic: Any) -> None:
    refused_id = await refuse(clinic)
    browser = await clinic.signed_in("system")
    assert f'href="{PAGE}"' in (await browser.get("/console/system")).text
    assert "00 诊疗环节未备案" in (await browser.get(PAGE)).text
    cookie = {"Cookie": f"hc_session={browser.cookies['hc_session']}; hc_language=en"}
    english = (await browser.get(PAGE, headers=cookie)).text
    assert "Refused uses" in english
    assert "Ask your institution" in english
    path = f"{PAGE}/{refused_id}/resend"
    once = once_in(await browser.get(path))
    assert (await browser.post(path, data={"once": once, "reason": ""})).status_code == 422
    done = await browser.post(path, data={"once": once, "reason": "已向省平台备案"})
    assert done.headers["location"] == f"{PAGE}?done=resend"
    assert "诊疗环节未备案" not in (await browser.get(PAGE)).text
    assert (await browser.get(path)).status_code == 404
