import type { WireColumn } from '../../../adapters/postgres/wire-messages';
import type { EditColumn, EditTarget, NotEditable } from '../../../../shared/model/edit';
import { isKeyless, type Relation, type RelationColumn } from './edit-relation';

/** A target with what statements need beyond what the window is told. */
export interface FullTarget {
  readonly told: EditTarget;
  readonly relation: Relation;
  /** By the result's columns; null is computed. */
  readonly sources: readonly (RelationColumn | null)[];
  /** Rows of child tables are not meant. */
  readonly only: boolean;
}

const EDITABLE_KINDS = new Set(['r', 'p', 'v', 'f']);

/** The one relation that a result's columns come from, as far as the result itself tells. */
export function sourceOf(columns: readonly WireColumn[]): { oid: number } | { reason: NotEditable } {
  const named = columns.filter((column) => column.tableOid !== 0);
  const oids = new Set(named.map((column) => column.tableOid));
  const [oid] = oids;
  if (oid === undefined) return { reason: 'not-a-table' };
  if (oids.size > 1) return { reason: 'several-tables' };
  if (new Set(named.map((column) => column.columnNumber)).size < named.length) return { reason: 'duplicate-columns' };
  return { oid };
}

/** Whether and how the rows of a result with these columns can be edited, given the relation they come from. */
export function targetOf(
  columns: readonly WireColumn[],
  relation: Relation | null,
  only: boolean,
): { target: FullTarget } | { reason: NotEditable } {
  if (!relation) return { reason: 'gone' };
  if (!EDITABLE_KINDS.has(relation.kind)) return { reason: 'not-a-table' };
  if (relation.readOnly) return { reason: 'read-only' };
  if (!relation.privileged) return { reason: 'no-privilege' };
  const byNumber = new Map(relation.columns.map((column) => [column.number, column]));
  const sources = columns.map((column) => (column.tableOid === 0 ? null : (byNumber.get(column.columnNumber) ?? null)));
  const key = keyOf(relation, sources, only);
  if (typeof key === 'string') return { reason: key };
  return {
    target: {
      relation,
      sources,
      only,
      told: {
        schema: relation.schema,
        name: relation.name,
        oid: relation.oid,
        key,
        columns: sources.map(toldColumn),
        mayInsert: relation.mayInsert,
        mayUpdate: relation.mayUpdate,
        mayDelete: relation.mayDelete,
      },
    },
  };
}

/**
 * Indexes of the result's columns that find a row again. Without a key that holds for all rows these are all columns that there are: one that is
 * left out could tell another row.
 */
function keyOf(
  relation: Relation,
  sources: FullTarget['sources'],
  only: boolean,
): readonly number[] | 'no-key' | 'key-not-selected' {
  const keyless = isKeyless(relation.kind);
  if (!keyless && relation.keys.length === 0) return 'no-key';
  if (keyless || (relation.hasHeirs && !only)) {
    const shown = sources.flatMap((source, index) => (source ? [index] : []));
    return shown.length < relation.columns.length ? 'key-not-selected' : shown;
  }
  for (const numbers of relation.keys) {
    const key = numbers.map((number) => sources.findIndex((source) => source?.number === number));
    if (key.every((index) => index >= 0)) return key;
  }
  return 'key-not-selected';
}

function toldColumn(source: RelationColumn | null, index: number): EditColumn {
  if (!source) {
    return {
      index,
      name: '',
      type: '',
      nullable: true,
      hasDefault: false,
      fixed: 'computed',
      labels: [],
      references: null,
    };
  }
  return {
    index,
    name: source.name,
    type: source.type,
    nullable: !source.notNull,
    hasDefault: source.hasDefault,
    fixed: fixedBy(source),
    labels: source.labels,
    references: source.references,
  };
}

function fixedBy(source: RelationColumn): EditColumn['fixed'] {
  if (source.generated) return 'generated';
  if (source.alwaysIdentity) return 'identity';
  if (!source.writable) return 'computed';
  return source.privileged ? '' : 'no-privilege';
}
