import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { errorInfo } from '../../../../shared/errors';
import type { EndpointObjects } from '../../../../shared/model/migration-api';
import { api } from '../../../api';
import type { SourceDatabase } from './picker-lines';

type Loaded = Readonly<Record<string, { readonly objects: EndpointObjects | null; readonly error: unknown }>>;

export interface Source {
  readonly databases: readonly SourceDatabase[];
  /** Asks for what is in a database, unless it is known or on its way; after a failure again. */
  readonly open: (database: string) => void;
}

/** The databases of the source, each read when it is first opened. */
export function useSource(
  jobId: string,
  databases: readonly { readonly name: string; readonly bytes: number }[] | null,
): Source {
  const [loaded, setLoaded] = useState<Loaded>({});
  const ending = useRef<AbortController | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    ending.current = controller;
    return () => controller.abort();
  }, [jobId]);
  const asked = useRef(new Set<string>());
  const open = useCallback(
    (database: string) => {
      const signal = ending.current?.signal;
      if (signal === undefined || asked.current.has(database)) return;
      asked.current.add(database);
      setLoaded((before) => ({ ...before, [database]: { objects: null, error: null } }));
      api.migration.sourceObjects({ id: jobId, database }, signal).then(
        (objects) => setLoaded((before) => ({ ...before, [database]: { objects, error: null } })),
        (error: unknown) => {
          asked.current.delete(database);
          if (signal.aborted || errorInfo(error).code === 'cancelled') return;
          setLoaded((before) => ({ ...before, [database]: { objects: null, error } }));
        },
      );
    },
    [jobId],
  );
  const shown = useMemo(
    () =>
      (databases ?? []).map(({ name, bytes }): SourceDatabase => {
        const found = loaded[name];
        const objects = found?.objects ?? null;
        const error = found?.error ?? null;
        return { name, bytes, objects, busy: objects === null && error === null, error };
      }),
    [databases, loaded],
  );
  return { databases: shown, open };
}
