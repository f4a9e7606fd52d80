import { exit, Failure, outcome, text } from "./failure.js";
import { Lines } from "./lines.js";

/**
 * As much of a stream as is used here; the types of the runtimes differ in the rest.
 *
 * @typedef {{ getReader(): { read(): Promise<{ done: boolean, value?: Uint8Array<ArrayBuffer> | undefined }> } }} Questions
 * @typedef {{ getWriter(): Pick<WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>, "ready" | "write" | "close"> }} Answers
 *
 * What a runtime gives a driver.
 *
 * @typedef {object} Streams
 * @property {import("./driver.js").Driver} driver
 * @property {() => Questions | Promise<Questions>} questions is called when the first line is written
 * @property {Answers} answers
 */

/**
 * Runs a driver from its first line to the end of the questions, and then says how it ended.
 *
 * @param {() => Promise<Streams>} open
 * @param {(status: number, message: string) => unknown} end gets a message for standard error
 */
export async function run(open, end) {
  let ended;
  try {
    const { driver, questions, answers } = await open();
    await serve(driver, questions, answers.getWriter());
    ended = { status: exit.ended, message: driver.summary };
  } catch (error) {
    ended = outcome(error);
  }
  await end(ended.status, ended.message);
}

/**
 * Answers what has arrived and passes the answers on before it waits for more. What was answered before a failure is
 * passed on, too: it is the runner's clue to which question was the last good one.
 *
 * @param {import("./driver.js").Driver} driver
 * @param {Streams["questions"]} questions
 * @param {ReturnType<Answers["getWriter"]>} answers
 */
async function serve(driver, questions, answers) {
  const lines = new Lines();
  await write(answers, driver.hello);
  const reader = (await questions()).getReader();
  for (;;) {
    const { value } = await reader.read();
    let answered = "";
    try {
      if (value === undefined) {
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
 * @param {ReturnType<Answers["getWriter"]>} answers
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

/** @param {ReturnType<Answers["getWriter"]>} answers */
async function close(answers) {
  try {
    await answers.close();
  } catch (error) {
    throw new Failure(exit.protocol, `write answers: ${text(error)}`, error);
  }
}
