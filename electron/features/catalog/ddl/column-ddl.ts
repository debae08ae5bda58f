import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import { privilegeStatements } from './acl';
import type { ColumnRow } from './column-rows';
import { commentStatement, foreignOptions, labelStatements, optionList } from './piece';
import type { RelationRow } from './relation-rows';
import { unusualOptions, type SequenceRow } from './sequence-ddl';

const STORAGE: Readonly<Record<string, string>> = { p: 'PLAIN', e: 'EXTERNAL', m: 'MAIN', x: 'EXTENDED' };
const COMPRESSION: Readonly<Record<string, string>> = { p: 'pglz', l: 'lz4' };

/** How a column is written down. */
export interface ColumnContext {
  readonly relation: RelationRow;
  readonly sequences: ReadonlyMap<number, SequenceRow>;
  /** Defaults that call functions stand apart: in a script of a database the functions may need the table first. */
  readonly apart: boolean;
}

export const defaultApart = (column: ColumnRow, { apart }: ColumnContext): boolean =>
  apart && column.default !== null && column.generated === '' && column.defaultCalls;

/** ` COLLATE …` where it isn't the type's own. */
export const collateClause = (column: ColumnRow): string =>
  column.collation ? ` COLLATE ${quoteQualified(column.collation.schema, column.collation.name)}` : '';

/** Whether NOT NULL is said with the column. Inherited ones come with the parent; not validated ones are added later. */
function notNullClause(column: ColumnRow, { relation }: ColumnContext): string {
  if (!column.notNull) return '';
  const constraint = column.notNullConstraint;
  if (!constraint) return ' NOT NULL';
  if (!constraint.validated || (!constraint.local && relation.partitionBound === null)) return '';
  const named =
    constraint.name === `${relation.name}_${column.name}_not_null` ? '' : ` CONSTRAINT ${quoteIdent(constraint.name)}`;
  return `${named} NOT NULL${constraint.noInherit ? ' NO INHERIT' : ''}`;
}

function valueClause(column: ColumnRow, context: ColumnContext): string {
  const { relation } = context;
  if (column.generated !== '') {
    return ` GENERATED ALWAYS AS (${unwrapped(column.default ?? '')})${column.generated === 's' ? ' STORED' : ' VIRTUAL'}`;
  }
  const sequence = column.identitySequence === null ? undefined : context.sequences.get(column.identitySequence);
  if (column.identity !== '' && sequence) {
    const how = column.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT';
    const isUsual = sequence.schema === relation.schema && sequence.name === `${relation.name}_${column.name}_seq`;
    const name = isUsual ? [] : [`SEQUENCE NAME ${quoteQualified(sequence.schema, sequence.name)}`];
    const options = [...name, ...unusualOptions(sequence)].join(' ');
    return ` GENERATED ${how} AS IDENTITY${options === '' ? '' : ` (${options})`}`;
  }
  return column.default === null || defaultApart(column, context) ? '' : ` DEFAULT ${column.default}`;
}

/** A generation expression comes in parentheses already when it is more than a name or a call. */
const unwrapped = (expression: string): string => {
  if (!expression.startsWith('(') || !expression.endsWith(')')) return expression;
  let depth = 0;
  for (let at = 0; at < expression.length - 1; at++) {
    if (expression[at] === '(') depth += 1;
    if (expression[at] === ')') depth -= 1;
    // The first parenthesis closes before the end, or a quoted one confuses the count: leave it as it is.
    if (depth === 0 || expression[at] === "'" || expression[at] === '"') return expression;
  }
  return expression.slice(1, -1);
};

/** One line of CREATE TABLE; null for a column that comes from a parent or a type as it is. */
export function columnLine(column: ColumnRow, context: ColumnContext): string | null {
  const { relation } = context;
  const name = quoteIdent(column.name);
  const said = `${valueClause(column, context)}${notNullClause(column, context)}`;
  if (relation.ofType !== null) return said === '' ? null : `${name} WITH OPTIONS${said}`;
  if (!column.local && relation.partitionBound === null) return null;
  const options =
    relation.kind === 'f' && column.foreignOptions ? ` OPTIONS (${foreignOptions(column.foreignOptions)})` : '';
  return `${name} ${column.type}${options}${collateClause(column)}${said}`;
}

