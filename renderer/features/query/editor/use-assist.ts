import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fit } from '../../../../shared/model/completion/match';
import type { Completion, CompletionItem } from '../../../../shared/model/completion';
import type { Snippet } from '../../../../shared/model/library';
import { quoteIdent } from '../../../../shared/model/quote';
import { DEFAULT_QUERY_SETTINGS, type QuerySettings } from '../../../../shared/model/settings';
import { api, listen } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import { showNotice } from '../../../ui/notice';
import type { SqlAssist } from '../../../ui/sql-editor/sql-assist';
import { visibleText } from '../../../ui/visible-text';
import { useCommand } from '../../../ui/workbench';
import type { QueryTab } from '../store';
import { formatSql } from './format-sql';

/** The settings of the editor, kept up to date. */
function useQuerySettings(): QuerySettings {
  const [settings, setSettings] = useState(DEFAULT_QUERY_SETTINGS);
  useEffect(() => {
    let gone = false;
    api.settings.get({}).then(({ query }) => {
      if (!gone) setSettings(query);
    }, presentError);
    const stop = listen('settings', 'changed', ({ query }) => setSettings(query));
    return () => {
      gone = true;
      stop();
    };
  }, []);
  return settings;
}

/** The person's snippets, kept up to date. */
function useSnippets(): readonly Snippet[] {
  const [snippets, setSnippets] = useState<readonly Snippet[]>([]);
  useEffect(() => {
    let gone = false;
    const read = (): void => {
      api.library.snippets({}).then(
        (all) => {
          if (!gone) setSnippets(all);
        },
        // Without the library there are no snippets to offer; its own page says what is wrong with it.
        () => undefined,
      );
    };
    read();
    const stop = listen('library', 'changed', ({ what }) => {
      if (what === 'snippets') read();
    });
    return () => {
      gone = true;
      stop();
    };
  }, []);
  return snippets;
}

/** Milliseconds between two questions for columns that are being read, and how often to ask. */
const AGAIN_MS = 100;
const MOST_TIMES = 50;

const EMPTY: Omit<Completion, 'from' | 'to'> = { items: [], more: false, loading: false };

/** Snippets whose prefix begins with what is written at the end of `text`. */
function snippetItems(snippets: readonly Snippet[], written: string): readonly CompletionItem[] {
  const word = written.toLowerCase();
  return snippets
    .filter(({ prefix }) => [0, 1].includes(fit(word, prefix)))
    .map(({ prefix, name, body }) => ({ kind: 'snippet', label: prefix, insert: body, detail: name, rank: 0 }));
}

/** Key words as the person writes them. */
function inCase(found: Completion, written: string, { keywordCase }: QuerySettings): Completion {
  const asWritten = written !== '' && written === written.toLowerCase();
  if (keywordCase === 'upper' || (keywordCase === 'preserve' && !asWritten)) return found;
  const items = found.items.map((item) => {
    if (item.kind !== 'keyword') return item;
    return { ...item, label: item.label.toLowerCase(), insert: item.insert.toLowerCase() };
  });
  return { ...found, items };
}

/** Longer statements are looked at no further than the name itself. */
const MEANING_MOST = 200_000;

/** What the editor of a tab knows about the database: names to complete, objects to go to, how texts are formatted. */
export function useAssist(tab: QueryTab, serverId: string): SqlAssist | null {
  const { t } = useTranslation('query-editor');
  const run = useCommand();
  const settings = useQuerySettings();
  const snippets = useSnippets();
  return useMemo((): SqlAssist => {
    const sessionId = (): string | undefined => tab.store.getState().session?.sessionId;
    const complete = async (text: string, offset: number, asked: boolean, signal: AbortSignal): Promise<Completion> => {
      const id = sessionId();
      return id === undefined
        ? { ...EMPTY, from: offset, to: offset }
        : api.query.complete({ sessionId: id, text, offset, asked }, signal);
    };
    return {
      asTyped: settings.completeAsTyped,
      words: { format: t('format'), goTo: t('goTo'), upperCase: t('upperCase'), lowerCase: t('lowerCase') },
      async complete(text, offset, asked, signal) {
        const answer = await complete(text, offset, asked, signal);
        const word = /[\p{L}\p{N}_]*$/u.exec(text.slice(0, offset))?.[0] ?? '';
        const found = inCase(answer, word, settings);
        const begun = word !== '' || (asked && text.trim() === '');
        const from = offset - word.length;
        // Behind a dot or a quote there are only names.
        const inName = ['.', '"'].includes(text[from - 1] ?? '');
        const own = begun && !inName ? snippetItems(snippets, word) : [];
        if (own.length === 0) return found;
        // Where nothing can stand (a constant, a comment, an alias) neither does a snippet; a prefix may be like no other name.
        const fits = async (): Promise<boolean> => {
          if (found.items.length > 0 || sessionId() === undefined) return true;
          const bare = await complete(text.slice(0, from) + text.slice(offset), from, asked, signal);
          return bare.items.length > 0;
        };
        return (await fits()) ? { ...found, from, to: offset, items: [...own, ...found.items] } : found;
      },
      async format(text) {
        const formatted = await formatSql(text, settings);
        if (formatted === null && text.trim() !== '') showNotice(t('notFormatted'));
        return formatted;
      },
      async meaning(text, offset, signal) {
        const id = sessionId();
        return id === undefined ? null : api.query.meaning({ sessionId: id, text, offset }, signal);
      },
      async goTo({ path: written, statement, offset }) {
        const id = sessionId();
        if (id === undefined) return false;
        try {
          const short = statement.length <= MEANING_MOST;
          const meaning = short ? await api.query.meaning({ sessionId: id, text: statement, offset }) : null;
          // What only the statement knows leads nowhere.
          if (meaning?.path === null) return false;
          const path = meaning?.path ?? written;
          const object = await api.query.resolveName({ sessionId: id, path: path.map((name) => name.slice(0, 63)) });
          if (object) run({ do: 'show-object', serverId, database: tab.store.getState().database, object });
          else showNotice(t('noSuchObject', { name: path.map(visibleText).join('.') }));
          return object !== null;
        } catch (error) {
          presentError(error);
          return false;
        }
      },
      async columns(path, signal) {
        // Asked as a question of completion: its names are kept, and nothing waits for the tab's session.
        const text = `SELECT h. FROM ${path.map(quoteIdent).join('.')} h`;
        for (let times = 1; ; times += 1) {
          const { items, loading } = await complete(text, 'SELECT h.'.length, true, signal);
          if (items.length > 0 || !loading || times === MOST_TIMES) {
            return items.map(({ label, detail }) => ({ name: label, type: detail }));
          }
          await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        }
      },
    };
  }, [tab, serverId, run, settings, snippets, t]);
}
