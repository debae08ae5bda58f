import { useCallback } from 'react';
import { api } from '../../../api/index';
import { useLoaded } from '../use-loaded';

/** The databases of a server that can be opened, with or without templates; none for the empty id. */
export function useDatabases(serverId: string, showSystem: boolean): readonly string[] {
  const read = useCallback(
    (signal: AbortSignal) =>
      api.catalog.children({ serverId, database: '', folder: 'databases', parent: null, showSystem }, signal),
    [serverId, showSystem],
  );
  const { value } = useLoaded(serverId !== '', read);
  return (value ?? []).filter(({ mark }) => mark !== 'closed').map(({ ref }) => ref.name);
}
