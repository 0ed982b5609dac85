// QR codes (ISO/IEC 18004) of alphanumeric texts, versions 1 to 20: all that a health card shows. The mask is given,
// since a card's text is random. tests/web/walks/test_phone_codes.py reads what this draws with zxing-cpp.

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const QUIET = 4;
const MASK = 3; // (row + column) mod 3 = 0
const LAST_VERSION = 20;

/** @typedef {"M" | "Q" | "H"} Level */

// Of each version from 1: error correction codewords in a block, and blocks.
/** @type {Record<Level, { mark: number, words: number[], blocks: number[] }>} */
const LEVELS = {
  M: {
    mark: 0,
    words: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26],
    blocks: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16],
  },
  Q: {
    mark: 3,
    words: [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30],
    blocks: [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20],
  },
  H: {
    mark: 2,
    words: [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28],
    blocks: [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25],
  },
};

/**
 * Return a text as rows of dark modules, without the quiet zone.
 * @param {string} text @param {Level} [level] @returns {boolean[][]}
 */
export function modulesOf(text, level = "M") {
  for (let version = 1; version <= LAST_VERSION; version += 1) {
    const room = roomOf(version, level);
    const bits = bitsOf(text, version);
    if (bits.length <= room * 8) return drawn(version, level, interleaved(wordsOf(bits, room), version, level));
  }
  throw new RangeError("the text is too long for a code");
}

/**
 * Return a text's code as an SVG element with its quiet zone.
 * @param {string} text @param {Level} [level] @returns {SVGSVGElement}
 */
export function svgOf(text, level = "M") {
  const rows = modulesOf(text, level);
  const side = rows.length + 2 * QUIET;
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      path += `M${from + QUIET} ${y + QUIET}h${x - from + 1}v1H${from + QUIET}z`;
    }
  });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  const modules = document.createElementNS("http://www.w3.org/2000/svg", "path");
  modules.setAttribute("d", path);
  svg.append(modules);
  return svg;
}

/** @param {number} version */
function wordsIn(version) {
  const aligned = Math.floor(version / 7) + 2;
  let modules = (16 * version + 128) * version + 64;
  if (version > 1) modules -= (25 * aligned - 10) * aligned - 55;
  if (version > 6) modules -= 36;
  return modules >> 3;
}

/** @param {number} version @param {Level} level */
function roomOf(version, level) {
  const { words, blocks } = LEVELS[level];
  return wordsIn(version) - words[version - 1] * blocks[version - 1];
}

/** @param {string} text @param {number} version @returns {number[]} */
function bitsOf(text, version) {
  /** @type {number[]} */
  const bits = [];
  /** @param {number} value @param {number} length */
  const put = (value, length) => {
    for (let place = length - 1; place >= 0; place -= 1) bits.push((value >> place) & 1);
  };
  put(2, 4);
  put(text.length, version < 10 ? 9 : 11);
  for (let place = 0; place < text.length; place += 2) {
    const first = LETTERS.indexOf(text[place]);
    const second = place + 1 < text.length ? LETTERS.indexOf(text[place + 1]) : 0;
    if (first < 0 || second < 0) throw new RangeError("only alphanumeric texts are drawn");
    if (place + 1 < text.length) put(first * 45 + second, 11);
    else put(first, 6);
  }
  return bits;
}

