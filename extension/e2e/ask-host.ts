import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Worker } from "playwright-core";
import { launchBrowser } from "./browser.ts";

/**
 * Starts Chromium with the built extension, lets the extension ask the host that this machine has registered, and prints the
 * answer, or the browser's sentence in its place. Each line that it is given then, it does the same: `ask` over the port that is
 * open, `anew` over another one. For machines that a package was installed on.
 *
 *     --profile DIR     with this profile, which may have a host of its own
 *     --installed ID    with what a policy installs under this id; prints the settings that a policy gives it in a second line
 */
export async function main(parameters: string[]): Promise<void> {
  const options = { profile: { type: "string" }, installed: { type: "string" } } as const;
  const { profile, installed } = parseArgs({ args: parameters, options }).values;
  const browser = await launchBrowser({
    ...(profile === undefined ? {} : { profile }),
    ...(installed === undefined ? {} : { installedByPolicy: installed }),
  });
  try {
    console.log(await askHost(browser.worker, "anew"));
    if (installed !== undefined) console.log(JSON.stringify(await settings(browser.worker)));
    for await (const line of createInterface(process.stdin)) console.log(await askHost(browser.worker, line));
  } finally {
    await browser.close();
  }
}

function askHost(worker: Worker, how: string): Promise<string> {
  return worker.evaluate(
    (how) =>
      new Promise<string>((resolve) => {
        const kept = globalThis as { port?: chrome.runtime.Port };
        if (how === "anew") {
          kept.port?.disconnect();
          kept.port = chrome.runtime.connectNative("local.gmail_sync_bitrix24");
        }
        kept.port?.onMessage.addListener((message) => resolve(JSON.stringify(message)));
        kept.port?.onDisconnect.addListener(() => resolve(chrome.runtime.lastError?.message ?? "the host ended"));
        kept.port?.postMessage({ v: 1, id: "1", method: "hello", params: { protocols: [1], extension: "0.1.0" } });
      }),
    how,
  );
}

/** The settings, once there are any: an extension that was just installed gets them seconds later. */
function settings(worker: Worker): Promise<unknown> {
  return worker.evaluate(
    () =>
      new Promise<unknown>((resolve) => {
        const look = async () => {
          const all = await chrome.storage.managed.get();
          if (Object.keys(all).length > 0) resolve(all);
        };
        chrome.storage.managed.onChanged.addListener(look);
        void look();
      }),
  );
}
