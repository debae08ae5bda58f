import type { FormState } from '../../../../../shared/model/form';
import { columnOf, type Column } from '../../../../../shared/model/forms/table/column-shape';
import { quoteQualified } from '../../../../../shared/model/quote';
import type { PgSession } from '../../../../adapters/postgres/session';
import { readColumns, type ColumnRow } from '../../ddl/column-rows';
import { readRelations } from '../../ddl/relation-rows';
import { readSequences, type SequenceRow } from '../../ddl/sequence-ddl';
import type { StateReader } from '../state-reader';
import { labelRows, optionRows, privilegeRows } from './rows';

const STORAGE: Readonly<Record<string, string>> = { p: 'PLAIN', e: 'EXTERNAL', m: 'MAIN', x: 'EXTENDED' };
const COMPRESSION: Readonly<Record<string, string>> = { p: 'pglz', l: 'lz4' };
const GENERATED: Readonly<Record<string, string>> = { s: 'STORED', v: 'VIRTUAL' };

/** What the rows of columns leave open: how the type stores values by itself. */
const TYPE_STORAGE = `
SELECT a.attnum::int4 AS number, t.typstorage::text AS storage
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
 WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped`;

const RELATIONS: Readonly<Record<string, string>> = { f: 'foreign-table', v: 'view', m: 'materialized-view' };

/** A column and the row that it was read from. */
export interface ReadColumn {
  readonly row: ColumnRow;
  readonly column: Column;
}

function shapeOf(row: ColumnRow, sequence: SequenceRow | undefined, typeStorage: string): Column {
  const options = new Map(optionRows(row.options).map(({ name, value }) => [name, value]));
  const generated = GENERATED[row.generated] ?? '';
  return columnOf({
    id: String(row.number),
    name: row.name,
    type: row.type,
    notNull: row.notNull,
    default: generated === '' ? (row.default ?? '') : '',
    expression: generated === '' ? '' : (row.default ?? ''),
    generated,
    origin: generated === '' ? 'plain' : generated,
    identity: row.identity === '' ? '' : row.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT',
    start: sequence?.start ?? '',
    increment: sequence?.increment ?? '',
    minimum: sequence?.minimum ?? '',
    maximum: sequence?.maximum ?? '',
    cache: sequence?.cache ?? '',
    cycle: sequence?.cycle ?? false,
    collation: row.collation ? quoteQualified(row.collation.schema, row.collation.name) : '',
    storage: row.storage === null ? '' : (STORAGE[row.storage] ?? ''),
    typeStorage: STORAGE[typeStorage] ?? '',
    compression: COMPRESSION[row.compression] ?? '',
    statistics: row.statistics,
    nDistinct: options.get('n_distinct') ?? '',
    nDistinctInherited: options.get('n_distinct_inherited') ?? '',
    options: optionRows(row.foreignOptions),
    comment: row.comment ?? '',
    inherited: !row.local,
  });
}

/** Columns of a relation in order of their numbers. */
export async function readTableColumns(
  session: PgSession,
  relation: number,
  signal: AbortSignal,
): Promise<readonly ReadColumn[]> {
  const rows = (await readColumns(session, [relation], signal)).get(relation) ?? [];
  const owned = rows.flatMap((row) => (row.identity === '' ? [] : (row.identitySequence ?? [])));
  const sequences = owned.length === 0 ? [] : await readSequences(session, owned, signal);
  const bySequence = new Map(sequences.map((sequence) => [sequence.oid, sequence]));
  const storages = await session.query<{ number: number; storage: string }>(TYPE_STORAGE, [relation], signal);
  const byNumber = new Map(storages.map(({ number, storage }) => [number, storage]));
  return rows.map((row) => ({
    row,
    column: shapeOf(
      row,
      row.identitySequence === null ? undefined : bySequence.get(row.identitySequence),
      byNumber.get(row.number) ?? '',
    ),
  }));
}

/** State of the column dialog: `oid` is the relation's, `sub` the number of the column. */
export const readColumnState: StateReader = async (session, object, signal) => {
  const [relation] = await readRelations(session, [object.oid], signal);
  const columns = await readTableColumns(session, object.oid, signal);
  const found = columns.find(({ row }) => row.number === object.sub);
  if (!relation || !found) return null;
  const state: FormState = {
    ...found.column,
    table: quoteQualified(relation.schema, relation.name),
    relation: RELATIONS[relation.kind] ?? 'table',
    privileges: privilegeRows(found.row.acl ?? []),
    labels: labelRows(found.row.labels),
  };
  return { variant: '', state };
};
