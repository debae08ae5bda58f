const isLower = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
const isUpper = (code: number): boolean => code >= 65 && code <= 90;

/** Whether a part of the name begins at `at`: behind `_`, a space, a dot, `$` or `-`, or where capitals follow small letters. */
function isHump(name: string, at: number): boolean {
  if (at === 0) return true;
  const before = name.charCodeAt(at - 1);
  if (before === 95 || before === 32 || before === 46 || before === 36 || before === 45) return true;
  return isLower(before) && isUpper(name.charCodeAt(at));
}

/** Whether every character of `word` comes in `name`, each run of them beginning at a part of the name (`oi` fits `order_items`). */
function fitsParts(word: string, name: string, lower: string): boolean {
  let i = 0;
  for (let at = 0; i < word.length; at += 1) {
    if (at >= lower.length) return false;
    const code = word.charCodeAt(i);
    if (lower.charCodeAt(at) !== code) continue;
    const follows = code === 95 || (i > 0 && lower.charCodeAt(at - 1) === word.charCodeAt(i - 1));
    if (follows || isHump(name, at)) i += 1;
  }
  return true;
}

/**
 * How well a name fits what was typed (lower case): 0 the same, 1 it begins so, 2 a part of it begins so, 3 parts of it begin so,
 * 4 it stands within; −1 not at all. What is empty fits everything.
 */
export function fit(word: string, name: string, lower = name.toLowerCase()): number {
  if (word === '') return 1;
  if (lower.length < word.length) return -1;
  const first = lower.indexOf(word);
  if (first === 0) return lower.length === word.length ? 0 : 1;
  for (let at = first; at > 0; at = lower.indexOf(word, at + 1)) if (isHump(name, at)) return 2;
  if (lower.charCodeAt(0) === word.charCodeAt(0) && fitsParts(word, name, lower)) return 3;
  return word.length > 2 && first > 0 ? 4 : -1;
}
