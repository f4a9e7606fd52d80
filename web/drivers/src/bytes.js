/**
 * Joins pieces, without a copy if there is only one.
 *
 * @param {readonly Uint8Array<ArrayBuffer>[]} pieces
 */
export function concat(pieces) {
  const [first, ...more] = pieces;
  if (first && more.length === 0) {
    return first;
  }
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
