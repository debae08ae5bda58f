/** Characters that steer instead of showing: control codes, marks of direction, and those without width; joiners belong to some scripts. */
const STEERING = /[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** A name on one line as what it is: what would break the line, or make it read as another name, is seen as a sign. */
export const visibleText = (name: string): string => name.replaceAll(STEERING, picture);
