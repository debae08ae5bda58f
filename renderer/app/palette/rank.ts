/** What of an entry is searched. */
export interface Ranked {
  readonly id: string;
  readonly label: string;
  /** A second line. */
  readonly note: string;
  /** More words under which it is found. */
  readonly words: string;
}

const WORD_BREAK = /[^\p{L}\p{N}]/u;

/** How well a word stands in a text, 0 … 1: as a whole, at its start, at the start of a word, anywhere; 0 is not. Both in lower case. */
function standsIn(word: string, text: string): number {
  if (text === word) return 1;
  const at = text.indexOf(word);
  if (at < 0) return 0;
  if (at === 0) return 0.9;
  for (let next = at; next >= 0; next = text.indexOf(word, next + 1)) {
    if (WORD_BREAK.test(text.charAt(next - 1))) return 0.75;
  }
  return 0.5;
}

/** Whether the letters of a word stand in a text one after the other, not too far apart: `0.3` at best, 0 is not. */
function scatteredIn(word: string, text: string): number {
  if (word.length < 3) return 0;
  const first = text.indexOf(word.charAt(0));
  let at = first;
  for (let letter = 1; letter < word.length && at >= 0; letter++) at = text.indexOf(word.charAt(letter), at + 1);
  if (at < 0) return 0;
  const spread = (at - first + 1) / word.length;
  return spread > 4 ? 0 : 0.3 / spread;
}

/** How well an entry answers a search, 0 … 3; 0 when a word of the search is nowhere in it. */
export function rankOf(search: string, { label, note, words }: Ranked): number {
  const wanted = search.toLowerCase().trim();
  if (wanted === '') return 1;
  const name = label.toLowerCase();
  const rest = `${note} ${words}`.toLowerCase();
  let sum = 0;
  const pieces = wanted.split(/\s+/);
  for (const piece of pieces) {
    const best = Math.max(standsIn(piece, name), standsIn(piece, rest) * 0.4, scatteredIn(piece, name));
    if (best === 0) return 0;
    sum += best;
  }
  const inName = standsIn(wanted, name);
  const whole = Math.max(inName, standsIn(wanted, note.toLowerCase()) * 0.6);
  // Of two names that match alike, the shorter is the nearer.
  return sum / pieces.length + whole + (inName === 0 ? 0 : 0.1 / (1 + name.length / 10));
}

/** What a recently used entry gains, by its place among them. */
const gain = (place: number): number => (place < 0 ? 0 : 0.25 / (1 + place / 5));

/**
 * The entries that answer a search, best first.
 * @param recent ids of what was used, the latest first
 */
export function rankAll<Entry extends Ranked>(
  search: string,
  entries: readonly Entry[],
  recent: readonly string[],
  most: number,
): Entry[] {
  const places = new Map(recent.map((id, place) => [id, place]));
  const found: { readonly entry: Entry; readonly rank: number; readonly at: number }[] = [];
  entries.forEach((entry, at) => {
    const rank = rankOf(search, entry);
    if (rank > 0) found.push({ entry, rank: rank + gain(places.get(entry.id) ?? -1), at });
  });
  return found
    .toSorted((one, other) => other.rank - one.rank || one.at - other.at)
    .slice(0, most)
    .map(({ entry }) => entry);
}
