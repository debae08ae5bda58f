import { errorInfo, throwIfAborted } from '../../../../shared/errors';
import { CHECK_STEPS, type CheckStepId, type DatabaseChoice, type Finding } from '../../../../shared/model/migration';
import { createWorkPool } from '../copy/work-pool';
import { readDatabases } from '../plan/read-databases';
import { readPlan } from '../plan/read-plan';
import type { PlannedDatabase } from '../plan-model';
import type { Telling, WorkerOrder } from '../worker-protocol';
import type { Check, CheckContext, Found } from './check';
import { CHECKS } from './registry';
import { openSide, tryReach, type OpenSide } from './run-checks-sides';

export interface RunChecksOptions {
  readonly telling: Telling;
  /** Which group is looked at now. */
  readonly onStep: (step: CheckStepId) => void;
  readonly signal: AbortSignal;
}

/** Checks at once: each has one connection to each side, two while it compares. */
const SIDE_BY_SIDE = 3;
const ITEMS = 100;

/** A finding as it leaves: named after its check, long lists counted. */
export function completeFinding(check: Pick<Check, 'id' | 'step' | 'title'>, found: Found): Finding {
  const items = found.items ?? [];
  return {
    check: check.id,
    step: check.step,
    level: found.level,
    side: found.side,
    database: found.database,
    title: check.title,
    found: found.found,
    items: items.slice(0, ITEMS),
    count: items.length,
    effect: found.effect ?? '',
    remedy: found.remedy ?? '',
    sql: found.sql,
    fix: found.fix ?? null,
  };
}

