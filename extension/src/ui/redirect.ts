// Where the portal sends the browser back to: an address on this computer that is registered with the local application.

/** The port that the host listens at unless told otherwise. */
const usualPort = 17485;
/** Ports below belong to the system. */
const lowest = 1024;
const highest = 65_535;

/** What was typed as a port: undefined if nothing was, "wrong" if it can't be one. */
export function portOf(typed: string): number | undefined | "wrong" {
  const digits = typed.trim();
  if (digits === "") return undefined;
  const port = Number(digits);
  return /^\d{4,5}$/.test(digits) && port >= lowest && port <= highest ? port : "wrong";
}

/** The address to register, with the port typed as far as it is one. */
export function redirectAddress(typed = ""): string {
  const port = portOf(typed);
  return `http://127.0.0.1:${typeof port === "number" ? port : usualPort}/callback`;
}
