import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { library } from '../../../shared/contract/library';
import type { Emit, Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';
import type { FileTokens, QueryHistory } from '../../ports';
import { createDrafts } from './drafts';
import { createHistoryStore } from './history-store';
import { openKeptTexts, type KeptTexts } from './kept-texts';
import { readTextFile, writeTextFile, type FileState } from './text-files';

export interface LibraryFeature {
  readonly handlers: Handlers<typeof library>;
  readonly history: QueryHistory;
  close(): Promise<void>;
}

export interface LibraryDeps {
  /** Folder of the program's own documents. */
  readonly folder: string;
  readonly files: FileTokens;
  /** Statements that the history keeps. */
  readonly historySize: () => number;
  readonly emit: Emit<typeof library>;
  readonly log: Logger;
  /** Told when a document was broken and put aside. */
  readonly onBroken: (kept: string, reason: string) => void;
}

/** Files that are remembered. */
const RECENT = 20;
/** Files whose content is known; the oldest are forgotten beyond. */
const KNOWN = 1000;
/** Milliseconds between two tellings that the history grew. */
const TELLING = 300;

/** A folder's path as it is kept: parts without white space around, none empty. */
const folderPath = (path: string): string =>
  path
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('/');

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function taken(field: string, message: string): AppError {
  return new AppError({ code: 'conflict', message, field });
}

/** The list with the item in the place of the one with its id, or at the end. */
function withItem<Item extends { readonly id: string }>(list: readonly Item[], item: Item): Item[] {
  return list.some(({ id }) => id === item.id)
    ? list.map((each) => (each.id === item.id ? item : each))
    : [...list, item];
}

/** Texts that a person keeps. */
export function createLibraryFeature(deps: LibraryDeps): LibraryFeature {
  const { folder, files, emit, log } = deps;
  const kept = openKeptTexts(join(folder, 'library.json'), deps);
  const drafts = createDrafts({ folder: join(folder, 'drafts'), log });
  let telling: ReturnType<typeof setTimeout> | undefined;
  const history = createHistoryStore({
    file: join(folder, 'history.jsonl'),
    most: deps.historySize,
    log,
    onBroken: deps.onBroken,
    changed: () => {
      telling ??= setTimeout(() => {
        telling = undefined;
        emit('changed', { what: 'history' });
      }, TELLING);
    },
  });

  /** What is known of files, by their token to write. */
  const known = new Map<string, FileState>();
  const know = (token: string, state: FileState): void => {
    known.delete(token);
    known.set(token, state);
    const oldest = known.keys().next();
    if (known.size > KNOWN && !oldest.done) known.delete(oldest.value);
  };
  const stateOf = (token: string): FileState =>
    known.get(token) ?? { path: files.path(token, 'write'), encoding: 'utf8', stamp: '', lineEnd: 'lf' };
  const tokenFor = (state: FileState): string => {
    const token = files.add(state.path, 'write');
    know(token, state);
    return token;
  };
  const recentTokens = new Map<string, string>();
  /** The same as long as it is good: menus ask often. */
  const recentToken = (path: string): string => {
    const before = recentTokens.get(path);
    try {
      if (before !== undefined && files.path(before, 'read') === path) return before;
    } catch {
      // It was forgotten meanwhile.
    }
    const token = files.add(path, 'read');
    recentTokens.set(path, token);
    return token;
  };
  const remember = async (path: string): Promise<void> => {
    if (kept.current().recent[0] === path) return;
    await kept.update((now) => ({
      ...now,
      recent: [path, ...now.recent.filter((each) => each !== path)].slice(0, RECENT),
    }));
  };
  const change = async (what: 'saved' | 'snippets' | 'macros', make: (now: KeptTexts) => KeptTexts): Promise<void> => {
    await kept.update(make);
    emit('changed', { what });
  };

  return {
    handlers: {
      history: (question, { signal }) => history.find(question, signal),
      removeHistory: ({ ids }) => {
        const gone = new Set(ids);
        return history.remove(({ id }) => gone.has(id));
      },
      clearHistory: ({ serverId }) => history.remove((entry) => serverId === undefined || entry.serverId === serverId),
      saved: async () => kept.current().saved,
      async saveQuery(given) {
        const query = {
          ...given,
          id: given.id || randomUUID(),
          name: given.name.trim(),
          folder: folderPath(given.folder),
          changedAt: Date.now(),
        };
        const other = kept
          .current()
          .saved.some(
            ({ id, name, folder: its }) => id !== query.id && same(name, query.name) && same(its, query.folder),
          );
        if (other) throw taken('name', 'The folder has a query of this name already');
        await change('saved', (now) => ({ ...now, saved: withItem(now.saved, query) }));
        return query;
      },
      removeQuery: ({ id }) =>
        change('saved', (now) => ({ ...now, saved: now.saved.filter((each) => each.id !== id) })),
      snippets: async () => kept.current().snippets,
      async saveSnippet(given) {
        const snippet = {
          ...given,
          id: given.id || randomUUID(),
          prefix: given.prefix.trim(),
          name: given.name.trim(),
        };
        if (kept.current().snippets.some(({ id, prefix }) => id !== snippet.id && same(prefix, snippet.prefix)))
          throw taken('prefix', 'Another snippet has this abbreviation');
        await change('snippets', (now) => ({ ...now, snippets: withItem(now.snippets, snippet) }));
        return snippet;
      },
      removeSnippet: ({ id }) =>
        change('snippets', (now) => ({ ...now, snippets: now.snippets.filter((each) => each.id !== id) })),
      macros: async () => kept.current().macros,
      async saveMacro(given) {
        const macro = { ...given, id: given.id || randomUUID(), name: given.name.trim() };
        const { macros } = kept.current();
        if (macros.some(({ id, name }) => id !== macro.id && same(name, macro.name)))
          throw taken('name', 'Another macro has this name');
        if (macro.keys !== '' && macros.some(({ id, keys }) => id !== macro.id && keys === macro.keys))
          throw taken('keys', 'Another macro has these keys');
        await change('macros', (now) => ({ ...now, macros: withItem(now.macros, macro) }));
        return macro;
      },
      removeMacro: ({ id }) =>
        change('macros', (now) => ({ ...now, macros: now.macros.filter((each) => each.id !== id) })),
      async draft({ id }) {
        const draft = await drafts.read(id);
        if (draft === null) return null;
        const { file, ...text } = draft;
        return {
          id,
          ...text,
          file: file && { token: tokenFor(file), name: basename(file.path), lineEnd: file.lineEnd },
        };
      },
      saveDraft: ({ id, text, cursor, changed, fileToken }) =>
        drafts.save(id, { text, cursor, changed, file: fileToken === null ? null : stateOf(fileToken) }),
      drafts: async () =>
        (await drafts.left()).map(({ file, ...draft }) => ({
          ...draft,
          fileName: file === null ? '' : basename(file.path),
        })),
      dropDraft: ({ id }) => drafts.drop(id),
      recentFiles: async () =>
        kept.current().recent.map((path) => ({
          token: recentToken(path),
          name: basename(path),
          folder: basename(dirname(path)),
        })),
      async readFile({ fileToken }) {
        const path = known.get(fileToken)?.path ?? files.path(fileToken, 'read');
        const { text, state } = await readTextFile(path);
        await remember(path);
        return { text, lineEnd: state.lineEnd, name: basename(path), writeToken: tokenFor(state) };
      },
      async writeFile({ fileToken, text, lineEnd, force }) {
        const state = await writeTextFile(stateOf(fileToken), text, lineEnd, force);
        know(fileToken, state);
        await remember(state.path);
        return { name: basename(state.path) };
      },
    },
    history,
    async close() {
      clearTimeout(telling);
      await Promise.all([history.close(), drafts.close(), kept.settled()]);
    },
  };
}
