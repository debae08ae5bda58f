/** How a person likes the list, kept between runs. Losing it costs a few clicks, so nothing here can fail. */
const KEY = 'howdah.instances.';

export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(KEY + name);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(KEY + name, value);
  } catch {
    // A full or forbidden store: the choice holds until the window closes.
  }
}
