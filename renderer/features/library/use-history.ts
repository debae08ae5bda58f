import { useCallback, useEffect, useRef, useState } from 'react';
import type { HistoryEntry } from '../../../shared/model/library';
import { api, listen } from '../../api';
import { presentError } from '../../ui/error-presenter';

/** What is looked for; empty is any. */
export interface HistoryFilter {
  readonly text: string;
  readonly serverId: string;
  readonly database: string;
  readonly outcome: 'any' | 'done' | 'failed';
}

/** Entries that are asked for at once. */
const PAGE = 200;
/** Entries that are read again when something new came: beyond, the list stands until it is asked anew. */
const AGAIN = 1000;
/** Milliseconds of quiet before a filter that is typed is used. */
const QUIET = 150;

export interface FoundHistory {
  /** Null until they are known. */
  readonly entries: readonly HistoryEntry[] | null;
  readonly more: boolean;
  readMore(): void;
}

const NONE: readonly HistoryEntry[] = [];

/** The history as a filter finds it, newest first, page by page, kept up to date. */
export function useHistory(filter: HistoryFilter): FoundHistory {
  const { text, serverId, database, outcome } = filter;
  const [found, setFound] = useState<{ entries: readonly HistoryEntry[] | null; more: boolean }>({
    entries: null,
    more: false,
  });
  const latest = useRef(found);
  latest.current = found;
  const reading = useRef(false);
  const ask = useCallback(
    (limit: number, before: string | undefined, signal?: AbortSignal) =>
      api.library.history(
        {
          text,
          outcome,
          limit,
          ...(serverId === '' ? {} : { serverId }),
          ...(database === '' ? {} : { database }),
          ...(before === undefined ? {} : { before }),
        },
        signal,
      ),
    [text, serverId, database, outcome],
  );

  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const read = () => {
      const limit = Math.min(AGAIN, Math.max(PAGE, latest.current.entries?.length ?? 0));
      ask(limit, undefined, signal).then(
        (now) => {
          if (!signal.aborted) setFound(now);
        },
        (error: unknown) => {
          if (!signal.aborted) presentError(error);
        },
      );
    };
    const timer = setTimeout(read, QUIET);
    const stop = listen('library', 'changed', ({ what }) => {
      if (what === 'history') read();
    });
    return () => {
      clearTimeout(timer);
      stop();
      ending.abort();
    };
  }, [ask]);

  const readMore = useCallback(() => {
    const { entries, more } = latest.current;
    if (!more || reading.current) return;
    reading.current = true;
    ask(PAGE, entries?.at(-1)?.id)
      .then((now) => {
        // Another filter, or new entries, have come meanwhile.
        if (latest.current.entries === entries)
          setFound({ entries: [...(entries ?? NONE), ...now.entries], more: now.more });
      }, presentError)
      .finally(() => {
        reading.current = false;
      });
  }, [ask]);
  return { ...found, readMore };
}
