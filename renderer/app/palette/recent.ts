/** Where the palette keeps what was used: in the profile, for all windows. */
const KEY = 'howdah.palette';
const KEPT = 50;

/** Ids of the entries that were used, the latest first. */
export function recentEntries(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function markUsed(id: string): void {
  localStorage.setItem(KEY, JSON.stringify([id, ...recentEntries().filter((each) => each !== id)].slice(0, KEPT)));
}
