"""A name is corrected, and the certificate of the phone follows as soon as its page is open with a network."""

from typing import Any

from cards.scanning import run_reactions
from fixtures.browser import Visit
from web.households import settle
from web.walks.test_card_offline import begin, shown

from healthcloud import people

_ISSUED = """() => new Promise((resolve) => {
  const opened = indexedDB.open("hc-card");
  opened.onsuccess = () => {
    const asked = opened.result.transaction("cards").objectStore("cards").getAll();
    asked.onsuccess = () => {
      opened.result.close();
      const bytes = asked.result[0].certified.bytes;
      resolve(new DataView(bytes.buffer, bytes.byteOffset).getUint32(78));
    };
  };
})"""


async def test_a_corrected_name_is_in_the_certificate_at_the_next_contact(visitor: Visit, clinic: Any) -> None:
    holder, database = await settle(clinic, 690), clinic.city.database
    page = await visitor(390, cookies=holder.browser.cookies)
    await begin(page)
    first = await page.evaluate(_ISSUED)
    assert (await holder.browser.get("/card/now")).json()["certified_from"] <= first * 60_000
    await database.transact(lambda tx: tx.announce(people.events.PersonCorrected(holder.person_id, "name", 2)))
    await run_reactions(database)
    void_before = (await holder.browser.get("/card/now")).json()["certified_from"]
    assert void_before > first * 60_000
    async with page.expect_response("**/certificate") as renewed:
        await page.goto("/card")
        await shown(page)
    assert (await renewed.value).status == 201
    await page.wait_for_timeout(300)
    assert await page.evaluate(_ISSUED) * 60_000 >= void_before
