import { useCallback } from 'react';
import type { ObjectRef, TreeNode } from '../../../shared/model/catalog';
import { api } from '../../api/index';
import { useLoaded, type Loaded } from './use-loaded';

/** An object as the tree has it, and what it stands under. */
export interface FoundNode {
  readonly node: TreeNode;
  readonly parent: ObjectRef | null;
}

/** Reads what the tree says of an object that was opened without it. `object` must be stable. */
export function useNode(serverId: string, database: string, object: ObjectRef): Loaded<FoundNode> {
  // Databases that nobody may connect to are known outside of them.
  const place = object.kind === 'database' ? '' : database;
  const read = useCallback(
    (signal: AbortSignal) => api.catalog.node({ serverId, database: place, object }, signal),
    [serverId, place, object],
  );
  return useLoaded(true, read);
}
