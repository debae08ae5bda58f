/** Everything these tools tell a person goes to stderr: stdout belongs to the program that is run (JSON of `howdah`, of the daemon). */

const colours = process.stderr.isTTY && !process.env['NO_COLOR'];
const paint = (/** @type {number} */ code, /** @type {string} */ text) =>
  colours ? `\u001b[${code}m${text}\u001b[0m` : text;

export const bold = (/** @type {string} */ text) => paint(1, text);
export const dim = (/** @type {string} */ text) => paint(2, text);
export const red = (/** @type {string} */ text) => paint(31, text);
export const green = (/** @type {string} */ text) => paint(32, text);
export const yellow = (/** @type {string} */ text) => paint(33, text);

/** @param {string} line */
export const say = (line) => void process.stderr.write(`${line}\n`);

/** `2.3 s`, `4 min 10 s`. @param {number} milliseconds */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** @param {unknown} error */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** A failure that a person can act on: printed without a stack. */
export class Stop extends Error {}

/**
 * Runs a script's main function; its number becomes the exit code.
 * @param {() => Promise<number | void>} main
 */
export async function program(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (error instanceof Stop) say(`${red('✗')} ${error.message}`);
    else say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  }
}
