// Pictures of the page as they come from a browser have thousands of colors, most of them of the edges of letters. With 256 of
// them they look the same and take a third of the room.
import { Buffer } from "node:buffer";
import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const MAX_COLORS = 256;

/**
 * Returns a PNG of 8 bits per channel without alpha as one with a palette.
 *
 * @param {Uint8Array} png
 */
export function withPalette(png) {
  const { width, height, pixels } = decode(Buffer.from(png));
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let i = 0; i < pixels.length; i += 3) {
    const color = pixels.readUIntBE(i, 3);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const palette = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)).slice(0, MAX_COLORS);
  const indexes = new Map([...counts.keys()].map((color) => [color, nearest(palette, color)]));
  const rows = Buffer.alloc((width + 1) * height); // each row begins with its filter, none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y * (width + 1) + 1 + x] = indexes.get(pixels.readUIntBE((y * width + x) * 3, 3)) ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // bits, and a palette
  const colors = Buffer.alloc(palette.length * 3);
  palette.forEach((color, i) => colors.writeUIntBE(color, i * 3, 3));
  const data = deflateSync(rows, { level: 9 });
  return Buffer.concat([signature, chunk("IHDR", header), chunk("PLTE", colors), chunk("IDAT", data), chunk("IEND")]);
}

/** @param {number[]} palette @param {number} color */
function nearest(palette, color) {
  let best = 0;
  let least = Infinity;
  for (const [i, it] of palette.entries()) {
    const [r, g, b] = [16, 8, 0].map((bits) => ((it >> bits) & 255) - ((color >> bits) & 255));
    const distance = (r ?? 0) ** 2 + (g ?? 0) ** 2 + (b ?? 0) ** 2;
    if (distance < least) {
      [best, least] = [i, distance];
    }
  }
  return best;
}

/** @param {string} type @param {Buffer} [data] */
function chunk(type, data = Buffer.alloc(0)) {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([ends.subarray(0, 4), typed, ends.subarray(4)]);
}

/** @param {Buffer} png */
function decode(png) {
  /** @type {Buffer[]} */
  const data = [];
  let [width, height] = [0, 0];
  for (let at = signature.length; at < png.length;) {
    const size = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + size);
    if (type === "IHDR") {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      if (body[8] !== 8 || body[9] !== 2 || body[12] !== 0) {
        throw new Error("the picture is no PNG of 8 bits, in RGB, not interlaced");
      }
    } else if (type === "IDAT") {
      data.push(body);
    }
    at += size + 12;
  }
  return { width, height, pixels: unfilter(inflateSync(Buffer.concat(data)), width * 3, height) };
}

/**
 * Undoes the filters of the rows (PNG, third edition, section 9).
 *
 * @param {Buffer} rows
 * @param {number} size of a row
 * @param {number} height
 */
function unfilter(rows, size, height) {
  const out = Buffer.alloc(size * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (size + 1)];
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const left = x < 3 ? 0 : (out[at - 3] ?? 0);
      const up = y === 0 ? 0 : (out[at - size] ?? 0);
      const corner = x < 3 || y === 0 ? 0 : (out[at - size - 3] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      out[at] = (rows[y * (size + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

/** @param {number} a @param {number} b @param {number} c */
function paeth(a, b, c) {
  const [da, db, dc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return da <= db && da <= dc ? a : db <= dc ? b : c;
}
