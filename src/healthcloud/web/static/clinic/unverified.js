// Scans taken while the platform is away, kept on this device until it has them. Each is sealed with a key that no
// script can read out (AES-GCM, not extractable); beside it stands a random id alone.

const NAME = "hc-counter";
const SCANS = "scans";
const PLACE = "place";
const NONCE_BYTES = 12;
/** Most scans that are kept; a desk that has more has a paper list. */
export const MOST = 1000;
/** Longest that one is kept: the platform takes them for thirty days, a desk is back sooner. */
export const LONGEST_MS = 7 * 24 * 3600 * 1000;

/**
 * `said` is the name the patient gave; it never leaves this device.
 * @typedef {{ id: string, at: number, code: string, said: string }} Held
 * @typedef {{ id: string, nonce: Uint8Array<ArrayBuffer>, sealed: ArrayBuffer }} Row
 */

/** @template T @param {IDBRequest<T>} asked @returns {Promise<T>} */
const answered = (asked) =>
  new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

/** @returns {Promise<IDBDatabase>} */
function opened() {
  const asked = indexedDB.open(NAME, 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore(SCANS, { keyPath: "id" });
    asked.result.createObjectStore(PLACE);
  };
  return answered(asked);
}

/** Let go of another terminal's scans and make this one's key; of two tabs at once one does. @param {IDBDatabase} database @param {string} terminal */
async function begin(database, terminal) {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const both = database.transaction([SCANS, PLACE], "readwrite");
  const place = both.objectStore(PLACE);
  if ((await answered(place.get("terminal"))) === terminal) return;
  both.objectStore(SCANS).clear();
  place.put(key, "key");
  await answered(place.put(terminal, "terminal"));
}

/** The scans of one terminal that wait. */
export class Unverified {
  #database;
  #key;
  /** @type {Map<string, Held>} */
  #held = new Map();
  /** Called whenever there are more or fewer. */
  changed = () => {};

  /** @param {IDBDatabase} database @param {CryptoKey} key */
  constructor(database, key) {
    this.#database = database;
    this.#key = key;
  }

  /**
   * Open what waits at a terminal; what waits for another one is gone. Null where this browser cannot keep a secret.
   * @param {string} terminal empty for whichever was here last @returns {Promise<Unverified | null>}
   */
  static async open(terminal) {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return null;
    try {
      const database = await opened();
      const place = () => database.transaction(PLACE).objectStore(PLACE);
      const was = await answered(place().get("terminal"));
      if (terminal === "" && !was) return null;
      if (terminal !== "" && was !== terminal) await begin(database, terminal);
      const kept = new Unverified(database, await answered(place().get("key")));
      await kept.load();
      return kept;
    } catch {
      return null; // a private window, or no room
    }
  }

  /** Read again what another tab of this desk may have changed; what is too old is let go. */
  async load() {
    /** @type {Row[]} */
    const rows = await answered(this.#database.transaction(SCANS).objectStore(SCANS).getAll());
    /** @type {Held[]} */
    const found = [];
    /** @type {string[]} */
    const gone = [];
    for (const { id, nonce, sealed } of rows) {
      try {
        const plain = await crypto.subtle.decrypt(this.#sealing(id, nonce), this.#key, sealed);
        const one = { id, ...JSON.parse(new TextDecoder().decode(plain)) };
        if (Date.now() - one.at > LONGEST_MS) gone.push(id);
        else found.push(one);
      } catch {
        gone.push(id);
      }
    }
    found.sort((one, other) => one.at - other.at);
    this.#held = new Map(found.map((one) => [one.id, one]));
    if (gone.length > 0) await this.drop(gone);
    this.changed();
  }

  /** What waits, the oldest first. */
  get all() {
    return [...this.#held.values()];
  }

  get size() {
    return this.#held.size;
  }

  /** Whether this very code waits already. @param {string} code */
  has(code) {
    return this.all.some((one) => one.code === code);
  }

  /** Keep a scan, or what the patient said of it; false where there is no more room. @param {Held} one */
  async keep(one) {
    if (this.size >= MOST && !this.#held.has(one.id)) return false;
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const { id, ...rest } = one;
    const plain = new TextEncoder().encode(JSON.stringify(rest));
    try {
      const sealed = await crypto.subtle.encrypt(this.#sealing(id, nonce), this.#key, plain);
      const writing = this.#database.transaction(SCANS, "readwrite", { durability: "strict" });
      await answered(writing.objectStore(SCANS).put({ id, nonce, sealed }));
    } catch {
      return false;
    }
    this.#held.set(id, one);
    this.changed();
    return true;
  }

  /** Let go of what the platform has. @param {string[]} ids */
  async drop(ids) {
    const store = this.#database.transaction(SCANS, "readwrite").objectStore(SCANS);
    await Promise.all(ids.map((id) => answered(store.delete(id))));
    for (const id of ids) this.#held.delete(id);
    this.changed();
  }

  /** @param {string} id @param {Uint8Array<ArrayBuffer>} nonce */
  #sealing(id, nonce) {
    return { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(id) };
  }
}

/** Forget everything of this desk, the key included; return how many scans are lost with it. */
export async function wipe() {
  if (!globalThis.indexedDB) return 0;
  const known = await indexedDB.databases?.();
  if (known && !known.some((one) => one.name === NAME)) return 0;
  const database = await opened();
  const lost = await answered(database.transaction(SCANS).objectStore(SCANS).count());
  const both = database.transaction([SCANS, PLACE], "readwrite");
  both.objectStore(SCANS).clear();
  await answered(both.objectStore(PLACE).clear());
  database.close();
  return lost;
}
