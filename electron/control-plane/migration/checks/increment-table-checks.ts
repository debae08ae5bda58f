import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { Check, CheckContext, CheckedDatabase, Found } from './check';
import {
  DEFERRABLE_KEY_SQL,
  FULL_IDENTITY_SQL,
  LARGE_OBJECTS_SQL,
  LEAVES_SQL,
  NO_EQUALITY_SQL,
  NO_IDENTITY_SQL,
  OID_SQL,
  POINTERS_SQL,
  SEVERAL_UNIQUES_SQL,
  UNLOGGED_SQL,
} from './increment-table-checks-sql';
import { count, forDatabases, forTargets, itemsCheck } from './object-scope';
import { asAdvice, passed } from './saying';

const STEP = 'IncrementCheck';
const incrementally = ({ incremental }: CheckContext): boolean => incremental;
const tableOids = ({ plan }: CheckedDatabase): number[] => plan.tables.map(({ oid }) => oid);

interface NoIdentity {
  name: string;
  key: boolean;
  owned: boolean;
  index: string | null;
}

/** The least change that lets a table say which row was changed; its name is quoted already. */
function identityStatement({ name, key, index }: NoIdentity): string {
  const identity = key ? 'DEFAULT' : index === null ? 'FULL' : `USING INDEX ${quoteIdent(index)}`;
  return `ALTER TABLE ${name} REPLICA IDENTITY ${identity}`;
}

async function lookAtIdentity(context: CheckContext, database: CheckedDatabase): Promise<Found> {
  const place = { side: 'source', database: database.plan.source } as const;
  const rows = await database.source.query<NoIdentity>(NO_IDENTITY_SQL, [tableOids(database)], context.signal);
  if (rows.length === 0) return passed(place, 'Every table says which row was changed', NO_IDENTITY_SQL);
  const statements = rows.map(identityStatement);
  return {
    ...place,
    level: 'failed',
    found: `${count(rows.length, 'table')} ${rows.length === 1 ? 'has' : 'have'} neither a primary key nor a replica identity`,
    items: rows.map(({ name }) => name),
    effect:
      'Updates and deletes of these tables cannot be followed, and publishing them would make the source refuse those: the task moves none of them.',
    remedy: `Add a primary key, or ${asAdvice(statements)} FULL writes the whole old row to the log.`,
    sql: NO_IDENTITY_SQL,
    ...(rows.every(({ owned }) => owned)
      ? { fix: { side: 'source', database: database.plan.source, statements } }
      : {}),
  };
}

const identity: Check = {
  id: 'replica-identity',
  step: STEP,
  title: 'Tables whose changed rows cannot be told apart',
  applies: incrementally,
  run: (context) => forDatabases(context, (database) => lookAtIdentity(context, database)),
};

const equality = itemsCheck({
  id: 'identity-without-equality',
  step: STEP,
  title: 'Whole rows that cannot be compared',
  applies: incrementally,
  sql: NO_EQUALITY_SQL,
  level: 'warning',
  none: 'Every row that identifies itself as a whole can be compared',
  found: (many) =>
    `${count(many, 'column')} of tables with REPLICA IDENTITY FULL ${many === 1 ? 'has' : 'have'} a type without equality`,
  effect:
    'These columns are compared by their text, which is slower and finds no row where the two servers write a value differently.',
  remedy: 'Add a primary key to these tables.',
});

const fullIdentity = itemsCheck({
  id: 'identity-full',
  step: STEP,
  title: 'Tables identified by whole rows',
  applies: incrementally,
  sql: FULL_IDENTITY_SQL,
  level: 'warning',
  none: 'No table is identified by its whole rows',
  found: (many) => `${count(many, 'table')} ${many === 1 ? 'has' : 'have'} REPLICA IDENTITY FULL`,
  effect:
    'Each update and delete writes the whole old row to the log of the source, and searches the whole table at the target where no index helps.',
  remedy:
    'Add a primary key, or a unique index over columns that are NOT NULL and ALTER TABLE … REPLICA IDENTITY USING INDEX …',
});

const uniques = itemsCheck({
  id: 'several-uniques',
  step: STEP,
  title: 'Tables with several unique indexes',
  applies: incrementally,
  sql: SEVERAL_UNIQUES_SQL,
  level: 'warning',
  none: 'No table has more than one unique index',
  found: (many) => `${count(many, 'table')} ${many === 1 ? 'has' : 'have'} more than one unique index`,
  effect:
    'Values that move from row to row have to be written in the order of the source: these tables are not written side by side, which is slower.',
  remedy:
    'Nothing has to be done; if such a table changes very much, drop the additional unique index at the target until the task is over.',
});

const deferrable = itemsCheck({
  id: 'deferrable-key',
  step: STEP,
  title: 'Primary keys that are checked late',
  applies: incrementally,
  sql: DEFERRABLE_KEY_SQL,
  level: 'warning',
  none: 'Every primary key is checked at once',
  found: (many) => `${count(many, 'table')} ${many === 1 ? 'has' : 'have'} a DEFERRABLE primary key`,
  effect: 'Such a key does not identify rows for replication, and cannot be used to find a row to be changed.',
  remedy:
    'Make the key again without DEFERRABLE, or ALTER TABLE … REPLICA IDENTITY USING INDEX … with another unique index.',
});

