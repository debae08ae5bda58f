const isHump = (name: string, at: number): boolean => {
  const before = name[at - 1] ?? '_';
  const here = name[at] ?? '';
  return /[_\s.$-]/.test(before) || (/[a-z\d]/.test(before) && /[A-Z]/.test(here));
};

/** Whether every character of `word` comes in `name`, each run of them beginning at a part of the name (`oi` fits `order_items`). */
function fitsParts(word: string, name: string, lower: string): boolean {
  let at = 0;
  for (let i = 0; i < word.length; at += 1) {
    if (at >= lower.length) return false;
    const follows = (i > 0 && lower[at - 1] === word[i - 1]) || word[i] === '_';
    if (lower[at] === word[i] && (follows || isHump(name, at))) i += 1;
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
  if (lower.startsWith(word)) return lower.length === word.length ? 0 : 1;
  for (let at = lower.indexOf(word, 1); at > 0; at = lower.indexOf(word, at + 1)) if (isHump(name, at)) return 2;
  if (lower[0] === word[0] && fitsParts(word, name, lower)) return 3;
  return word.length > 2 && lower.includes(word) ? 4 : -1;
}
