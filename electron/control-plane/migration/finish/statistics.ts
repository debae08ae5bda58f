import { quoteQualified } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { PlannedDatabase } from '../plan-model';
import { reasonOf, reasonText } from '../worker/failure';
import type { Telling } from '../worker-protocol';
import { isOfObject } from './object-failure';

export interface StatisticsWork {
  readonly target: PgSession;
  readonly plan: PlannedDatabase;
  readonly telling: Telling;
  readonly signal: AbortSignal;
  /** Another session on the same database of the target. */
  open(): Promise<PgSession>;
  /** Tables at once. */
  readonly jobs: number;
}

/** From here on a partitioned table can be analyzed without its partitions. */
const ONLY_FROM = 180_000;

type RelationRow = {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  /** Of partitions. */
  readonly parent: number | null;
};

/** Tables and materialized views of the plan that the target has, largest first. */
async function relationsOf({ target, plan, signal }: StatisticsWork): Promise<RelationRow[]> {
  const wanted = [
    ...plan.tables.map(({ targetSchema, targetName }) => [targetSchema, targetName]),
    ...plan.materializedViews.map(({ targetSchema, name }) => [targetSchema, name]),
  ];
  return target.query<RelationRow>(
    `SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind = 'p' AS partitioned, i.inhparent AS parent
     FROM unnest($1::pg_catalog.text[], $2::pg_catalog.text[]) w (schema, name)
       JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
       JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p', 'm')
       LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
     ORDER BY CASE WHEN c.relkind = 'p' THEN 0 ELSE pg_catalog.pg_relation_size(c.oid) END DESC, c.oid`,
    [wanted.map(([schema]) => schema), wanted.map(([, name]) => name)],
    signal,
  );
}

interface Gathered {
  readonly outcome: 'done' | 'failed' | 'skipped';
  readonly reason: string;
}

/** What only somebody else may do. */
const DENIED = '42501';

/** Gathers statistics of one relation. That it belongs to somebody else is a warning of the server: it is skipped, its rows are there. */
async function analyzeOne(session: PgSession, statement: string, signal: AbortSignal): Promise<Gathered> {
  const warnings: string[] = [];
  const onNotice = ({ severity, message }: { severity?: string | undefined; message?: string | undefined }): void => {
    if (severity === 'WARNING' && message !== undefined) warnings.push(message);
  };
  session.client.on('notice', onNotice);
  try {
    await session.query(statement, [], signal);
    return { outcome: warnings.length > 0 ? 'skipped' : 'done', reason: warnings.join('\n') };
  } catch (error) {
    if (!isOfObject(error)) throw error;
    return { outcome: reasonOf(error).sqlstate === DENIED ? 'skipped' : 'failed', reason: reasonText(error) };
  } finally {
    session.client.off('notice', onNotice);
  }
}

/**
 * Gathers the statistics of every table and materialized view of the plan, extended statistics with them, several at once. Before 18 a partitioned
 * table brings those of its partitions. Foreign tables are left: their rows are elsewhere. Each is told; one that the account may not analyze is
 * skipped. Fails when a connection is lost, or as the signal says.
 */
export async function analyze(work: StatisticsWork): Promise<void> {
  const { target, plan, telling, signal, jobs } = work;
  const relations = await relationsOf(work);
  const there = new Set(relations.map(({ oid }) => oid));
  const withRoot = target.serverVersionNum < ONLY_FROM;
  const waiting = relations.filter(({ parent }) => !(withRoot && parent !== null && there.has(parent)));
  let done = 0;
  let next = 0;
  let broken = false;

  const run = async (session: PgSession): Promise<void> => {
    for (let at = next++; !broken; at = next++) {
      const relation = waiting[at];
      if (!relation) return;
      const { schema, name } = relation;
      const table = quoteQualified(schema, name);
      const only = relation.partitioned && target.serverVersionNum >= ONLY_FROM ? 'ONLY ' : '';
      const { outcome, reason } = await analyzeOne(session, `ANALYZE ${only}${table}`, signal);
      if (outcome === 'done') done += 1;
      telling.object({
        database: plan.source,
        key: `ANALYZE ${table}`,
        kind: 'ANALYZE',
        schema,
        name,
        outcome,
        reason,
        statement: outcome === 'done' ? '' : `ANALYZE ${table}`,
      });
    }
  };
  const runAside = async (): Promise<void> => {
    const session = await work.open();
    try {
      await run(session);
    } finally {
      await session.end();
    }
  };
  const others = Math.max(0, Math.min(jobs, waiting.length) - 1);
  const ends = await Promise.allSettled(
    [run(target), ...Array.from({ length: others }, runAside)].map((each) =>
      each.catch((error: unknown) => {
        broken = true;
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  if (done > 0) telling.log('info', `${plan.source}: statistics of ${done} tables gathered`);
}
