/**
 * Splits a command line into program and arguments: blanks separate, single and double quotes group, a backslash takes the next
 * character as it is unless that is a letter or digit (so that Windows paths stay). No variables, no patterns, no substitution: nothing
 * is ever run by a shell. Returns null when a quote is not closed.
 */
export function splitCommandLine(text: string): string[] | null {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    const next = text.charAt(i + 1);
    if (quote === "'") {
      if (c === "'") quote = '';
      else word += c;
    } else if (c === '\\' && next !== '' && (quote === '"' ? /["\\$`]/.test(next) : /[^A-Za-z0-9.]/.test(next))) {
      i++;
      // A backslash at the end of a line joins it with the next one.
      if (next !== '\n') {
        word += next;
        inWord = true;
      }
    } else if (quote === '"') {
      if (c === '"') quote = '';
      else word += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      inWord = true;
    } else if (/\s/.test(c)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += c;
      inWord = true;
    }
  }
  if (quote !== '') return null;
  if (inWord) words.push(word);
  return words;
}

/** Writes a word so that a POSIX shell reads it as it is. */
export const quoteWord = (word: string): string =>
  /^[A-Za-z0-9_./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
