import { isJsonDocument, jsonTokens } from './results/json-tokens';

/** Levels that are indented: a document of a thousand levels would be white space alone. */
const MAX_INDENT = 50;

/**
 * JSON text with one member a line, by its signs alone: numbers keep every digit and keys their order and repetitions, which parsing would lose.
 * Null when the text is not an object or an array, or too long.
 */
export function prettyJson(text: string): string | null {
  if (!isJsonDocument(text)) return null;
  const out: string[] = [];
  let depth = 0;
  let before = '';
  const newLine = () => out.push('\n', '  '.repeat(Math.min(depth, MAX_INDENT)));
  for (const token of jsonTokens(text)) {
    const opened = before === '{' || before === '[';
    const closes = token === '}' || token === ']';
    if (closes) depth -= 1;
    if (opened !== closes || before === ',') newLine();
    out.push(token === ':' ? ': ' : token);
    if (token === '{' || token === '[') depth += 1;
    before = token;
  }
  return out.join('').trimStart();
}
