import { IconBookmark, IconHistory } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OBJECT_KINDS } from '../../../shared/model/catalog';
import type { HistoryEntry, SavedQuery } from '../../../shared/model/library';
import { api } from '../../api';
import { ObjectIcon } from '../../ui/object-icon';
import { visibleText } from '../../ui/visible-text';
import { placeInUse, runCommand } from '../commands';
import { paletteIcon, type Entry } from './entries';

/** Milliseconds without a key before servers are asked. */
const QUIET = 150;
const SHORTEST = 2;
const OBJECTS = 30;
const TEXTS = 10;
/** Databases that are asked when no tab says which. */
const DATABASES = 3;
/** Parts of other objects are found with these. */
const PARTS: readonly string[] = ['column', 'constraint', 'rule', 'policy'];
const KINDS = OBJECT_KINDS.filter((kind) => !PARTS.includes(kind));

/** The first words of a statement on one line. */
const head = (sql: string): string => visibleText(sql.replace(/\s+/g, ' ').trim().slice(0, 120));

async function databases(): Promise<
  { readonly serverId: string; readonly server: string; readonly database: string }[]
> {
  const { servers } = await api.servers.list({});
  const connected = servers.filter(({ status }) => status.connected);
  const place = await placeInUse();
  const here = connected.find(({ id }) => id === place?.serverId);
  const asked = here === undefined ? connected.slice(0, DATABASES) : [here];
  return asked.map(({ id, name, database }) => ({
    serverId: id,
    server: name,
    database: id === place?.serverId ? (place.database ?? database) : database,
  }));
}

async function findObjects(text: string, signal: AbortSignal, words: TFunction<'catalog'>): Promise<Entry[]> {
  const places = await databases();
  const found = places.map(async ({ serverId, server, database }) => {
    const search = { serverId, database, text, kinds: KINDS, inside: false, showSystem: false, limit: OBJECTS };
    const { found: objects } = await api.catalog.search(search, signal);
    return objects.map(({ node: { ref, mark } }): Entry => {
      const where = [words(`kinds.${ref.kind}`), ref.schema, `${server} / ${database}`].filter((each) => each !== '');
      return {
        id: `object ${serverId} ${database} ${ref.kind} ${ref.oid}`,
        group: 'objects',
        label: visibleText(ref.name),
        note: visibleText(where.join(' · ')),
        // Main has found it by its own rules.
        words: text,
        icon: <ObjectIcon kind={ref.kind} mark={mark} />,
        keys: '',
        run: () => runCommand({ do: 'show-object', serverId, database, object: ref }),
      };
    });
  });
  return (await Promise.all(found)).flat();
}

function openText(serverId: string | null, database: string, sql: string): void {
  void placeInUse().then((place) => {
    const server = serverId ?? place?.serverId;
    if (server === undefined) runCommand({ do: 'show-library' });
    else runCommand({ do: 'open-query', serverId: server, database: database || (place?.database ?? 'postgres'), sql });
  });
}

const savedEntry = ({ id, name, folder, sql, serverId, database }: SavedQuery): Entry => ({
  id: `saved ${id}`,
  group: 'saved',
  label: visibleText(name),
  note: visibleText(folder === '' ? head(sql) : `${folder} · ${head(sql)}`),
  words: head(sql),
  icon: paletteIcon(IconBookmark),
  keys: '',
  run: () => openText(serverId, database, sql),
});

const historyEntry = (text: string, { id, server, database, sql, serverId }: HistoryEntry): Entry => ({
  id: `history ${id}`,
  group: 'history',
  label: head(sql),
  note: visibleText(`${server} · ${database}`),
  words: text,
  icon: paletteIcon(IconHistory),
  keys: '',
  run: () => openText(serverId, database, sql),
});

const NOTHING: readonly Entry[] = [];

/**
 * What must be asked for: objects of the database in use, saved queries, history. A part that can't be had is left out: the palette works without
 * it. Empty until something is found for the search as it stands.
 */
export function useFound(search: string, wanted: boolean): readonly Entry[] {
  const { t } = useTranslation('catalog');
  const [found, setFound] = useState<{ readonly for: string; readonly entries: readonly Entry[] } | null>(null);
  const text = search.trim();
  const asks = wanted && text.length >= SHORTEST;
  useEffect(() => {
    if (!asks) return;
    const ending = new AbortController();
    const { signal } = ending;
    const add = (entries: readonly Entry[]) => {
      if (signal.aborted) return;
      setFound((now) => ({ for: text, entries: [...(now?.for === text ? now.entries : NOTHING), ...entries] }));
    };
    const unavailable = () => undefined;
    const timer = setTimeout(() => {
      findObjects(text, signal, t).then(add, unavailable);
      api.library.saved({}, signal).then((saved) => add(saved.map(savedEntry)), unavailable);
      api.library
        .history({ text, outcome: 'any', limit: TEXTS }, signal)
        .then(({ entries }) => add(entries.map((entry) => historyEntry(text, entry))), unavailable);
    }, QUIET);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [asks, text, t]);
  return asks && found?.for === text ? found.entries : NOTHING;
}
