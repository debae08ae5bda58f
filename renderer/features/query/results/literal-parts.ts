/** One element of an array, or one field of a row. */
export interface LiteralPart {
  /** `[1]` or `[1][2]` for arrays, a number for fields. */
  readonly place: string;
  /** Null is NULL. */
  readonly value: string | null;
}

/** Parts that are listed. */
export const MAX_PARTS = 200_000;

/** Why a text is no array after all. */
const NONE = null;

/** Elements of an array in the server's text, e.g. `{1,NULL,"a b"}` or `[0:1]={{1},{2}}`; null when it is none. Source: arrayfuncs.c, array_out. */
export function arrayParts(text: string): LiteralPart[] | null {
  const bounds = /^((?:\[[-+]?\d+:[-+]?\d+\])+)=/.exec(text);
  const first = [...(bounds?.[1] ?? '').matchAll(/\[([-+]?\d+):/g)].map(([, low]) => Number(low));
  const parts: LiteralPart[] = [];
  const places: number[] = [];
  let at = bounds?.[0].length ?? 0;
  if (text.charAt(at) !== '{') return NONE;
  while (at < text.length && parts.length < MAX_PARTS) {
    const sign = text.charAt(at);
    if (sign === '{') {
      places.push(first[places.length] ?? 1);
      at += 1;
    } else if (sign === '}') {
      places.pop();
      at += 1;
      if (places.length === 0) return at === text.length ? parts : NONE;
    } else if (sign === ',' || sign === ';') {
      places.push((places.pop() ?? 0) + 1);
      at += 1;
    } else {
      const { value, quoted, next } = element(text, at, /[,;{}]/);
      const isNull = !quoted && value.toUpperCase() === 'NULL';
      parts.push({ place: places.map((place) => `[${place}]`).join(''), value: isNull ? null : value });
      at = next;
    }
  }
  return parts.length >= MAX_PARTS ? parts : NONE;
}

/** Fields of a row in the server's text, e.g. `(1,"a b",)`; null when it is none. Source: rowtypes.c, record_out. */
export function rowParts(text: string): LiteralPart[] | null {
  if (!text.startsWith('(') || !text.endsWith(')')) return NONE;
  const parts: LiteralPart[] = [];
  let at = 1;
  for (;;) {
    const { value, quoted, next } = element(text, at, /[,)]/);
    parts.push({ place: String(parts.length + 1), value: value === '' && !quoted ? null : value });
    if (next === text.length - 1) return parts;
    if (text.charAt(next) !== ',' || parts.length >= 2000) return NONE;
    at = next + 1;
  }
}

/** One element from `from` on; quotes within are doubled or escaped by a backslash. */
function element(text: string, from: number, stops: RegExp): { value: string; quoted: boolean; next: number } {
  const value: string[] = [];
  let quoted = false;
  let inside = false;
  let at = from;
  for (; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '\\') {
      at += 1;
      value.push(text.charAt(at));
    } else if (sign === '"') {
      if (inside && text.charAt(at + 1) === '"') {
        value.push('"');
        at += 1;
      } else {
        inside = !inside;
        quoted = true;
      }
    } else if (!inside && stops.test(sign)) break;
    else value.push(sign);
  }
  return { value: value.join(''), quoted, next: at };
}