/** One attribute of a composite type. */
export const attributeLine = (column: ColumnRow): string =>
  `${quoteIdent(column.name)} ${column.type}${collateClause(column)}`;

/** `ALTER TABLE ONLY …` of a relation, by its kind. */
export const alterTarget = (relation: RelationRow): string => {
  const name = quoteQualified(relation.schema, relation.name);
  if (relation.kind === 'v') return `ALTER VIEW ${name}`;
  if (relation.kind === 'm') return `ALTER MATERIALIZED VIEW ${name}`;
  if (relation.kind === 'f') return `ALTER FOREIGN TABLE ONLY ${name}`;
  return `ALTER TABLE ONLY ${name}`;
};

/** What CREATE can't say of a column. */
export function columnStatements(column: ColumnRow, context: ColumnContext): string[] {
  const { relation } = context;
  const alter = `${alterTarget(relation)} ALTER COLUMN ${quoteIdent(column.name)}`;
  const statements: string[] = [];
  const fromParent = column.inherited && relation.partitionBound === null;
  if (relation.kind === 'v') {
    if (column.default !== null) statements.push(`${alter} SET DEFAULT ${column.default};`);
  } else if (fromParent && column.generated === '' && column.identity === '') {
    statements.push(...inheritedStatements(column, alter, context));
  }
  const late = column.notNullConstraint;
  if (late && !late.validated && (late.local || relation.partitionBound !== null)) {
    const noInherit = late.noInherit ? ' NO INHERIT' : '';
    statements.push(
      `${alterTarget(relation)} ADD CONSTRAINT ${quoteIdent(late.name)} NOT NULL ${quoteIdent(column.name)}${noInherit} NOT VALID;`,
    );
  }
  if (late?.comment) {
    const on = quoteQualified(relation.schema, relation.name);
    statements.push(...commentStatement(`CONSTRAINT ${quoteIdent(late.name)} ON ${on}`, late.comment));
  }
  if (column.statistics !== null && relation.kind !== 'v')
    statements.push(`${alter} SET STATISTICS ${column.statistics};`);
  if (column.storage !== null && relation.kind !== 'v') {
    statements.push(`${alter} SET STORAGE ${STORAGE[column.storage] ?? 'EXTENDED'};`);
  }
  const compression = COMPRESSION[column.compression];
  if (compression !== undefined) statements.push(`${alter} SET COMPRESSION ${compression};`);
  const options = optionList(column.options);
  if (options !== '') statements.push(`${alter} SET (${options});`);
  if (!column.local && relation.kind === 'f' && column.foreignOptions && relation.partitionBound === null) {
    statements.push(`${alter} OPTIONS (${foreignOptions(column.foreignOptions)});`);
  }
  return statements;
}

/** What differs from the column of the parent. */
function inheritedStatements(column: ColumnRow, alter: string, context: ColumnContext): string[] {
  const statements: string[] = [];
  if (defaultApart(column, context)) return statements;
  if (!column.local && column.default !== null && column.default !== column.parentDefault) {
    statements.push(`${alter} SET DEFAULT ${column.default};`);
  }
  if (column.default === null && column.parentDefault !== null) statements.push(`${alter} DROP DEFAULT;`);
  const constraint = column.notNullConstraint;
  const ownNotNull = constraint ? constraint.local && constraint.validated : column.notNull && !column.parentNotNull;
  if (!column.local && ownNotNull) statements.push(`${alter} SET NOT NULL;`);
  return statements;
}

/** Comments, labels and privileges of the columns. */
export function columnAttachments(column: ColumnRow, relation: RelationRow): string[] {
  const table = quoteQualified(relation.schema, relation.name);
  const target = `COLUMN ${table}.${quoteIdent(column.name)}`;
  return [
    ...commentStatement(target, column.comment),
    ...labelStatements(target, column.labels),
    ...privilegeStatements(
      `TABLE ${table}`,
      { acl: column.acl, defaults: [], owner: relation.owner },
      quoteIdent(column.name),
    ),
  ];
}
