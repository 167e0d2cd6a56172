// Where the host comes from: the one place that changes once packages can be downloaded.

/** The page that offers the packages; undefined as long as nothing is published, and people have them from their administrator. */
export const downloadPage: string | undefined = undefined;

/** A system, how browsers name it to pages, and its packages as installer/ calls them. */
const systems: readonly { readonly named: string; readonly files: readonly string[]; readonly install?: string }[] = [
  { named: "Windows", files: ["gmail-sync-bitrix24-…-x64.msi"] },
  { named: "Mac OS X", files: ["gmail-sync-bitrix24-….pkg"] },
  {
    named: "Linux",
    files: ["gmail-sync-bitrix24_…_amd64.deb", "gmail-sync-bitrix24-….x86_64.rpm"],
    install: "sudo apt install ./gmail-sync-bitrix24_*.deb",
  },
];

/** The packages for the computer that a browser names itself by, and the command that installs one; undefined: there are none. */
export function packagesFor(userAgent: string) {
  return systems.find(({ named }) => userAgent.includes(named));
}
