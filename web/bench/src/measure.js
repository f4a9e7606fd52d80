/**
 * Measuring on a machine that does other things too: contenders take turns in short rounds, so that what slows one down
 * slows all, and medians are compared.
 *
 * @module
 */

/**
 * @typedef {object} Options
 * @property {number} rounds how often each contender has its turn
 * @property {number} milliseconds how long a turn takes
 */

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {number} median microseconds for a run
 * @property {number} ratio how many times as long as ours
 */

/**
 * @param {import("./contenders.js").Contender[]} contenders
 * @param {Options} options
 * @returns {Promise<Result[]>}
 */
export async function measure(contenders, { rounds, milliseconds }) {
  const times = contenders.map(() => /** @type {number[]} */ ([]));
  const runs = [];
  for (const contender of contenders) {
    await turn(contender, 2000); // for the compilers
    runs.push(Math.max(1, Math.ceil((milliseconds * 1000) / (await turn(contender, 500)))));
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      times[i]?.push(await turn(contender, runs[i] ?? 1));
    }
  }
  const medians = times.map(median);
  const ours = medians[contenders.findIndex((c) => c.ours)] ?? NaN;
  return contenders.map(({ name }, i) => ({ name, median: medians[i] ?? NaN, ratio: (medians[i] ?? NaN) / ours }));
}

/**
 * @param {import("./contenders.js").Contender} contender
 * @param {number} runs
 * @returns {Promise<number>} microseconds for a run
 */
async function turn({ run }, runs) {
  // Awaiting what is no promise would cost the synchronous ones a turn of the event loop.
  const first = run();
  const waits = first instanceof Promise;
  await first;
  const start = performance.now();
  if (waits) {
    for (let i = 0; i < runs; i++) {
      await run();
    }
  } else {
    for (let i = 0; i < runs; i++) {
      run();
    }
  }
  return ((performance.now() - start) * 1000) / runs;
}

/**
 * @param {number[]} numbers
 * @returns {number}
 */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * @param {string} title
 * @param {Result[]} results
 * @returns {string} a table in Markdown
 */
export function table(title, results) {
  const width = Math.max(title.length, ...results.map((r) => r.name.length));
  const line = (/** @type {string} */ name, /** @type {string} */ time, /** @type {string} */ ratio) =>
    `| ${name.padEnd(width)} | ${time.padStart(8)} | ${ratio.padStart(5)} |`;
  return [
    line(title, "µs", "times"),
    `|${"-".repeat(width + 2)}|${"-".repeat(9)}:|${"-".repeat(6)}:|`,
    ...results.map((r) => line(r.name, r.median.toFixed(1), r.ratio.toFixed(2))),
  ].join("\n");
}
