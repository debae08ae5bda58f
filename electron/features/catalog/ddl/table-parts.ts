import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import { sqlFor, type VersionedSql } from '../kinds/kind';
import { partObject, pieceObject, commentStatement, PHASE, terminated, type Piece } from './piece';
import type { RelationRow } from './relation-rows';

interface TriggerRow {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  readonly definition: string;
  readonly enabled: string;
  /** State of the trigger of the partitioned parent that it was made from; null when a person made it. */
  readonly parentEnabled: string | null;
  readonly comment: string | null;
}

const triggers = (parent: string, from: string, where: string): string => `
SELECT t.oid, t.tgrelid AS relation, t.tgname AS name, pg_catalog.pg_get_triggerdef(t.oid) AS definition, t.tgenabled::text AS enabled,
       ${parent} AS "parentEnabled", pg_catalog.obj_description(t.oid, 'pg_trigger') AS comment
  FROM pg_catalog.pg_trigger t ${from} WHERE t.tgrelid = ANY ($1::oid[]) AND ${where} ORDER BY t.tgrelid, t.tgname`;

const CLONED_BEFORE_13 = `LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND d.objid = t.oid
  AND d.refclassid = d.classid AND d.deptype IN ('P', 'I') LEFT JOIN pg_catalog.pg_trigger u ON u.oid = d.refobjid`;
const CLONED = 'LEFT JOIN pg_catalog.pg_trigger u ON u.oid = t.tgparentid';

/**
 * Clones on partitions were internal before 15. Those that have a state or a comment of their own are read too; the triggers of foreign keys
 * have clones as well, each under a name of its own.
 */
const SAID = `(NOT t.tgisinternal OR t.tgenabled <> u.tgenabled
  OR t.tgname = u.tgname AND pg_catalog.obj_description(t.oid, 'pg_trigger') IS NOT NULL)`;

const TRIGGERS: VersionedSql = {
  100000: triggers('NULL::text', '', 'NOT t.tgisinternal'),
  110000: triggers('u.tgenabled::text', CLONED_BEFORE_13, SAID),
  130000: triggers('u.tgenabled::text', CLONED, SAID),
};

