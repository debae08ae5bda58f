import type { EndpointObject, EndpointObjects } from '../../../../shared/model/migration-api';
import type { PgSession } from '../../../adapters/postgres/session';
import { readFunctions, readPartitions, readRelations, readSchemas, type RelationRow } from './catalog';
import { withEmptyPath } from './empty-path';

const KINDS: Readonly<Record<string, EndpointObject['kind']>> = {
  r: 'table',
  p: 'partitioned',
  f: 'foreign',
  v: 'view',
  m: 'materialized',
  S: 'sequence',
};

/** What each partitioned table and its partitions, at any depth, measure together. */
function sumOfPartitions(relations: readonly RelationRow[], rootOf: ReadonlyMap<number, number>) {
  const sums = new Map<number, { bytes: number; rows: number }>();
  for (const { oid, total, rows } of relations)
    for (let root = rootOf.get(oid); root !== undefined; root = rootOf.get(root)) {
      const sum = sums.get(root) ?? { bytes: 0, rows: 0 };
      sums.set(root, { bytes: sum.bytes + total, rows: sum.rows + rows });
    }
  return sums;
}

/**
 * Everything of a database that can be chosen, with sizes. Partitions are counted in their root and not listed: they travel with it. What extensions
 * have made is not listed either. Fails with `sql`, `lost-connection` or `cancelled`.
 */
export function readSourceObjects(session: PgSession, signal: AbortSignal): Promise<Omit<EndpointObjects, 'database'>> {
  return withEmptyPath(session, async () => {
    const schemas = await readSchemas(session, signal);
    const relations = (await readRelations(session, signal, { total: true })).filter(
      ({ extension }) => extension === null,
    );
    const rootOf = new Map((await readPartitions(session, signal)).map(({ child, parent }) => [child, parent]));
    const functions = await readFunctions(session, signal);
    const [large] = await session.query<{ count: number }>(
      'SELECT pg_catalog.count(*)::pg_catalog.float8 AS count FROM pg_catalog.pg_largeobject_metadata',
      [],
      signal,
    );
    const sums = sumOfPartitions(relations, rootOf);
    const objects = new Map<string, EndpointObject[]>(
      schemas.flatMap(({ name, extension }) => (extension === null ? [[name, []]] : [])),
    );
    const add = (schema: string, object: EndpointObject): void => {
      const known = objects.get(schema);
      if (known) known.push(object);
      else objects.set(schema, [object]);
    };
    for (const { oid, schema, name, kind, partition, total, rows } of relations) {
      const known = KINDS[kind];
      if (partition || known === undefined) continue;
      const sum = sums.get(oid) ?? { bytes: total, rows };
      add(schema, { name, kind: known, bytes: sum.bytes, rows: sum.rows });
    }
    for (const { schema, name } of functions) add(schema, { name, kind: 'function', bytes: 0, rows: 0 });
    return {
      schemas: [...objects].map(([name, list]) => ({ name, objects: list })),
      largeObjects: large?.count ?? 0,
    };
  });
}
