import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { attributeLine } from './column-ddl';
import { groupBy, readColumns, type ColumnRow } from './column-rows';
import {
  type PieceObject,
  pieceObject,
  attachmentStatements,
  commentStatement,
  joinStatements,
  PHASE,
  type Piece,
} from './piece';
import { readDomainConstraints, readTypes, type DomainConstraintRow, type TypeRow } from './type-rows';

/**
 * Types and domains. A base type, and a range with a canonical function, begin as a shell that their functions can name. `whole`: the script
 * makes the whole database, so that a domain's checks which call its own functions stand apart.
 */
export async function typePieces(
  session: PgSession,
  oids: readonly number[],
  whole: boolean,
  signal: AbortSignal,
): Promise<Piece[]> {
  if (oids.length === 0) return [];
  const rows = await readTypes(session, oids, signal);
  const relations = rows.flatMap((row) => (row.kind === 'c' ? [row.relation] : []));
  const columns =
    relations.length === 0 ? new Map<number, ColumnRow[]>() : await readColumns(session, relations, signal);
  const constraints = groupBy(await readDomainConstraints(session, oids, signal), (row) => row.type);
  return rows.flatMap((row): Piece[] => {
    const name = quoteQualified(row.schema, row.name);
    const target = `${row.kind === 'd' ? 'DOMAIN' : 'TYPE'} ${name}`;
    const attachments = attachmentStatements(target, { ...row, acl: row });
    const attributes = columns.get(row.relation) ?? [];
    const checks = constraints.get(row.oid) ?? [];
    const apart = checks.filter((check) => whole && check.callsFunctions);
    const ofDomain = checks.filter((check) => !apart.includes(check));
    const id = `pg_type:${row.oid}`;
    const create = createStatements(row, attributes, ofDomain);
    const piece: Piece = {
      id,
      object: typeObject(row),
      phase: PHASE.type,
      name,
      sql: joinStatements(create.join('\n'), [...attachments, ...partComments(row, attributes, ofDomain)]),
      needs: needsShell(row) ? [shellId(row.oid)] : [],
    };
    return [
      ...(needsShell(row) ? [shellPiece(row)] : []),
      piece,
      ...apart.map((check) => domainCheckPiece(row, check)),
    ];
  });
}

const typeObject = (row: TypeRow): PieceObject =>
  pieceObject(row.kind === 'd' ? 'domain' : 'type', row.schema, row.name);

export const shellId = (oid: number): string => `shell:${oid}`;

const needsShell = (row: TypeRow): boolean => row.defined && (row.base !== null || row.range?.canonical != null);

const shellPiece = (row: TypeRow): Piece => {
  const name = quoteQualified(row.schema, row.name);
  return {
    id: shellId(row.oid),
    object: typeObject(row),
    phase: PHASE.type - 5,
    name,
    sql: `CREATE TYPE ${name};`,
    needs: [],
  };
};

function createStatements(
  row: TypeRow,
  attributes: readonly ColumnRow[],
  constraints: readonly DomainConstraintRow[],
): string[] {
  const name = quoteQualified(row.schema, row.name);
  if (!row.defined) return [`CREATE TYPE ${name};`];
  if (row.kind === 'e') {
    const labels = row.enumLabels.map((label) => `\n    ${quoteLiteral(label)}`).join(',');
    return [`CREATE TYPE ${name} AS ENUM (${labels}${labels === '' ? '' : '\n'});`];
  }
  if (row.kind === 'c') {
    const lines = attributes.map((attribute) => `\n    ${attributeLine(attribute)}`).join(',');
    return [`CREATE TYPE ${name} AS (${lines}${lines === '' ? '' : '\n'});`];
  }
  if (row.range) return [rangeStatement(name, row, row.range)];
  if (row.domain) return domainStatements(name, row, row.domain, constraints);
  if (row.base) return [baseStatement(name, row.base)];
  return [];
}

function rangeStatement(name: string, row: TypeRow, range: NonNullable<TypeRow['range']>): string {
  const parts = [`SUBTYPE = ${range.subtype}`];
  const add = (key: string, ref: TypeRow['collation']): void => {
    if (ref) parts.push(`${key} = ${quoteQualified(ref.schema, ref.name)}`);
  };
  add('SUBTYPE_OPCLASS', range.opclass);
  add('COLLATION', row.collation);
  add('CANONICAL', range.canonical);
  add('SUBTYPE_DIFF', range.diff);
  add('MULTIRANGE_TYPE_NAME', range.multirange);
  return `CREATE TYPE ${name} AS RANGE (\n    ${parts.join(',\n    ')}\n);`;
}

