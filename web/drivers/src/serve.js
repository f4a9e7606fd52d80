import { exit, Failure, text } from "./failure.js";
import { Lines } from "./lines.js";

/**
 * What a runtime gives a driver.
 *
 * @typedef {object} Streams
 * @property {import("./driver.js").Driver} driver
 * @property {ReadableStream<Uint8Array>} questions
 * @property {WritableStream<Uint8Array>} answers
 */

/**
 * Runs a driver from its first line to the end of the questions, and then says how it ended.
 *
 * @param {() => Promise<Streams>} open
 * @param {(status: number, message: string) => unknown} end gets a message for standard error
 */
export async function run(open, end) {
  let status = /** @type {number} */ (exit.ended);
  let message;
  try {
    const { driver, questions, answers } = await open();
    await serve(driver, questions.getReader(), answers.getWriter());
    message = driver.summary;
  } catch (error) {
    status = error instanceof Failure ? error.status : exit.runtime;
    message = error instanceof Failure ? error.message : text(error);
  }
  await end(status, message);
}

/**
 * Answers what has arrived and passes the answers on before it waits for more. What was answered before a failure is
 * passed on, too: it is the runner's clue to which question was the last good one.
 *
 * @param {import("./driver.js").Driver} driver
 * @param {ReadableStreamDefaultReader<Uint8Array>} questions
 * @param {WritableStreamDefaultWriter<Uint8Array>} answers
 */
async function serve(driver, questions, answers) {
  const lines = new Lines();
  await write(answers, driver.hello);
  for (;;) {
    const { done, value } = await questions.read();
    let answered = "";
    try {
      if (done) {
        lines.end();
        break;
      }
      for (const line of lines.push(value)) {
        answered += driver.answer(line);
      }
    } catch (error) {
      await write(answers, answered);
      await close(answers);
      throw error;
    }
    await write(answers, answered);
  }
  await close(answers);
}

const utf8 = new TextEncoder();

/**
 * Writes as soon as there is room.
 *
 * @param {WritableStreamDefaultWriter<Uint8Array>} answers
 * @param {string} lines
 */
async function write(answers, lines) {
  if (lines === "") {
    return;
  }
  try {
    await answers.ready;
  } catch (error) {
    throw new Failure(exit.protocol, `write answers: ${text(error)}`, error);
  }
  answers.write(utf8.encode(lines)).catch(() => {}); // it shows in ready and in close
}

/** @param {WritableStreamDefaultWriter<Uint8Array>} answers */
async function close(answers) {
  try {
    await answers.close();
  } catch (error) {
    throw new Failure(exit.protocol, `write answers: ${text(error)}`, error);
  }
}