/** Each once: databases of one server may find the same thing. */
export function withoutTwins(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((each) => {
    const key = JSON.stringify([each.check, each.side, each.database, each.level, each.found, each.items]);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

const AWAY: ReadonlySet<string> = new Set(['lost-connection', 'unreachable']);

/** What is said when a check cannot be made; `cancelled`, a server that has gone away, and faults of the program are thrown. */
function notChecked(check: Pick<Check, 'id' | 'step' | 'title'>, error: unknown, signal: AbortSignal): Finding {
  throwIfAborted(signal);
  const info = errorInfo(error);
  if (info.code === 'cancelled' || info.code === 'bug' || AWAY.has(info.code)) throw error;
  return completeFinding(check, {
    level: 'warning',
    side: 'both',
    database: '',
    found: `This could not be checked: ${info.message}${info.detail ? ` (${info.detail})` : ''}`,
    effect: 'Whether it matters for this task is not known.',
    remedy: info.hint ?? 'Give the account the right to look, or look at it by hand.',
    sql: '',
  });
}

const PLAN = { id: 'selection-read', step: 'ObjectCheck', title: 'What travels' } as const;

function notRead(database: string, error: unknown, signal: AbortSignal): Finding {
  const said = notChecked(PLAN, error, signal);
  const info = errorInfo(error);
  return {
    ...said,
    level: 'failed',
    side: 'source',
    database,
    found: `What travels${database === '' ? '' : ` of ${database}`} cannot be read: ${info.message}${info.detail ? ` (${info.detail})` : ''}`,
    effect: 'The task cannot copy it.',
    remedy: info.hint ?? 'Choose the objects again.',
  };
}

interface Planned {
  readonly plans: readonly PlannedDatabase[];
  readonly findings: readonly Finding[];
}

async function planAll(source: OpenSide, order: WorkerOrder, signal: AbortSignal): Promise<Planned> {
  let choices: readonly DatabaseChoice[];
  try {
    choices = await source.sessions.use(order.source.database, (session) =>
      readDatabases(session, order.options.objects),
    );
  } catch (error) {
    return { plans: [], findings: [notRead('', error, signal)] };
  }
  const plans: PlannedDatabase[] = [];
  const findings: Finding[] = [];
  for (const choice of choices) {
    try {
      plans.push(await source.sessions.use(choice.name, (session) => readPlan(session, choice, signal)));
    } catch (error) {
      findings.push(notRead(choice.name, error, signal));
    }
  }
  return { plans, findings };
}

/** Names of databases of the target that can be entered. */
async function enterable(
  target: OpenSide,
  order: WorkerOrder,
  plans: readonly PlannedDatabase[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const rows = await target.sessions.use(order.target.database, (session) =>
    session.query<{ name: string }>(
      `SELECT datname AS name FROM pg_catalog.pg_database
WHERE datname = ANY ($1::text[]) AND datallowconn AND pg_catalog.has_database_privilege(oid, 'CONNECT')`,
      [plans.map((plan) => plan.target)],
      signal,
    ),
  );
  return new Set(rows.map(({ name }) => name));
}

/**
 * Looks at both servers as the task will use them, group by group in the order of `CHECK_STEPS`; each group's findings are told when it is done,
 * and all of them are the answer. A side that cannot be reached is a finding, and nothing more is looked at then. A check that fails by itself is
 * a warning of its own. Nothing is left on either server. Fails with `cancelled`, and with `lost-connection` or `unreachable` when a server goes away
 * meanwhile.
 */
export async function runChecks(order: WorkerOrder, o: RunChecksOptions): Promise<Finding[]> {
  const { telling, signal } = o;
  const all: Finding[] = [];
  const tell = (findings: readonly Finding[]): void => {
    const known = all.length;
    all.push(...withoutTwins([...all, ...findings]).slice(known));
    if (all.length > known) telling.findings(all.slice(known));
  };
  throwIfAborted(signal);
  o.onStep('ConnectDBCheck');
  const reached = await Promise.all([
    tryReach('source', order.source, order.jobId, signal),
    tryReach('target', order.target, order.jobId, signal),
  ]);
  tell(reached);
  if (reached.some(({ level }) => level === 'failed')) return all;

  const opened: OpenSide[] = [];
  try {
    const source = await openSide(order.source, order.jobId, SIDE_BY_SIDE * 2, signal);
    opened.push(source);
    const target = await openSide(order.target, order.jobId, SIDE_BY_SIDE * 2, signal);
    opened.push(target);
    const { plans, findings } = await planAll(source, order, signal);
    const there = await enterable(target, order, plans, signal);

    const runOne = async (check: Check): Promise<Finding[]> => {
      throwIfAborted(signal);
      const mine = source.lend();
      const theirs = target.lend();
      const context: CheckContext = {
        jobId: order.jobId,
        options: order.options,
        source: mine.side,
        target: theirs.side,
        databases: plans.map((plan) => ({
          plan,
          source: mine.session(plan.source),
          target: there.has(plan.target) ? theirs.session(plan.target) : null,
        })),
        // Beside those that move rows: who holds the snapshot and reads the catalogs, or builds indexes; pg_dump; who watches.
        sessionsNeeded: order.copyJobs + Math.max(order.indexJobs, 2) + 4,
        incremental: order.options.type === 'fullAndIncrement',
        signal,
      };
      try {
        if (!check.applies(context)) return [];
        return (await check.run(context)).map((found) => completeFinding(check, found));
      } catch (error) {
        return [notChecked(check, error, signal)];
      } finally {
        await Promise.all([mine.leave(), theirs.leave()]);
      }
    };

    for (const step of CHECK_STEPS) {
      o.onStep(step);
      const pool = createWorkPool(SIDE_BY_SIDE);
      const work = CHECKS.filter((check) => check.step === step).map((check) => pool.add(0, () => runOne(check)));
      const done = await Promise.allSettled(work);
      for (const each of done) if (each.status === 'rejected') throw each.reason;
      const found = done.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
      tell(step === PLAN.step ? [...findings, ...found] : found);
    }
    return all;
  } finally {
    await Promise.all(opened.map((side) => side.close()));
  }
}