/** @param {number[]} bits @param {number} room @returns {number[]} */
function wordsOf(bits, room) {
  const all = bits.concat(Array(Math.min(4, room * 8 - bits.length)).fill(0));
  while (all.length % 8) all.push(0);
  const words = [];
  for (let place = 0; place < all.length; place += 8) {
    words.push(all.slice(place, place + 8).reduce((word, bit) => (word << 1) | bit, 0));
  }
  for (let pad = 0xec; words.length < room; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

/** Multiply in GF(256) of x⁸+x⁴+x³+x²+1. @param {number} one @param {number} other */
function times(one, other) {
  let product = 0;
  for (let place = 7; place >= 0; place -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((other >> place) & 1) * one);
  }
  return product;
}

/** @param {number} degree @returns {number[]} the divisor of Reed-Solomon, its highest coefficient left out */
function divisorOf(degree) {
  const divisor = Array(degree - 1).fill(0).concat(1);
  for (let count = 0, root = 1; count < degree; count += 1, root = times(root, 2)) {
    for (let place = 0; place < degree; place += 1) divisor[place] = times(divisor[place], root) ^ (divisor[place + 1] ?? 0);
  }
  return divisor;
}

/** @param {number[]} data @param {number[]} divisor @returns {number[]} */
function remainderOf(data, divisor) {
  const left = divisor.map(() => 0);
  for (const word of data) {
    const factor = word ^ /** @type {number} */ (left.shift());
    left.push(0);
    divisor.forEach((coefficient, place) => (left[place] ^= times(coefficient, factor)));
  }
  return left;
}

/** @param {number[]} words @param {number} version @param {Level} level @returns {number[]} */
function interleaved(words, version, level) {
  const blocks = LEVELS[level].blocks[version - 1];
  const divisor = divisorOf(LEVELS[level].words[version - 1]);
  const least = Math.floor(words.length / blocks);
  const short = blocks - (words.length % blocks);
  let from = 0;
  const data = Array.from({ length: blocks }, (_, block) => words.slice(from, (from += least + (block < short ? 0 : 1))));
  const checks = data.map((block) => remainderOf(block, divisor));
  /** @type {number[]} */
  const all = [];
  for (let place = 0; place <= least; place += 1) for (const block of data) if (place < block.length) all.push(block[place]);
  for (let place = 0; place < divisor.length; place += 1) for (const block of checks) all.push(block[place]);
  return all;
}

/** @param {number} version @returns {number[]} */
function alignedAt(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const places = [6];
  for (let place = version * 4 + 10; places.length < count; place -= step) places.splice(1, 0, place);
  return places;
}

/** @param {number} version @param {Level} level @param {number[]} words @returns {boolean[][]} */
function drawn(version, level, words) {
  const side = version * 4 + 17;
  /** @type {(boolean | undefined)[][]} */
  const rows = Array.from({ length: side }, () => Array(side).fill(undefined));
  /** @param {number} x @param {number} y @param {boolean} dark */
  const put = (x, y, dark) => {
    if (x >= 0 && y >= 0 && x < side && y < side) rows[y][x] = dark;
  };
  for (let place = 0; place < side; place += 1) {
    put(6, place, place % 2 === 0);
    put(place, 6, place % 2 === 0);
  }
  for (const [x, y] of [[3, 3], [side - 4, 3], [3, side - 4]]) ring(put, x, y, 4, [2, 4]);
  const aligned = alignedAt(version);
  for (const x of aligned) {
    for (const y of aligned) {
      const corner = (x === 6 && (y === 6 || y === side - 7)) || (x === side - 7 && y === 6);
      if (!corner) ring(put, x, y, 2, [1]);
    }
  }
  putFormat(put, side, level);
  if (version >= 7) putVersion(put, side, version);
  fill(rows, side, words);
  return /** @type {boolean[][]} */ (rows);
}

/** @param {(x: number, y: number, dark: boolean) => void} put @param {number} x @param {number} y @param {number} reach @param {number[]} light */
function ring(put, x, y, reach, light) {
  for (let down = -reach; down <= reach; down += 1) {
    for (let across = -reach; across <= reach; across += 1) {
      put(x + across, y + down, !light.includes(Math.max(Math.abs(across), Math.abs(down))));
    }
  }
}

/** Append the remainder of a code word. @param {number} data @param {number} length @param {number} divisor */
function checked(data, length, divisor) {
  let left = data;
  for (let place = 0; place < length; place += 1) left = (left << 1) ^ ((left >> (length - 1)) * divisor);
  return (data << length) | left;
}

/** @param {(x: number, y: number, dark: boolean) => void} put @param {number} side @param {Level} level */
function putFormat(put, side, level) {
  const bits = checked((LEVELS[level].mark << 3) | MASK, 10, 0x537) ^ 0x5412;
  /** @param {number} place */
  const dark = (place) => ((bits >> place) & 1) === 1;
  for (let place = 0; place < 6; place += 1) put(8, place, dark(place));
  put(8, 7, dark(6));
  put(8, 8, dark(7));
  put(7, 8, dark(8));
  for (let place = 9; place < 15; place += 1) put(14 - place, 8, dark(place));
  for (let place = 0; place < 8; place += 1) put(side - 1 - place, 8, dark(place));
  for (let place = 8; place < 15; place += 1) put(8, side - 15 + place, dark(place));
  put(8, side - 8, true);
}

/** @param {(x: number, y: number, dark: boolean) => void} put @param {number} side @param {number} version */
function putVersion(put, side, version) {
  const bits = checked(version, 12, 0x1f25);
  for (let place = 0; place < 18; place += 1) {
    const across = side - 11 + (place % 3);
    const down = Math.floor(place / 3);
    put(across, down, ((bits >> place) & 1) === 1);
    put(down, across, ((bits >> place) & 1) === 1);
  }
}

/** Lay the words into what is free, in two columns at a time, up and down. @param {(boolean | undefined)[][]} rows @param {number} side @param {number[]} words */
function fill(rows, side, words) {
  let place = 0;
  let up = true;
  for (let right = side - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let count = 0; count < side; count += 1) {
      const y = up ? side - 1 - count : count;
      for (const x of [right, right - 1]) {
        if (rows[y][x] !== undefined) continue;
        const dark = ((words[place >> 3] ?? 0) >> (7 - (place & 7))) & 1;
        rows[y][x] = (dark === 1) !== ((x + y) % 3 === 0);
        place += 1;
      }
    }
    up = !up;
  }
}
