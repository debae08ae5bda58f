import type { HistoryEntry, Macro, RecentFile, SavedQuery, Snippet } from '../../../../shared/model/library';
import { api } from '../../../api';

/** What the menu lists. */
export interface MenuTexts {
  readonly saved: readonly SavedQuery[];
  readonly snippets: readonly Snippet[];
  readonly macros: readonly Macro[];
  readonly files: readonly RecentFile[];
  readonly history: readonly HistoryEntry[];
}

export const NO_TEXTS: MenuTexts = { saved: [], snippets: [], macros: [], files: [], history: [] };

/** Runs that are looked at, and different texts of them that are shown. */
const LOOKED_AT = 60;
const SHOWN = 12;

const byName = <Item extends { readonly name: string }>(items: readonly Item[]): Item[] =>
  items.toSorted((one, other) => one.name.localeCompare(other.name));

/** Reads what the menu of a tab lists; saved queries of other servers are left to the library. */
export async function readTexts(serverId: string): Promise<MenuTexts> {
  const [saved, snippets, macros, files, { entries }] = await Promise.all([
    api.library.saved({}),
    api.library.snippets({}),
    api.library.macros({}),
    api.library.recentFiles({}),
    api.library.history({ serverId, text: '', outcome: 'any', limit: LOOKED_AT }),
  ]);
  const history = entries.filter(({ sql }, at) => entries.findIndex((each) => each.sql === sql) === at);
  return {
    saved: byName(saved.filter((query) => query.serverId === null || query.serverId === serverId)),
    snippets: byName(snippets),
    macros: byName(macros),
    files,
    history: history.slice(0, SHOWN),
  };
}
