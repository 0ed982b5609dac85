// What this phone keeps of a card, once its holder has asked for it: in IndexedDB, where keys are kept as keys that
// cannot be read. Nothing is kept of anybody who has not asked.

/** @typedef {import("./phone_codes.js").Secret} Secret */
/** @typedef {import("./phone_codes.js").Certified} Certified */
/**
 * A card this phone may show by itself. `whose` is "" for one's own, else the person one acts for; instants are
 * milliseconds of Unix time by the server's clock, `ahead` how far that is before this phone's.
 * @typedef {object} Kept
 * @property {string} whose
 * @property {string} phone the id the city knows this phone by
 * @property {string} name masked
 * @property {string} document masked
 * @property {string} kind
 * @property {string} card
 * @property {number} slot
 * @property {number} epoch
 * @property {Secret[]} secrets
 * @property {number} renewAt when to ask for secrets and a certificate again
 * @property {number | null} until the card's own end
 * @property {boolean} stopped as heard last: frozen, ended or cancelled
 * @property {number} ahead
 * @property {number} heardAt
 * @property {Certified | null} certified
 */

const NAME = "hc-card";
const STORE = "cards";

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "whose" });
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("another page keeps it closed"));
  });
}

/**
 * @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>}
 */
async function done(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Return a card kept here; undefined where there is none, or nothing can be kept. @param {string} whose @returns {Promise<Kept | undefined>} */
export async function keptOf(whose) {
  try {
    return await done("readonly", (store) => store.get(whose));
  } catch {
    return undefined;
  }
}

/** Return every card kept here. @returns {Promise<Kept[]>} */
export async function everyKept() {
  try {
    return await done("readonly", (store) => store.getAll());
  } catch {
    return [];
  }
}

/** Keep a card. @param {Kept} kept */
export async function keep(kept) {
  await done("readwrite", (store) => store.put(kept));
}

/** Forget one card. @param {string} whose */
export async function forget(whose) {
  await done("readwrite", (store) => store.delete(whose));
}

/** Forget everything, the store itself too. @returns {Promise<void>} */
export function forgetAll() {
  return new Promise((resolve) => {
    if (!("indexedDB" in globalThis)) return resolve();
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = asked.onerror = asked.onblocked = () => resolve();
  });
}
