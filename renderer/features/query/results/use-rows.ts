import { useEffect, useState } from 'react';
import type { Row } from '../../../../shared/model/query';
import { api } from '../../../api';

const PAGE = 5000;
/** Characters that are read, each value counted with what it takes beside its text: more would fill the window's memory. */
const MOST = 60_000_000;
const BESIDE = 16;

const weightOf = (row: Row): number => row.reduce((sum, value) => sum + BESIDE + (value?.length ?? 0), 0);

export interface LoadedRows {
  readonly rows: readonly Row[];
  /** All that were wanted are there, or as many as the memory takes. */
  readonly done: boolean;
  readonly error: unknown;
}

const NOTHING: LoadedRows = { rows: [], done: false, error: null };

/**
 * Rows of a result from `from` on, `count` of them; values longer than `cellLimit` are cut. Read again when one of these changes; null `resultId`
 * reads nothing.
 */
export function useRows(resultId: string | null, from: number, count: number, cellLimit: number): LoadedRows {
  const key = `${resultId}/${from}/${count}`;
  const [loaded, setLoaded] = useState({ key: '', rows: NOTHING });
  useEffect(() => {
    if (resultId === null) return undefined;
    const ending = new AbortController();
    const { signal } = ending;
    const read = async (): Promise<LoadedRows> => {
      try {
        return { rows: await readAll(), done: true, error: null };
      } catch (error) {
        return { rows: [], done: true, error };
      }
    };
    const readAll = async () => {
      const rows: Row[] = [];
      let weight = 0;
      while (rows.length < count && weight < MOST) {
        const wanted = Math.min(PAGE, count - rows.length);
        const page = await api.query.fetch({ resultId, from: from + rows.length, count: wanted, cellLimit }, signal);
        if (page.length === 0) break;
        for (const row of page) {
          rows.push(row);
          weight += weightOf(row);
        }
      }
      return rows;
    };
    void read().then((rows) => {
      if (!signal.aborted) setLoaded({ key, rows });
    });
    return () => ending.abort();
  }, [key, resultId, from, count, cellLimit]);
  return loaded.key === key ? loaded.rows : NOTHING;
}
