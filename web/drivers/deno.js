// The driver for Deno.
/* global Deno */
import { main } from "./src/program.js";

await main({
  runtime: "deno",
  version: Deno.version.deno,
  args: Deno.args,
  read: Deno.readFile,
  questions: () => Deno.stdin.readable,
  answers: () => Deno.stdout.writable,
  exit: Deno.exit,
});
