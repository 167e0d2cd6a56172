// Ids as Gmail makes them. A message's number holds its arrival: milliseconds since 1970, shifted left by 20 bits; a thread has the
// number of its first message. The address bar shows `f:<decimal>` as base64, and those digits as one number in base 40.

/**
 * The hex id of a message that arrived at a time; `low` tells apart what arrived in one millisecond.
 * @param {string} time ISO 8601
 * @param {number} [low] below 2^20
 */
export function idAt(time, low = 0x3a01) {
  return ((BigInt(Date.parse(time)) << 20n) | BigInt(low)).toString(16);
}

/** @param {string} id hex */
export function decimal(id) {
  return BigInt(`0x${id}`).toString();
}

const DIGITS_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const DIGITS_40 = "BCDFGHJKLMNPQRSTVWXZbcdfghjklmnpqrstvwxz";

/**
 * The token of the address bar for `f:<decimal>`, `a:r<number>` or `f:<thread>|msg-f:<message>`.
 * @param {string} plain
 */
export function encodeToken(plain) {
  let number = 0n;
  for (const digit of btoa(plain).replace(/=+$/, "")) number = number * 64n + BigInt(DIGITS_64.indexOf(digit));
  let token = "";
  for (; number > 0n; number /= 40n) token = DIGITS_40.charAt(Number(number % 40n)) + token;
  return token;
}

/** @param {string} id a thread's hex id */
export function threadToken(id) {
  return encodeToken(`f:${decimal(id)}`);
}
