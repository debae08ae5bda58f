import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { functionJson, type NamedRef } from './aggregate-ddl';
import { pieceObject, commentStatement, joinStatements, PHASE, type Piece } from './piece';

type Own = (catalog: string) => string;

interface OperatorRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly left: string | null;
  readonly right: string | null;
  readonly function: NamedRef;
  readonly commutator: NamedRef;
  readonly negator: NamedRef;
  readonly restrict: NamedRef;
  readonly join: NamedRef;
  readonly hashes: boolean;
  readonly merges: boolean;
  readonly comment: string | null;
}

const operatorJson = (oid: string): string =>
  `(SELECT pg_catalog.json_build_object('schema', x.nspname, 'name', p.oprname) FROM pg_catalog.pg_operator p
     JOIN pg_catalog.pg_namespace x ON x.oid = p.oprnamespace WHERE p.oid = ${oid})`;

const operators = (own: string): string => `
SELECT o.oid, n.nspname AS schema, o.oprname AS name, pg_catalog.pg_get_userbyid(o.oprowner) AS owner,
       CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END AS left,
       CASE WHEN o.oprright <> 0 THEN pg_catalog.format_type(o.oprright, NULL) END AS right,
       ${functionJson('o.oprcode')} AS function, ${operatorJson('o.oprcom')} AS commutator, ${operatorJson('o.oprnegate')} AS negator,
       ${functionJson('o.oprrest')} AS restrict, ${functionJson('o.oprjoin')} AS join, o.oprcanhash AS hashes, o.oprcanmerge AS merges,
       pg_catalog.obj_description(o.oid, 'pg_operator') AS comment
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 AND ${own} ORDER BY 2, 3`;

/** An operator's name is made of signs that are never quoted. */
const operatorName = (ref: NonNullable<NamedRef>): string => `OPERATOR(${quoteIdent(ref.schema)}.${ref.name})`;

export async function operatorPieces(session: PgSession, own: Own, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<OperatorRow>(operators(own('pg_operator')), [], signal);
  return rows.map((row) => {
    const name = `${quoteIdent(row.schema)}.${row.name}`;
    const parts = [row.function ? `FUNCTION = ${quoteQualified(row.function.schema, row.function.name)}` : ''];
    if (row.left !== null) parts.push(`LEFTARG = ${row.left}`);
    if (row.right !== null) parts.push(`RIGHTARG = ${row.right}`);
    if (row.commutator) parts.push(`COMMUTATOR = ${operatorName(row.commutator)}`);
    if (row.negator) parts.push(`NEGATOR = ${operatorName(row.negator)}`);
    if (row.restrict) parts.push(`RESTRICT = ${quoteQualified(row.restrict.schema, row.restrict.name)}`);
    if (row.join) parts.push(`JOIN = ${quoteQualified(row.join.schema, row.join.name)}`);
    if (row.hashes) parts.push('HASHES');
    if (row.merges) parts.push('MERGES');
    const target = `OPERATOR ${name} (${row.left ?? 'NONE'}, ${row.right ?? 'NONE'})`;
    // FUNCTION = … came with 11; PROCEDURE means the same on all.
    const list = parts.map((part) => part.replace(/^FUNCTION =/, 'PROCEDURE =')).join(',\n    ');
    return {
      id: `pg_operator:${row.oid}`,
      object: pieceObject('operator', row.schema, `${row.name}(${row.left ?? 'NONE'}, ${row.right ?? 'NONE'})`),
      phase: PHASE.operator,
      name,
      sql: joinStatements(`CREATE OPERATOR ${name} (\n    ${list}\n);`, [
        `ALTER ${target} OWNER TO ${quoteIdent(row.owner)};`,
        ...commentStatement(target, row.comment),
      ]),
      needs: [],
    };
  });
}

interface CastRow {
  readonly oid: number;
  readonly source: string;
  readonly target: string;
  readonly function: (NonNullable<NamedRef> & { readonly types: string }) | null;
  readonly method: string;
  readonly context: string;
  readonly comment: string | null;
}

const CASTS = `
SELECT o.oid, pg_catalog.format_type(o.castsource, NULL) AS source, pg_catalog.format_type(o.casttarget, NULL) AS target,
       (SELECT pg_catalog.json_build_object('schema', n.nspname, 'name', p.proname, 'types', pg_catalog.oidvectortypes(p.proargtypes))
          FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = o.castfunc) AS function,
       o.castmethod::text AS method, o.castcontext::text AS context, pg_catalog.obj_description(o.oid, 'pg_cast') AS comment
  FROM pg_catalog.pg_cast o`;

