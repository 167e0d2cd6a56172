// Loaded before a test file: ends it, with a sentence that names the test, when a test runs longer than the limit.
//   node --import "./test/limit.mjs?seconds=600" --test FILE…
// node:test's own limit is one for the whole file and names no test, and a loop that never waits outlives any timer of its thread:
// so another thread keeps watch.
import { writeSync } from "node:fs";
import { basename } from "node:path";
import { afterEach, beforeEach } from "node:test";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

if (!isMainThread) keepWatch(workerData);
// The process that only starts the test files loads this too.
else if (process.env["NODE_TEST_CONTEXT"] !== undefined) announceTests();

function announceTests() {
  const seconds = Number(new URL(import.meta.url).searchParams.get("seconds"));
  const file = basename(process.argv[1] ?? "");
  const watch = new Worker(new URL(import.meta.url), { workerData: { file, seconds }, execArgv: [] });
  watch.unref();
  beforeEach((context) => watch.postMessage(`the test "${"name" in context ? context.name : ""}"`));
  afterEach(() => watch.postMessage("what is outside of its tests"));
}

/** @param {{ file: string, seconds: number }} whose */
function keepWatch({ file, seconds }) {
  const limit = (/** @type {string} */ what) =>
    setTimeout(() => {
      const cure = "Does it loop, or wait for what never comes?";
      writeSync(2, `${file} was ended: ${what} ran longer than ${seconds} s. ${cure}\n`);
      process.kill(process.pid, "SIGKILL");
    }, seconds * 1000);
  let timer = limit("what is outside of its tests");
  parentPort?.on("message", (what) => {
    clearTimeout(timer);
    timer = limit(what);
  });
}
