import type { FormState } from '../../form';
import { boundOf } from './bound';
import { columnOf } from './column-shape';
import { constraintOf } from './constraint-shape';
import { elementOf } from './element-shape';
import { flag, labels, options, privileges, records, text, texts } from './values';

/** A partition in the list of its parent. */
export const partitionOf = (row: FormState) => ({
  id: text(row['id']),
  /** `create`, `attach`, or `existing`. */
  how: text(row['how']) === '' ? 'create' : text(row['how']),
  /** Of one that is created, unquoted: it gets the schema of its parent. */
  name: text(row['name']),
  /** Of one that is there, as SQL writes it. */
  partition: text(row['partition']),
  /** Of one that is created and parted again. */
  strategy: text(row['strategy']),
  keys: records(row['keys']).map(elementOf),
  accessMethod: text(row['accessMethod']),
  ...boundOf(row),
});
export type Partition = ReturnType<typeof partitionOf>;

export const likeOf = (row: FormState) => ({
  id: text(row['id']),
  source: text(row['source']),
  /** What is taken over beside the columns: `DEFAULTS`, `INDEXES`, … */
  including: texts(row['including']),
});

/** A table, a partition or a foreign table as a form holds it. Tables in lists are as SQL writes them, `replicaIndex` is a name. */
export const tableOf = (state: FormState) => ({
  name: text(state['name']),
  owner: text(state['owner']),
  schema: text(state['schema']),
  comment: text(state['comment']),
  tablespace: text(state['tablespace']),
  /** That of the database, where none is chosen. */
  databaseTablespace: text(state['databaseTablespace']),
  ofType: text(state['ofType']),
  inherits: texts(state['inherits']),
  /** The partitioned table that it is a part of. */
  parent: text(state['parent']),
  ...boundOf(state),
  columns: records(state['columns']).map(columnOf),
  primaryKey: records(state['primaryKey']).map(constraintOf),
  uniques: records(state['uniques']).map(constraintOf),
  foreignKeys: records(state['foreignKeys']).map(constraintOf),
  checks: records(state['checks']).map(constraintOf),
  exclusions: records(state['exclusions']).map(constraintOf),
  /** `RANGE`, `LIST`, `HASH`; empty is not partitioned. */
  strategy: text(state['strategy']),
  keys: records(state['keys']).map(elementOf),
  partitions: records(state['partitions']).map(partitionOf),
  parameters: options(state['parameters']),
  toastParameters: options(state['toastParameters']),
  like: records(state['like']).map(likeOf),
  rowSecurity: flag(state['rowSecurity']),
  forceRowSecurity: flag(state['forceRowSecurity']),
  /** `DEFAULT`, `FULL`, `NOTHING` or `INDEX`. */
  replicaIdentity: text(state['replicaIdentity']) === '' ? 'DEFAULT' : text(state['replicaIdentity']),
  replicaIndex: text(state['replicaIndex']),
  accessMethod: text(state['accessMethod']),
  unlogged: flag(state['unlogged']),
  /** Every row has an oid; servers before 12. */
  oids: flag(state['oids']),
  server: text(state['server']),
  options: options(state['options']),
  privileges: privileges(state['privileges']),
  labels: labels(state['labels']),
});
export type Table = ReturnType<typeof tableOf>;

export const NO_TABLE: Table = tableOf({});

/** The lists of constraints of a table with the variant that each holds, in the order in which they are added. */
export const CONSTRAINT_LISTS = [
  ['primaryKey', 'primary-key'],
  ['uniques', 'unique'],
  ['exclusions', 'exclusion'],
  ['checks', 'check'],
  ['foreignKeys', 'foreign-key'],
] as const;

/** Strategies of partitioning as the bounds of the partitions name them. */
export const boundKind = (strategy: string): string => strategy.toLowerCase();
