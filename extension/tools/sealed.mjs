// A network that looks like one and leads nowhere: whatever is sent to another machine is counted, asking for a name included, and one
// packet is one too many. Browser, host, portal and tests run in it together, so that all they need of each other is there.
import { spawnSync } from "node:child_process";
import { inNamespace } from "./namespace.mjs";

/**
 * A cable whose other end nobody holds, with a way to everywhere and a name server behind it: of RFC 5737, and of RFC 3849 where the
 * machine has IPv6, so nobody's.
 */
const cable = `
  ip link set lo up &&
  ip link add outside type veth peer name nobody &&
  ip link set outside addrgenmode none && ip link set nobody addrgenmode none &&
  ip address add 192.0.2.2/24 dev outside &&
  ip link set outside up arp off && ip link set nobody up arp off &&
  ip route add default via 192.0.2.1 &&
  if grep -qs 0 /proc/sys/net/ipv6/conf/outside/disable_ipv6; then
    ip address add 2001:db8::2/64 dev outside nodad && ip route add default via 2001:db8::1
  fi &&
  folder=$(mktemp -d) && echo 'nameserver 192.0.2.53' > "$folder/resolv.conf" &&
  mount --bind "$folder/resolv.conf" "$(realpath /etc/resolv.conf)"`;

/** The eleventh word of its line is the number of packets that went into it. */
const count = `
  "$@"; status=$?
  sent=$(sed -n 's/^ *outside: *//p' /proc/net/dev | { read -r _ _ _ _ _ _ _ _ _ sent _; echo "$sent"; })
  umount "$(realpath /etc/resolv.conf)" && rm -r "$folder"
  [ "$sent" = 0 ] || { echo "$sent packets were for other machines" >&2; exit 1; }
  exit "$status"`;

const script = `{ ${cable}; } || exit 1\n${count}`;

/**
 * A command that runs another one there, and fails if something was for another machine.
 *
 * @param {string[]} command
 */
export function sealed(command) {
  return [...inNamespace("net", "mount"), "sh", "-c", script, "sh", ...command];
}

/** Why this machine can't do that; false where it can. */
export function cannotSeal() {
  const [program = "", ...parameters] = sealed(["true"]);
  const { status, stderr, error } = spawnSync(program, parameters, { encoding: "utf8" });
  return status === 0 ? false : `this machine allows no network of its own: ${error?.message ?? stderr.trim()}`;
}