function domainStatements(
  name: string,
  row: TypeRow,
  domain: NonNullable<TypeRow['domain']>,
  constraints: readonly DomainConstraintRow[],
): string[] {
  const lines = [`CREATE DOMAIN ${name} AS ${domain.base}`];
  if (row.collation) lines.push(`COLLATE ${quoteQualified(row.collation.schema, row.collation.name)}`);
  if (domain.default !== null) lines.push(`DEFAULT ${domain.default}`);
  const notNull = constraints.find((constraint) => constraint.kind === 'n');
  if (domain.notNull) {
    const named = notNull && notNull.name !== `${row.name}_not_null` ? `CONSTRAINT ${quoteIdent(notNull.name)} ` : '';
    lines.push(`${named}NOT NULL`);
  }
  const checks = constraints.filter((constraint) => constraint.kind === 'c');
  for (const check of checks) {
    if (check.validated) lines.push(`CONSTRAINT ${quoteIdent(check.name)} ${check.definition}`);
  }
  const late = checks.filter((check) => !check.validated).map((check) => addCheck(name, check));
  return [`${lines.join('\n    ')};`, ...late];
}

const addCheck = (domain: string, check: DomainConstraintRow): string =>
  `ALTER DOMAIN ${domain} ADD CONSTRAINT ${quoteIdent(check.name)} ${check.definition};`;

/** One constraint of a domain as a piece of its own. */
export function domainCheckPiece(row: TypeRow, check: DomainConstraintRow): Piece {
  const name = quoteQualified(row.schema, row.name);
  return {
    id: `pg_constraint:${check.oid}`,
    object: typeObject(row),
    phase: PHASE.constraint,
    name,
    sql: [addCheck(name, check), ...partComments(row, [], [check])].join('\n'),
    needs: [`pg_type:${row.oid}`],
  };
}

const ALIGNMENT: Readonly<Record<string, string>> = { c: 'char', s: 'int2', i: 'int4', d: 'double' };
const STORAGE: Readonly<Record<string, string>> = { p: 'plain', e: 'external', m: 'main', x: 'extended' };

function baseStatement(name: string, base: NonNullable<TypeRow['base']>): string {
  const parts: string[] = [];
  for (const [key, ref] of Object.entries(base.functions)) {
    if (ref) parts.push(`${key} = ${quoteQualified(ref.schema, ref.name)}`);
  }
  parts.push(`INTERNALLENGTH = ${base.length === -1 ? 'VARIABLE' : base.length}`);
  if (base.byValue) parts.push('PASSEDBYVALUE');
  parts.push(`ALIGNMENT = ${ALIGNMENT[base.alignment] ?? 'int4'}`, `STORAGE = ${STORAGE[base.storage] ?? 'plain'}`);
  if (base.category !== 'U') parts.push(`CATEGORY = ${quoteLiteral(base.category)}`);
  if (base.preferred) parts.push('PREFERRED = true');
  if (base.default !== null) parts.push(`DEFAULT = ${quoteLiteral(base.default)}`);
  if (base.element !== null) parts.push(`ELEMENT = ${base.element}`);
  if (base.delimiter !== ',') parts.push(`DELIMITER = ${quoteLiteral(base.delimiter)}`);
  if (base.collatable) parts.push('COLLATABLE = true');
  return `CREATE TYPE ${name} (\n    ${parts.join(',\n    ')}\n);`;
}

/** Comments of attributes and of a domain's constraints. */
function partComments(
  row: TypeRow,
  attributes: readonly ColumnRow[],
  constraints: readonly DomainConstraintRow[],
): string[] {
  const name = quoteQualified(row.schema, row.name);
  return [
    ...attributes.flatMap((attribute) =>
      commentStatement(`COLUMN ${name}.${quoteIdent(attribute.name)}`, attribute.comment),
    ),
    ...constraints.flatMap((constraint) =>
      commentStatement(`CONSTRAINT ${quoteIdent(constraint.name)} ON DOMAIN ${name}`, constraint.comment),
    ),
  ];
}
