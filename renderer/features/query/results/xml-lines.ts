/** A piece of XML with what it is. */
export interface XmlPiece {
  readonly text: string;
  readonly tone: 'tag' | 'name' | 'value' | 'text' | 'comment';
}

export interface XmlLine {
  readonly depth: number;
  readonly pieces: readonly XmlPiece[];
}

/** Longer texts are shown as they are. */
export const MAX_XML = 2_000_000;
/** Signs that open nothing. Each is looked for to the end of the text: one with many of them is not XML. */
const MAX_STRAY = 20;

const MARKUP = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<![^>]*>|<(?:[^<>"']|"[^"]*"|'[^']*')*>/y;
const PARTS = /("[^"]*"|'[^']*')|([^\s=<>/?"']+)|([\s=<>/?"']+)/g;

/** A text as lines of indented XML; null when it does not look like XML. Forgiving: what is not well formed is shown as it stands. */
export function xmlLines(text: string): XmlLine[] | null {
  if (text.length > MAX_XML || !/^\s*<[!?A-Za-z_:\u0080-\uffff]/.test(text)) return null;
  const lines: { depth: number; pieces: XmlPiece[] }[] = [];
  let depth = 0;
  let at = 0;
  let stray = 0;
  /** The line of an element that holds nothing but text so far: its end stays on it. */
  let opened: { depth: number; pieces: XmlPiece[] } | null = null;
  const add = (pieces: XmlPiece[]) => {
    const line = { depth, pieces };
    lines.push(line);
    return line;
  };
  while (at < text.length) {
    MARKUP.lastIndex = at;
    const markup = MARKUP.exec(text)?.[0];
    if (markup === undefined) {
      if (text.charAt(at) === '<') stray += 1;
      if (stray > MAX_STRAY) return null;
      const next = text.indexOf('<', at + 1);
      const plain = text.slice(at, next < 0 ? text.length : next);
      at += plain.length;
      if (plain.trim() === '') continue;
      if (opened && !plain.includes('\n')) opened.pieces.push({ text: plain, tone: 'text' });
      else {
        for (const line of plain.trim().split('\n')) add([{ text: line.trim(), tone: 'text' }]);
        opened = null;
      }
      continue;
    }
    at += markup.length;
    if (/^<[!?]/.test(markup)) {
      const comment = markup.startsWith('<!--');
      for (const line of markup.split('\n')) add([{ text: line.trim(), tone: comment ? 'comment' : 'tag' }]);
      opened = null;
    } else if (markup.startsWith('</')) {
      depth = Math.max(0, depth - 1);
      if (opened) opened.pieces.push(...tagPieces(markup));
      else add(tagPieces(markup));
      opened = null;
    } else {
      const line = add(tagPieces(markup));
      if (markup.endsWith('/>')) opened = null;
      else {
        opened = line;
        depth += 1;
      }
    }
  }
  return lines;
}

function tagPieces(markup: string): XmlPiece[] {
  const pieces: XmlPiece[] = [];
  let named = false;
  for (const [, value, name, rest] of markup.matchAll(PARTS)) {
    if (value !== undefined) pieces.push({ text: value, tone: 'value' });
    else if (name !== undefined) {
      pieces.push({ text: name, tone: named ? 'name' : 'tag' });
      named = true;
    } else pieces.push({ text: (rest ?? '').replaceAll(/\s+/g, ' '), tone: 'tag' });
  }
  return pieces;
}
