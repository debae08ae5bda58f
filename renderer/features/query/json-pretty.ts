/**
 * JSON text with one member a line, by its signs alone: numbers keep every digit and keys their order and repetitions, which parsing would lose.
 * Null when the text is not JSON.
 */
export function prettyJson(text: string): string | null {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return null;
  try {
    JSON.parse(trimmed);
  } catch {
    return null;
  }
  const out: string[] = [];
  let depth = 0;
  const newLine = () => out.push('\n', '  '.repeat(depth));
  const tokens = trimmed.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g) ?? [];
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (token === '{' || token === '[') {
      out.push(token);
      if (next === '}' || next === ']') return;
      depth += 1;
      newLine();
    } else if (token === '}' || token === ']') {
      const before = tokens[index - 1];
      if (before !== '{' && before !== '[') {
        depth -= 1;
        newLine();
      }
      out.push(token);
    } else if (token === ',') {
      out.push(token);
      newLine();
    } else if (token === ':') out.push(': ');
    else out.push(token);
  });
  return out.join('');
}
