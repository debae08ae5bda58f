import type { FormState } from '../../../../../shared/model/form';
import { NO_BOUND, parseBound } from '../../../../../shared/model/forms/table/bound';
import { elementOf, type Element } from '../../../../../shared/model/forms/table/element-shape';
import { bracketed, listed, unbracketed } from '../../../../../shared/model/forms/table/sql-parts';
import {
  CONSTRAINT_LISTS,
  partitionOf,
  tableOf,
  type Partition,
} from '../../../../../shared/model/forms/table/table-shape';
import { quoteQualified } from '../../../../../shared/model/quote';
import type { PgSession } from '../../../../adapters/postgres/session';
import { readRelations, type RelationRow } from '../../ddl/relation-rows';
import { DATABASE_TABLESPACE } from '../state-pieces';
import type { StateReader } from '../state-reader';
import { readTableColumns } from './column-state';
import { readTableConstraints } from './constraint-state';
import { labelRows, OPERATOR_CLASS, optionRows, privilegeRows, qualified } from './rows';

interface KeyRow {
  readonly strategy: string;
  readonly definition: string;
  readonly keys: readonly {
    /** Null: an expression. */
    readonly column: string | null;
    readonly collation: string | null;
    readonly opclass: string | null;
  }[];
}

const PARTITION_KEY = `
SELECT p.partstrat::text AS strategy, pg_catalog.pg_get_partkeydef(p.partrelid) AS definition,
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('column', a.attname,
           'collation', CASE WHEN co.oid IS NOT NULL AND co.oid <> coalesce(a.attcollation, 100) THEN ${qualified('cn.nspname', 'co.collname')} END,
           'opclass', CASE WHEN NOT oc.opcdefault THEN ${OPERATOR_CLASS} END) ORDER BY k.place)
         FROM pg_catalog.generate_series(1, p.partnatts::int4) k(place)
         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[k.place - 1] AND a.attnum <> 0
         LEFT JOIN pg_catalog.pg_collation co ON co.oid = p.partcollation[k.place - 1]
         LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
         JOIN pg_catalog.pg_opclass oc ON oc.oid = p.partclass[k.place - 1]
         JOIN pg_catalog.pg_namespace on_ ON on_.oid = oc.opcnamespace) AS keys
  FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = $1`;

const PARTITIONS = `
SELECT c.oid, ${qualified('n.nspname', 'c.relname')} AS partition, c.relname AS name, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
  FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE i.inhparent = $1 AND c.relispartition ORDER BY n.nspname, c.relname`;

const REPLICA_INDEX = `
SELECT i.relname AS name FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
 WHERE x.indrelid = $1 AND x.indisreplident`;

const SPACE = `SELECT ${DATABASE_TABLESPACE} AS name`;

const OIDS = 'SELECT relhasoids AS oids FROM pg_catalog.pg_class WHERE oid = $1';

const STRATEGIES: Readonly<Record<string, string>> = { r: 'RANGE', l: 'LIST', h: 'HASH' };
const REPLICA: Readonly<Record<string, string>> = { f: 'FULL', n: 'NOTHING', i: 'INDEX' };

/** An expression as pg_get_partkeydef writes it: in brackets, or the call of a function. What follows is its collation and operator class. */
function keyExpression(part: string): string {
  const open = part.indexOf('(');
  return open < 0 ? part : unbracketed(part.slice(0, bracketed(part, open).end));
}

function keysOf({ definition, keys }: KeyRow): Element[] {
  const parts = listed(bracketed(definition, definition.indexOf('(')).inside);
  return keys.map(({ column, collation, opclass }, place) =>
    elementOf({
      id: String(place + 1),
      column: column ?? '',
      expression: column === null ? keyExpression(parts[place] ?? '') : '',
      collation: collation ?? '',
      opclass: opclass ?? '',
    }),
  );
}

async function readPartitioning(
  session: PgSession,
  oid: number,
  signal: AbortSignal,
): Promise<{ strategy: string; keys: Element[]; partitions: Partition[] }> {
  const [key] = await session.query<KeyRow>(PARTITION_KEY, [oid], signal);
  if (!key) return { strategy: '', keys: [], partitions: [] };
  const partitions = await session.query<{ oid: number; partition: string; name: string; bound: string }>(
    PARTITIONS,
    [oid],
    signal,
  );
  return {
    strategy: STRATEGIES[key.strategy] ?? '',
    keys: keysOf(key),
    partitions: partitions.map((row) =>
      partitionOf({
        id: String(row.oid),
        how: 'existing',
        name: row.name,
        partition: row.partition,
        ...parseBound(row.bound),
      }),
    ),
  };
}

function placeOf(relation: RelationRow): FormState {
  const parents = (relation.parents ?? []).map((parent) => quoteQualified(parent.schema, parent.name));
  if (relation.partitionBound === null) return { inherits: parents, parent: '', ...NO_BOUND };
  return { inherits: [], parent: parents[0] ?? '', ...parseBound(relation.partitionBound) };
}

/** State of the dialogs of tables, partitions and foreign tables. */
export const readTableState: StateReader = async (session, object, signal) => {
  const [relation] = await readRelations(session, [object.oid], signal);
  if (!relation) return null;
  const columns = await readTableColumns(session, relation.oid, signal);
  const constraints = await readTableConstraints(session, relation.oid, signal);
  const key = constraints.get('primary-key')?.[0]?.columns ?? [];
  const [replica] = await session.query<{ name: string }>(REPLICA_INDEX, [relation.oid], signal);
  const [oids] =
    session.serverVersionNum < 120000 ? await session.query<{ oids: boolean }>(OIDS, [relation.oid], signal) : [];
  const [space] = await session.query<{ name: string }>(SPACE, [], signal);
  const lists = CONSTRAINT_LISTS.map(([list, variant]) => [list, constraints.get(variant) ?? []] as const);
  const table = tableOf({
    name: relation.name,
    owner: relation.owner,
    schema: relation.schema,
    comment: relation.comment ?? '',
    tablespace: relation.tablespace ?? '',
    databaseTablespace: space?.name ?? '',
    ofType: relation.ofType ?? '',
    ...placeOf(relation),
    columns: columns.map(({ column }) => ({ ...column, primaryKey: key.includes(column.name) })),
    ...Object.fromEntries(lists),
    ...(relation.kind === 'p' ? await readPartitioning(session, relation.oid, signal) : {}),
    parameters: optionRows(relation.options),
    toastParameters: optionRows(relation.toastOptions),
    rowSecurity: relation.rowSecurity,
    forceRowSecurity: relation.forceRowSecurity,
    // Foreign tables have none and are told to have no identity.
    replicaIdentity: relation.kind === 'f' ? 'DEFAULT' : (REPLICA[relation.replicaIdentity] ?? 'DEFAULT'),
    replicaIndex: relation.replicaIdentity === 'i' ? (replica?.name ?? '') : '',
    accessMethod: relation.accessMethod ?? '',
    unlogged: relation.persistence === 'u',
    oids: oids?.oids ?? false,
    server: relation.foreignServer ?? '',
    options: optionRows(relation.foreignOptions),
    privileges: privilegeRows(relation.acl ?? relation.defaults),
    labels: labelRows(relation.labels),
  });
  const isPartition = relation.partitionBound !== null && relation.kind !== 'f';
  const state: FormState = { ...table, table: quoteQualified(relation.schema, relation.name) };
  return { variant: isPartition ? 'partition' : '', state };
};