const unlogged = itemsCheck({
  id: 'unlogged-tables',
  step: STEP,
  title: 'Tables without a log',
  applies: incrementally,
  sql: UNLOGGED_SQL,
  level: 'failed',
  none: 'Every table is logged',
  found: (many) => `${count(many, 'table')} ${many === 1 ? 'is' : 'are'} UNLOGGED`,
  effect: 'Changes of these tables are in no log: after the full copy they do not arrive.',
  remedy:
    'ALTER TABLE … SET LOGGED; (writes the table anew under an exclusive lock), or leave these tables to a full migration of their own.',
});

async function lookAtLargeObjects(context: CheckContext, database: CheckedDatabase): Promise<Found> {
  const place = { side: 'source', database: database.plan.source } as const;
  const [row] = await database.source.query<{ count: number }>(LARGE_OBJECTS_SQL, [], context.signal);
  const objects = row?.count ?? 0;
  if (objects === 0) return passed(place, 'There are no large objects', LARGE_OBJECTS_SQL);
  const pointers = await database.source.query<{ item: string }>(POINTERS_SQL, [tableOids(database)], context.signal);
  return {
    ...place,
    level: 'warning',
    found: `There ${objects === 1 ? 'is' : 'are'} ${count(objects, 'large object')}`,
    items: pointers.map(({ item }) => item),
    effect: 'Large objects come with the full copy only: those that are made or changed after it do not arrive.',
    remedy: 'Let nobody write large objects until the task is over, or keep such values in columns of type bytea.',
    sql: LARGE_OBJECTS_SQL,
  };
}

const largeObjects: Check = {
  id: 'increment-large-objects',
  step: STEP,
  title: 'Large objects',
  applies: ({ incremental, databases }) => incremental && databases.some(({ plan }) => plan.largeObjects),
  run: (context) =>
    forDatabases(context, (database) =>
      database.plan.largeObjects ? lookAtLargeObjects(context, database) : Promise.resolve(null),
    ),
};

type Leaves = ReadonlyMap<string, readonly string[]>;

async function readLeaves(
  session: CheckedDatabase['source'],
  roots: readonly unknown[],
  signal: AbortSignal,
): Promise<Leaves> {
  const rows = await session.query<{ root: string; leaf: string }>(LEAVES_SQL, [roots], signal);
  const leaves = new Map<string, string[]>();
  for (const { root, leaf } of rows) leaves.set(root, [...(leaves.get(root) ?? []), leaf]);
  return leaves;
}

const partitions: Check = {
  id: 'partitions-differ',
  step: STEP,
  title: 'Partitions at both sides',
  applies: ({ incremental, databases }) => incremental && databases.some(({ target }) => target !== null),
  run: (context) =>
    forTargets(context, async ({ plan, source, target }) => {
      const roots = plan.tables.filter(({ kind }) => kind === 'partitioned');
      const place = { side: 'both', database: plan.source } as const;
      const renamed = new Map(
        plan.tables.map((table) => [
          quoteQualified(table.schema, table.name),
          quoteQualified(table.targetSchema, table.targetName),
        ]),
      );
      const leaves = await readLeaves(
        source,
        roots.map(({ oid }) => oid),
        context.signal,
      );
      const items: string[] = [];
      for (const root of roots) {
        const name = quoteQualified(root.targetSchema, root.targetName);
        const [row] = await target.query<{ oid: string }>(
          OID_SQL,
          [root.targetSchema, root.targetName],
          context.signal,
        );
        if (!row) continue;
        const there = (await readLeaves(target, [row.oid], context.signal)).get(row.oid) ?? [];
        const here = (leaves.get(String(root.oid)) ?? []).map((leaf) => renamed.get(leaf) ?? leaf);
        const missing = here.filter((leaf) => !there.includes(leaf));
        if (missing.length > 0) items.push(`${name}: ${missing.join(', ')} missing at the target`);
        else if (there.length !== here.length)
          items.push(`${name}: ${there.length} partitions at the target, ${here.length} at the source`);
      }
      if (items.length === 0)
        return passed(place, 'Partitions are the same at both sides, or come with the structure', LEAVES_SQL);
      return {
        ...place,
        level: 'warning',
        found: `${count(items.length, 'partitioned table')} ${items.length === 1 ? 'is' : 'are'} divided in another way at the target`,
        items,
        effect:
          'Changes have to be written through the table as a whole, which is slower, and fail for rows that no partition of the target takes.',
        remedy: 'Make the same partitions at the target, or drop the table there and let the structure travel.',
        sql: LEAVES_SQL,
      };
    }),
};

/** What following the changes needs of the tables. */
export const INCREMENT_TABLE_CHECKS: readonly Check[] = [
  identity,
  equality,
  fullIdentity,
  uniques,
  deferrable,
  unlogged,
  largeObjects,
  partitions,
];
