import { launchBrowser } from "./browser.ts";

/**
 * Starts Chromium with the built extension, lets the extension ask the host that this machine has registered, and prints the
 * answer, or the browser's sentence in its place. For machines that a package was installed on.
 */
export async function main(): Promise<void> {
  const browser = await launchBrowser();
  try {
    const answer = await browser.worker.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const port = chrome.runtime.connectNative("local.gmail_sync_bitrix24");
          port.onMessage.addListener((message) => resolve(JSON.stringify(message)));
          port.onDisconnect.addListener(() => resolve(chrome.runtime.lastError?.message ?? "the host ended"));
          port.postMessage({ v: 1, id: "1", method: "hello", params: { protocols: [1], extension: "0.1.0" } });
        }),
    );
    console.log(answer);
  } finally {
    await browser.close();
  }
}
