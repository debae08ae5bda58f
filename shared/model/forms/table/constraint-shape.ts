import type { FormState } from '../../form';
import { elementOf } from './element-shape';
import { amount, flag, records, text, texts } from './values';

/** Kinds of constraints of a table; the variants of the constraint dialog. */
export const CONSTRAINT_VARIANTS = ['primary-key', 'unique', 'foreign-key', 'check', 'exclusion'] as const;
export type ConstraintVariant = (typeof CONSTRAINT_VARIANTS)[number];

/** A constraint as a form holds it; which fields count depends on the variant. Column names are unquoted. */
export const constraintOf = (row: FormState) => ({
  id: text(row['id']),
  name: text(row['name']),
  comment: text(row['comment']),
  columns: texts(row['columns']),
  include: texts(row['include']),
  /** An existing unique index that becomes the constraint's; its name, unquoted. */
  usingIndex: text(row['usingIndex']),
  withoutOverlaps: flag(row['withoutOverlaps']),
  nullsNotDistinct: flag(row['nullsNotDistinct']),
  tablespace: text(row['tablespace']),
  fillfactor: amount(row['fillfactor']),
  /** The table is clustered by the key's index. */
  clustered: flag(row['clustered']),
  /** Rows are told apart by the key in replication. */
  replica: flag(row['replica']),
  deferrable: flag(row['deferrable']),
  deferred: flag(row['deferrable']) && flag(row['deferred']),
  /** Table that a foreign key refers to, as SQL writes it. */
  target: text(row['target']),
  targetColumns: texts(row['targetColumns']),
  match: text(row['match']) === '' ? 'SIMPLE' : text(row['match']),
  onUpdate: text(row['onUpdate']) === '' ? 'NO ACTION' : text(row['onUpdate']),
  onDelete: text(row['onDelete']) === '' ? 'NO ACTION' : text(row['onDelete']),
  setColumns: texts(row['setColumns']),
  period: flag(row['period']),
  /** Name of an index of a foreign key's columns that is made with it; empty for none. */
  coveringIndex: text(row['coveringIndex']),
  expression: text(row['expression']),
  noInherit: flag(row['noInherit']),
  notValid: flag(row['notValid']) && !flag(row['notEnforced']),
  notEnforced: flag(row['notEnforced']),
  method: text(row['method']),
  elements: records(row['elements']).map(elementOf),
  where: text(row['where']),
});
export type Constraint = ReturnType<typeof constraintOf>;

export const NO_CONSTRAINT: Constraint = constraintOf({});
