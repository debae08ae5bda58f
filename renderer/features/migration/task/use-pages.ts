import { useCallback, useEffect, useMemo, useState } from 'react';

/** Rows that are read at once. */
const PAGE = 100;

export interface RowsPage<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

/** Reads `limit` rows from `offset`; the same function as long as the list is the same. */
export type ReadRows<T> = (offset: number, limit: number, signal: AbortSignal) => Promise<RowsPage<T>>;

interface Known<T> {
  readonly read: ReadRows<T>;
  readonly total: number | null;
  readonly pages: ReadonlyMap<number, readonly T[]>;
  readonly error: unknown;
}

export interface Pages<T> {
  /** Null until the first answer. */
  readonly total: number | null;
  /** Undefined while it is on its way. */
  readonly row: (index: number) => T | undefined;
  readonly error: unknown;
  /** Tells which rows are in sight. */
  readonly look: (first: number, last: number) => void;
}

/**
 * A long list of which only what is in sight is read, and read again whenever `stamp` changes.
 * @param stamp grows when rows may have changed
 */
export function usePages<T>(read: ReadRows<T>, stamp: number): Pages<T> {
  const [held, setHeld] = useState<Known<T>>({ read, total: null, pages: new Map(), error: null });
  const [sight, setSight] = useState({ first: 0, last: 0 });
  // Rows of another list are never shown as rows of this one.
  const known = useMemo<Known<T>>(
    () => (held.read === read ? held : { read, total: null, pages: new Map(), error: null }),
    [held, read],
  );
  const { first, last } = sight;

  useEffect(() => {
    const gone = new AbortController();
    const take = async (page: number) => {
      const { total, rows } = await read(page * PAGE, PAGE, gone.signal);
      if (gone.signal.aborted) return;
      setHeld((before) => {
        const pages = before.read === read ? before.pages : new Map<number, readonly T[]>();
        return { read, total, pages: new Map([...pages, [page, rows]]), error: null };
      });
    };
    const numbers = Array.from({ length: last - first + 1 }, (_none, at) => first + at);
    Promise.all(numbers.map(take)).catch((error: unknown) => {
      if (gone.signal.aborted) return;
      setHeld((before) => ({
        ...(before.read === read ? before : { read, total: null, pages: new Map() }),
        error,
      }));
    });
    return () => gone.abort();
  }, [read, stamp, first, last]);

  const row = useCallback((index: number) => known.pages.get(Math.floor(index / PAGE))?.[index % PAGE], [known]);
  const look = useCallback((from: number, to: number) => {
    const pages = { first: Math.floor(from / PAGE), last: Math.floor(to / PAGE) };
    setSight((before) => (before.first === pages.first && before.last === pages.last ? before : pages));
  }, []);
  return { total: known.total, row, error: known.error, look };
}
