/**
 * A small generator of pseudo-random numbers (PCG-XSH-RR), so that a failing case comes back.
 *
 * @param {bigint} seed
 * @returns {(n: number) => number} gives numbers from 0 up to n
 */
export function pcg(seed) {
  const mask = (1n << 64n) - 1n;
  let state = seed;
  return (n) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & mask;
    const shifted = Number(((state >> 18n) ^ state) >> 27n) >>> 0;
    const rotation = Number(state >> 59n);
    const value = ((shifted >>> rotation) | (shifted << (-rotation & 31))) >>> 0;
    return value % n;
  };
}
