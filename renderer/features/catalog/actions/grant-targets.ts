import { grantGroupOf, type GrantTarget } from '../../../../shared/model/actions/grants';
import type { FolderKind, ObjectRef } from '../../../../shared/model/catalog';
import { api } from '../../../api/index';

const FOLDERS: readonly FolderKind[] = [
  'tables',
  'foreign-tables',
  'views',
  'materialized-views',
  'sequences',
  'functions',
  'procedures',
  'trigger-functions',
];

/** Most overloads of one name that are looked through. */
const OVERLOADS = 1000;

/** Whether a database is the one that its parts can be read from. */
const isOpened = (object: ObjectRef, database: string): boolean =>
  object.kind === 'database' && object.name === database;

/** Whether something stands for what is in it. */
export const holdsTargets = (object: ObjectRef, database: string): boolean =>
  object.kind === 'schema' || isOpened(object, database);

/** What privileges can be given on: a database and its schemas, everything in a schema, or the objects themselves with the arguments of functions. */
export async function readGrantTargets(
  serverId: string,
  database: string,
  objects: readonly ObjectRef[],
  signal: AbortSignal,
): Promise<GrantTarget[]> {
  const targets: GrantTarget[] = [];
  for (const object of objects) {
    if (object.kind === 'database') {
      targets.push({ ref: object, arguments: '' });
      if (!isOpened(object, database)) continue;
      const schemas = await api.catalog.children(
        { serverId, database, folder: 'schemas', parent: object, showSystem: false },
        signal,
      );
      targets.push(...schemas.map(({ ref }) => ({ ref, arguments: '' })));
    } else if (object.kind === 'schema') {
      targets.push({ ref: object, arguments: '' });
      for (const folder of FOLDERS) {
        const nodes = await api.catalog.children(
          { serverId, database, folder, parent: object, showSystem: false },
          signal,
        );
        targets.push(...nodes.map(({ ref, note }) => ({ ref, arguments: note })));
      }
    } else targets.push({ ref: object, arguments: await argumentsOf(serverId, database, object, signal) });
  }
  return targets.filter(({ ref }) => grantGroupOf(ref.kind) !== undefined);
}

async function argumentsOf(
  serverId: string,
  database: string,
  object: ObjectRef,
  signal: AbortSignal,
): Promise<string> {
  const group = grantGroupOf(object.kind);
  if (group !== 'functions' && group !== 'procedures') return '';
  const { found } = await api.catalog.search(
    { serverId, database, text: object.name, kinds: [object.kind], inside: false, showSystem: true, limit: OVERLOADS },
    signal,
  );
  return found.find(({ node }) => node.ref.oid === object.oid)?.node.note ?? '()';
}
