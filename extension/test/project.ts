import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

// Put in by test/run.mjs: a bundle lies elsewhere and can't tell from its own address.
declare const PROJECT_ROOT: string;

/** The project's root folder, absolute. */
export const projectRoot: string = PROJECT_ROOT;
/** The extension's folder, absolute. */
export const extensionRoot: string = join(projectRoot, "extension");
/** Facts that live beside the project on some machines; tests that need them skip by name where the folder is missing. */
export const sharedFolder: string = join(projectRoot, "../shared");

/** Reads a text file of the extension. */
export function readExtensionFile(path: string): string {
  return readFileSync(join(extensionRoot, path), "utf8");
}

/** Paths of all files below a folder of the extension, relative to the extension, in a fixed order. */
export function extensionFiles(folder: string): string[] {
  return readdirSync(join(extensionRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(extensionRoot.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}
