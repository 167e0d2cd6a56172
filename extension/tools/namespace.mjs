// Namespaces of the kernel: how to start a program that sees a part of the machine differently, and changes nothing for others.

/**
 * A command that goes before another one, which then has namespaces of its own: root may, others keep their name in a user namespace.
 *
 * @param {...("mount" | "net")} kinds
 */
export function inNamespace(...kinds) {
  const asWhom = process.getuid?.() === 0 ? [] : ["--user", "--map-current-user", "--keep-caps"];
  return ["unshare", ...asWhom, ...kinds.map((kind) => `--${kind}`)];
}