const STATES: Readonly<Record<string, string>> = { D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS', O: 'ENABLE' };

/** Triggers that a person made, and what clones on partitions have of their own: a state other than their parent's, a comment. */
export async function triggerPieces(
  session: PgSession,
  relations: ReadonlyMap<number, RelationRow>,
  signal: AbortSignal,
): Promise<Piece[]> {
  const rows = await session.query<TriggerRow>(
    sqlFor(TRIGGERS, session.serverVersionNum),
    [[...relations.keys()]],
    signal,
  );
  return rows.flatMap((row): Piece[] => {
    const relation = relations.get(row.relation);
    if (!relation) return [];
    const table = quoteQualified(relation.schema, relation.name);
    const name = quoteIdent(row.name);
    const keyword = relation.kind === 'f' ? 'FOREIGN TABLE' : 'TABLE';
    const statements = row.parentEnabled === null ? [terminated(row.definition)] : [];
    if (row.enabled !== (row.parentEnabled ?? 'O')) {
      statements.push(`ALTER ${keyword} ${table} ${STATES[row.enabled] ?? 'ENABLE'} TRIGGER ${name};`);
    }
    statements.push(...commentStatement(`TRIGGER ${name} ON ${table}`, row.comment));
    if (statements.length === 0) return [];
    return [
      {
        id: `pg_trigger:${row.oid}`,
        object: partObject('trigger', relation, row.name),
        phase: row.parentEnabled === null ? PHASE.trigger : PHASE.trigger + 5,
        name: `${table}.${name}`,
        sql: statements.join('\n'),
        relation: row.relation,
        needs: [`pg_class:${row.relation}`],
      },
    ];
  });
}

interface RuleRow {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  readonly definition: string;
  readonly enabled: string;
  readonly comment: string | null;
}

const RULES = `
SELECT r.oid, r.ev_class AS relation, r.rulename AS name, pg_catalog.pg_get_ruledef(r.oid) AS definition, r.ev_enabled::text AS enabled,
       pg_catalog.obj_description(r.oid, 'pg_rewrite') AS comment
  FROM pg_catalog.pg_rewrite r WHERE r.ev_class = ANY ($1::oid[]) AND r.rulename <> '_RETURN' ORDER BY r.ev_class, r.rulename`;

export async function rulePieces(
  session: PgSession,
  relations: ReadonlyMap<number, RelationRow>,
  signal: AbortSignal,
): Promise<Piece[]> {
  const rows = await session.query<RuleRow>(RULES, [[...relations.keys()]], signal);
  return rows.flatMap((row): Piece[] => {
    const relation = relations.get(row.relation);
    if (!relation) return [];
    const table = quoteQualified(relation.schema, relation.name);
    const name = quoteIdent(row.name);
    const state = row.enabled === 'O' ? [] : [`ALTER TABLE ${table} ${STATES[row.enabled] ?? 'ENABLE'} RULE ${name};`];
    return [
      {
        id: `pg_rewrite:${row.oid}`,
        object: partObject('rule', relation, row.name),
        phase: PHASE.rule,
        name: `${table}.${name}`,
        sql: [terminated(row.definition), ...state, ...commentStatement(`RULE ${name} ON ${table}`, row.comment)].join(
          '\n',
        ),
        needs: [`pg_class:${row.relation}`],
      },
    ];
  });
}

interface PolicyRow {
  readonly oid: number;
  readonly relation: number;
  readonly name: string;
  readonly command: string;
  readonly permissive: boolean;
  /** Empty is PUBLIC. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
  readonly comment: string | null;
}

const POLICIES = `
SELECT p.oid, p.polrelid AS relation, p.polname AS name,
       CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
       p.polpermissive AS permissive,
       ARRAY(SELECT r.rolname::text FROM pg_catalog.pg_roles r WHERE r.oid = ANY (p.polroles) ORDER BY 1) AS roles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS using, pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS "check",
       pg_catalog.obj_description(p.oid, 'pg_policy') AS comment
  FROM pg_catalog.pg_policy p WHERE p.polrelid = ANY ($1::oid[]) ORDER BY p.polrelid, p.polname`;

export async function policyPieces(
  session: PgSession,
  relations: ReadonlyMap<number, RelationRow>,
  signal: AbortSignal,
): Promise<Piece[]> {
  const rows = await session.query<PolicyRow>(POLICIES, [[...relations.keys()]], signal);
  return rows.flatMap((row): Piece[] => {
    const relation = relations.get(row.relation);
    if (!relation) return [];
    const table = quoteQualified(relation.schema, relation.name);
    const name = quoteIdent(row.name);
    const lines = [
      `CREATE POLICY ${name} ON ${table}${row.permissive ? '' : ' AS RESTRICTIVE'} FOR ${row.command}`,
      ...(row.roles.length === 0 ? [] : [`    TO ${row.roles.map(quoteIdent).join(', ')}`]),
      ...(row.using === null ? [] : [`    USING (${row.using})`]),
      ...(row.check === null ? [] : [`    WITH CHECK (${row.check})`]),
    ];
    return [
      {
        id: `pg_policy:${row.oid}`,
        object: partObject('policy', relation, row.name),
        phase: PHASE.policy,
        name: `${table}.${name}`,
        sql: [`${lines.join('\n')};`, ...commentStatement(`POLICY ${name} ON ${table}`, row.comment)].join('\n'),
        needs: [`pg_class:${row.relation}`],
      },
    ];
  });
}

export interface StatisticsRow {
  readonly oid: number;
  readonly relation: number;
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
  readonly owner: string;
  readonly target: number | null;
  readonly comment: string | null;
}

const statistics = (target: string): string => `
SELECT s.oid, s.stxrelid AS relation, n.nspname AS schema, s.stxname AS name, pg_catalog.pg_get_statisticsobjdef(s.oid) AS definition,
       pg_catalog.pg_get_userbyid(s.stxowner) AS owner, ${target} AS target,
       pg_catalog.obj_description(s.oid, 'pg_statistic_ext') AS comment
  FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
 WHERE s.stxrelid = ANY ($1::oid[]) ORDER BY 3, 4`;

const STATISTICS: VersionedSql = {
  100000: statistics('NULL::int4'),
  130000: statistics('nullif(s.stxstattarget, -1)::int4'),
  170000: statistics('s.stxstattarget::int4'),
};

export const readStatistics = (
  session: PgSession,
  relations: readonly number[],
  signal: AbortSignal,
): Promise<StatisticsRow[]> => session.query(sqlFor(STATISTICS, session.serverVersionNum), [relations], signal);

/** What makes a statistics object, and what is said of it afterwards. */
export function statisticsStatements(row: StatisticsRow): string[] {
  const name = quoteQualified(row.schema, row.name);
  return [
    terminated(row.definition),
    ...(row.target === null ? [] : [`ALTER STATISTICS ${name} SET STATISTICS ${row.target};`]),
    `ALTER STATISTICS ${name} OWNER TO ${quoteIdent(row.owner)};`,
    ...commentStatement(`STATISTICS ${name}`, row.comment),
  ];
}

/** Extended statistics. */
export async function statisticsPieces(
  session: PgSession,
  relations: ReadonlyMap<number, RelationRow>,
  signal: AbortSignal,
): Promise<Piece[]> {
  const rows = await readStatistics(session, [...relations.keys()], signal);
  return rows.map((row) => {
    const name = quoteQualified(row.schema, row.name);
    return {
      id: `pg_statistic_ext:${row.oid}`,
      object: pieceObject('statistics-object', row.schema, row.name),
      phase: PHASE.index,
      name,
      sql: statisticsStatements(row).join('\n'),
      needs: [`pg_class:${row.relation}`],
    };
  });
}
