/** Signs of JSON one after the other, as they stand: numbers keep every digit. */

/** Longer texts are shown as they are: taking them apart would take too long. */
export const MAX_JSON = 5_000_000;

/** Whether a text is an object or an array in JSON, and short enough to be taken apart. */
export function isJsonDocument(text: string): boolean {
  if (text.length > MAX_JSON || !/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text.charCodeAt(at) !== 34) at += text.charCodeAt(at) === 92 ? 2 : 1;
  return at + 1;
}

const BETWEEN = /[\s,:[\]{}"]/;

/** Tokens of a text that is JSON: brackets, braces, commas, colons, strings with their quotes, numbers and words. */
export function* jsonTokens(text: string): Generator<string, void> {
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    let end = at + 1;
    if (sign === '"') end = stringEnd(text, at);
    else if (!BETWEEN.test(sign)) while (end < text.length && !BETWEEN.test(text.charAt(end))) end += 1;
    if (!/\s/.test(sign)) yield text.slice(at, end);
    at = end;
  }
}