const CONTEXTS: Readonly<Record<string, string>> = { a: ' AS ASSIGNMENT', i: ' AS IMPLICIT' };

export async function castPieces(session: PgSession, own: Own, signal: AbortSignal): Promise<Piece[]> {
  const rows = await session.query<CastRow>(`${CASTS} WHERE ${own('pg_cast')} ORDER BY 2, 3`, [], signal);
  return rows.map((row) => {
    const target = `CAST (${row.source} AS ${row.target})`;
    const how = row.function
      ? `WITH FUNCTION ${quoteQualified(row.function.schema, row.function.name)}(${row.function.types})`
      : row.method === 'i'
        ? 'WITH INOUT'
        : 'WITHOUT FUNCTION';
    return {
      id: `pg_cast:${row.oid}`,
      object: pieceObject('cast', '', `${row.source} AS ${row.target}`),
      phase: PHASE.operator,
      name: target,
      sql: [`CREATE ${target} ${how}${CONTEXTS[row.context] ?? ''};`, ...commentStatement(target, row.comment)].join(
        '\n',
      ),
      needs: [],
    };
  });
}

interface CollationRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly provider: string;
  readonly deterministic: boolean;
  readonly collate: string | null;
  readonly ctype: string | null;
  readonly locale: string | null;
  readonly rules: string | null;
  readonly comment: string | null;
}

const collations = (deterministic: string, locale: string, rules: string): string => `
SELECT o.oid, n.nspname AS schema, o.collname AS name, pg_catalog.pg_get_userbyid(o.collowner) AS owner, o.collprovider::text AS provider,
       ${deterministic} AS deterministic, o.collcollate AS collate, o.collctype AS ctype, ${locale} AS locale, ${rules} AS rules,
       pg_catalog.obj_description(o.oid, 'pg_collation') AS comment
  FROM pg_catalog.pg_collation o JOIN pg_catalog.pg_namespace n ON n.oid = o.collnamespace`;

const ICU_BEFORE_15 = "CASE WHEN o.collprovider = 'i' THEN o.collcollate END";
const COLLATIONS: VersionedSql = {
  100000: collations('true', ICU_BEFORE_15, 'NULL'),
  120000: collations('o.collisdeterministic', ICU_BEFORE_15, 'NULL'),
  150000: collations('o.collisdeterministic', 'o.colliculocale', 'NULL'),
  160000: collations('o.collisdeterministic', 'o.colliculocale', 'o.collicurules'),
  170000: collations('o.collisdeterministic', 'o.colllocale', 'o.collicurules'),
};
const PROVIDERS: Readonly<Record<string, string>> = { i: 'icu', b: 'builtin', c: 'libc' };

export async function collationPieces(session: PgSession, own: Own, signal: AbortSignal): Promise<Piece[]> {
  const sql = sqlFor(COLLATIONS, session.serverVersionNum);
  const rows = await session.query<CollationRow>(`${sql} WHERE ${own('pg_collation')} ORDER BY 2, 3`, [], signal);
  return rows.map((row) => {
    const name = quoteQualified(row.schema, row.name);
    const parts = [`PROVIDER = ${PROVIDERS[row.provider] ?? 'libc'}`];
    if (!row.deterministic) parts.push('DETERMINISTIC = false');
    if (row.locale !== null) parts.push(`LOCALE = ${quoteLiteral(row.locale)}`);
    else {
      parts.push(`LC_COLLATE = ${quoteLiteral(row.collate ?? '')}`, `LC_CTYPE = ${quoteLiteral(row.ctype ?? '')}`);
    }
    if (row.rules !== null) parts.push(`RULES = ${quoteLiteral(row.rules)}`);
    return {
      id: `pg_collation:${row.oid}`,
      object: pieceObject('collation', row.schema, row.name),
      phase: PHASE.type - 5,
      name,
      sql: [
        `CREATE COLLATION ${name} (${parts.join(', ')});`,
        `ALTER COLLATION ${name} OWNER TO ${quoteIdent(row.owner)};`,
        ...commentStatement(`COLLATION ${name}`, row.comment),
      ].join('\n'),
      needs: [],
    };
  });
}
