import type { Statement } from '../../catalog';
import { quoteIdent, quoteQualified } from '../../quote';
import { commentChange } from '../identity';
import { same } from '../list-changes';
import { tablespaceChange } from '../tablespace';
import { written } from '../written';
import type { Constraint, ConstraintVariant } from './constraint-shape';
import { elementSql } from './element-shape';

/** The table that has the parts. */
export interface Target {
  /** As SQL writes it. */
  readonly table: string;
  /** Its schema, unquoted: where its indexes are. */
  readonly schema: string;
  /** That of the database, where none is chosen. */
  readonly databaseTablespace: string;
}

const names = (columns: readonly string[]): string => columns.map(quoteIdent).join(', ');

/** Columns of a key; the last one may carry a mark of time. */
function timed(columns: readonly string[], before: string, after: string): string {
  return columns
    .map((column, index) =>
      index === columns.length - 1 ? `${before}${quoteIdent(column)}${after}` : quoteIdent(column),
    )
    .join(', ');
}

function indexClauses({ include, fillfactor, tablespace, where }: Constraint): string {
  return [
    include.length === 0 ? '' : ` INCLUDE (${names(include)})`,
    fillfactor === null ? '' : ` WITH (fillfactor = ${fillfactor})`,
    tablespace === '' ? '' : ` USING INDEX TABLESPACE ${quoteIdent(tablespace)}`,
    where === '' ? '' : ` WHERE (${written(where)})`,
  ].join('');
}

function keyClause(word: string, constraint: Constraint): string {
  if (constraint.usingIndex !== '') return `${word} USING INDEX ${quoteIdent(constraint.usingIndex)}`;
  const distinct = constraint.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
  const columns = timed(constraint.columns, '', constraint.withoutOverlaps ? ' WITHOUT OVERLAPS' : '');
  return `${word}${distinct} (${columns})${indexClauses({ ...constraint, where: '' })}`;
}

function foreignKeyClause(constraint: Constraint): string {
  const period = constraint.period ? 'PERIOD ' : '';
  const targets = constraint.targetColumns.length === 0 ? '' : ` (${timed(constraint.targetColumns, period, '')})`;
  const set = constraint.setColumns.length === 0 ? '' : ` (${names(constraint.setColumns)})`;
  return [
    `FOREIGN KEY (${timed(constraint.columns, period, '')}) REFERENCES ${constraint.target}${targets}`,
    constraint.match === 'SIMPLE' ? '' : ` MATCH ${constraint.match}`,
    constraint.onUpdate === 'NO ACTION' ? '' : ` ON UPDATE ${constraint.onUpdate}`,
    constraint.onDelete === 'NO ACTION' ? '' : ` ON DELETE ${constraint.onDelete}${set}`,
  ].join('');
}

const CLAUSES: Readonly<Record<ConstraintVariant, (constraint: Constraint) => string>> = {
  'primary-key': (constraint) => keyClause('PRIMARY KEY', { ...constraint, nullsNotDistinct: false }),
  unique: (constraint) => keyClause('UNIQUE', constraint),
  'foreign-key': foreignKeyClause,
  check: ({ expression, noInherit }) => `CHECK (${written(expression)})${noInherit ? ' NO INHERIT' : ''}`,
  exclusion: (constraint) => {
    const method = constraint.method === '' ? '' : ` USING ${quoteIdent(constraint.method)}`;
    return `EXCLUDE${method} (${constraint.elements.map(elementSql).join(', ')})${indexClauses(constraint)}`;
  },
};

/** A constraint as CREATE TABLE and ADD say it. */
export function constraintDefinition(variant: ConstraintVariant, constraint: Constraint): string {
  const deferral = constraint.deferrable ? ` DEFERRABLE${constraint.deferred ? ' INITIALLY DEFERRED' : ''}` : '';
  return [
    constraint.name === '' ? '' : `CONSTRAINT ${quoteIdent(constraint.name)} `,
    CLAUSES[variant](constraint),
    variant === 'check' ? '' : deferral,
    constraint.notEnforced ? ' NOT ENFORCED' : '',
    constraint.notValid ? ' NOT VALID' : '',
  ].join('');
}

export const constraintComment = ({ table }: Target, before: string | null, constraint: Constraint): Statement[] =>
  constraint.name === ''
    ? []
    : commentChange(`CONSTRAINT ${quoteIdent(constraint.name)} ON ${table}`, before, constraint.comment);

/** Foreign keys have no index of their own: one of their columns is made where it is wanted. */
export const coveringIndex = ({ table }: Target, { coveringIndex: index, columns }: Constraint): Statement[] =>
  index === '' ? [] : [{ sql: `CREATE INDEX ${quoteIdent(index)} ON ${table} (${names(columns)})` }];

