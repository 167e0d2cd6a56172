import { mkdtemp, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page, type Worker } from "playwright-core";
import { extensionRoot, projectRoot } from "../test/project.ts";

// The side panel is born as a target that Playwright attaches to only when asked by this internal switch of the pinned version.
process.env["PW_CHROMIUM_ATTACH_TO_OTHER"] = "1";

/** A running Chromium with a profile of its own and the built extension in it. */
export interface Browser {
  context: BrowserContext;
  worker: Worker;
  extensionId: string;
  /** The profile's folder, where native messaging host manifests are looked for too. */
  profile: string;
  /** Ends the browser's main process as a crash would, and leaves its profile. */
  kill(): Promise<void>;
  /** Ends the browser and deletes its profile. */
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** With a window; needs a display. */
  headed?: boolean;
  /** Added to the environment of the browser, and so of the native messaging host. */
  environment?: Record<string, string>;
  /** A profile that an earlier browser left; a new one otherwise. */
  profile?: string;
  /** What is started in the place of the machine's Chromium. */
  executable?: string;
  /** Folders of further extensions, beside ours. */
  others?: readonly string[];
  /** The id under which a policy of this machine installs the extension; the build isn't loaded then. */
  installedByPolicy?: string;
  /** Called with the profile's folder before the browser starts. */
  prepareProfile?: (profile: string) => Promise<void>;
}

/** Starts Chromium; no name but the loopback's resolves, so that nothing a test does leaves the machine. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const extensions = [join(extensionRoot, "build"), ...(options.others ?? [])].join(",");
  const installed = options.installedByPolicy;
  const load = [`--disable-extensions-except=${extensions}`, `--load-extension=${extensions}`];
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), "gmail-sync-profile-")));
  const removeProfile = () => rm(profile, { recursive: true, force: true, maxRetries: 5 });
  try {
    await options.prepareProfile?.(profile);
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: options.executable ?? "/usr/bin/chromium",
      headless: options.headed !== true,
      // As root, in a container, the sandbox can't start.
      chromiumSandbox: process.getuid?.() !== 0,
      env: { ...environment(), ...options.environment },
      viewport: options.headed === true ? null : { width: 1280, height: 800 },
      // With them, nothing that a policy names is fetched or installed.
      ignoreDefaultArgs: installed === undefined ? [] : ["--disable-background-networking", "--disable-extensions"],
      args: [
        ...(installed === undefined ? load : []),
        "--disable-quic",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        "--test-type",
      ],
    });
    const ids = installed === undefined ? await knownExtensionIds() : [installed];
    const worker = await workerOf(context, (id) => ids.includes(id));
    return {
      context,
      worker,
      extensionId: new URL(worker.url()).host,
      profile,
      kill: async () => {
        const ended = context.waitForEvent("close");
        // The profile's lock is a link whose target names its machine and process: machine-1234.
        const lock = await readlink(join(profile, "SingletonLock"));
        process.kill(Number(lock.split("-").at(-1)), "SIGKILL");
        await ended;
      },
      close: async () => {
        await context.close();
        await removeProfile();
      },
    };
  } catch (error) {
    await removeProfile();
    throw error;
  }
}

/** The running worker of the extension whose id it is. */
export async function workerOf(context: BrowserContext, isIt: (id: string) => boolean): Promise<Worker> {
  const its = (worker: Worker) => isIt(new URL(worker.url()).host);
  return context.serviceWorkers().find(its) ?? (await context.waitForEvent("serviceworker", its));
}

/** Opens one of the extension's own pages in a tab. */
export async function openExtensionPage({ context, extensionId }: Browser, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`chrome-extension://${extensionId}/${path}`);
  return page;
}

/** The ids of manifests/extension-ids. */
export async function knownExtensionIds(): Promise<string[]> {
  const text = await readFile(join(projectRoot, "manifests/extension-ids"), "utf8");
  return text.split("\n").filter((line) => /^[a-p]{32}$/.test(line));
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
