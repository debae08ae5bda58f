import { useCallback } from 'react';
import type { ObjectKind, ObjectRef } from '../../../../shared/model/catalog';
import { api } from '../../../api/index';
import { useLoaded, type Loaded } from '../use-loaded';

const STANDING: ReadonlySet<ObjectKind> = new Set(['table', 'foreign-table', 'view', 'materialized-view', 'domain']);

/** What each object stands on (the table of a trigger, the parent of a partition), by oid; null until it is read. */
export function useParents(
  wanted: boolean,
  serverId: string,
  database: string,
  objects: readonly ObjectRef[],
): Loaded<ReadonlyMap<number, ObjectRef>> {
  const read = useCallback(
    async (signal: AbortSignal) => {
      const parents = new Map<number, ObjectRef>();
      for (const object of objects) {
        const needs = await api.catalog.related({ serverId, database, object, direction: 'needs' }, signal);
        const parent = needs.find(({ ref, how }) => how === 'a' && ref !== null && STANDING.has(ref.kind))?.ref;
        if (parent) parents.set(object.oid, parent);
      }
      return parents;
    },
    [serverId, database, objects],
  );
  return useLoaded(wanted, read);
}