export const addConstraint = (target: Target, variant: ConstraintVariant, constraint: Constraint): Statement[] => [
  { sql: `ALTER TABLE ${target.table} ADD ${constraintDefinition(variant, constraint)}` },
  ...coveringIndex(target, constraint),
  ...constraintComment(target, null, constraint),
];

/** Adds a constraint that was dropped to be made anew: what the table knew of its index is said again. */
export const addAgain = (target: Target, variant: ConstraintVariant, constraint: Constraint): Statement[] => {
  const index = quoteIdent(constraint.name);
  const alter = `ALTER TABLE ${target.table}`;
  return [
    ...addConstraint(target, variant, constraint),
    ...(constraint.clustered ? [{ sql: `${alter} CLUSTER ON ${index}` }] : []),
    ...(constraint.replica ? [{ sql: `${alter} REPLICA IDENTITY USING INDEX ${index}` }] : []),
  ];
};

export const dropConstraint = ({ table }: Target, constraint: Constraint): Statement => ({
  sql: `ALTER TABLE ${table} DROP CONSTRAINT ${quoteIdent(constraint.name)}`,
});

/** Only what makes another constraint of it: what ALTER can change is left out. */
function essence(variant: ConstraintVariant, constraint: Constraint): string {
  const kept = { ...constraint, name: '', tablespace: '', fillfactor: null, notValid: false };
  if (variant !== 'foreign-key') return constraintDefinition(variant, kept);
  return constraintDefinition(variant, { ...kept, deferrable: false, deferred: false, notEnforced: false });
}

/** Whether the change takes dropping the constraint and adding it anew. */
export const isRebuilt = (variant: ConstraintVariant, before: Constraint, after: Constraint): boolean =>
  essence(variant, before) !== essence(variant, after) || (after.notValid && !before.notValid && !before.notEnforced);

function indexChanges({ schema, databaseTablespace }: Target, before: Constraint, after: Constraint): Statement[] {
  const index = quoteQualified(schema, after.name);
  const statements = tablespaceChange(`INDEX ${index}`, before.tablespace, after.tablespace, databaseTablespace);
  if (before.fillfactor !== after.fillfactor) {
    const change = after.fillfactor === null ? 'RESET (fillfactor)' : `SET (fillfactor = ${after.fillfactor})`;
    statements.push({ sql: `ALTER INDEX ${index} ${change}` });
  }
  return statements;
}

function foreignKeyChanges({ table }: Target, before: Constraint, after: Constraint): Statement[] {
  const alter = `ALTER TABLE ${table} ALTER CONSTRAINT ${quoteIdent(after.name)}`;
  const statements: Statement[] = [];
  if (before.deferrable !== after.deferrable || before.deferred !== after.deferred) {
    const when = after.deferred ? 'INITIALLY DEFERRED' : 'INITIALLY IMMEDIATE';
    statements.push({ sql: `${alter} ${after.deferrable ? `DEFERRABLE ${when}` : 'NOT DEFERRABLE'}` });
  }
  if (before.notEnforced !== after.notEnforced) {
    statements.push({ sql: `${alter} ${after.notEnforced ? 'NOT ENFORCED' : 'ENFORCED'}` });
  }
  return statements;
}

/** What turns a constraint into another: little where ALTER can, or dropping and adding. */
export function constraintChanges(
  target: Target,
  variant: ConstraintVariant,
  before: Constraint,
  after: Constraint,
): Statement[] {
  if (same(before, after)) return [];
  if (isRebuilt(variant, before, after)) return [dropConstraint(target, before), ...addAgain(target, variant, after)];
  return constraintAlterations(target, variant, before, after);
}

/** What ALTER can change of a constraint that stays. */
export function constraintAlterations(
  target: Target,
  variant: ConstraintVariant,
  before: Constraint,
  after: Constraint,
): Statement[] {
  const { table } = target;
  const name = quoteIdent(after.name);
  const rename = `ALTER TABLE ${table} RENAME CONSTRAINT ${quoteIdent(before.name)} TO ${name}`;
  return [
    ...(before.name === after.name || after.name === '' ? [] : [{ sql: rename }]),
    ...(variant === 'foreign-key' ? foreignKeyChanges(target, before, after) : []),
    ...(variant === 'foreign-key' || variant === 'check' ? [] : indexChanges(target, before, after)),
    ...(before.notValid && !after.notValid && !after.notEnforced
      ? [{ sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name}` }]
      : []),
    ...constraintComment(target, before.comment, after),
  ];
}
