import { AppError } from '../../../../../shared/errors';
import { routeStatements } from '../apply/progress';
import type { Lsn } from '../change-stream';
import { FollowHalt } from '../follow-model';
import { statementsOf } from '../../structure/sql-tokens';
import { addEnumValues } from './add-enum-values';
import { planEnd } from './commands';
import type { DdlEvent } from './ddl-event';
import { newPlan, type DdlPlan, type DdlWorld } from './ddl-plan';
import { mayHideFromTriggers } from './triggers-off';
import type { DdlSinkOptions } from './ddl-sink';
import { planDrop } from './drops';
import type { Joins } from './joins';
import type { MadeBefore } from './made-before';
import { isSetting, statementsOfTag, underPath } from './single-statement';

export interface CarryDeps extends DdlSinkOptions {
  readonly joins: Joins;
  /** Of a halt, should there be one. */
  readonly id: string;
  readonly rewritten: boolean;
  /** Start of the commit record of the transaction at hand. */
  readonly commitLsn: Lsn;
  readonly madeBefore: MadeBefore;
}

/** Characters of a text of the source that a halt shows. */
const SHOWN = 2000;

const NAMELESS =
  'without a primary key or REPLICA IDENTITY FULL the rows of the table cannot be followed; give it one and try again, or apply it without its rows';

type Told = Exclude<DdlEvent, { event: 'table_rewrite' }>;

/** What can be offered to be run; empty when nobody knows which part of what was sent is meant: the rest of it comes by itself. */
const shownOf = (plan: DdlPlan, event: Told): string => {
  const own = plan.statements.filter((statement) => !isSetting(statement));
  if (own.length > 0) return `${own.join(';\n')};`;
  const [only, ...more] = statementsOfTag(event.query, event.tag);
  return only === undefined || more.length > 0 ? '' : `${only};`;
};

function halt(plan: DdlPlan, event: Told, deps: CarryDeps, reasons: readonly string[]): FollowHalt {
  const [first] = event.event === 'ddl_command_end' ? event.tables : [];
  const statement = shownOf(plan, event);
  const sent =
    statement === '' && event.query !== null
      ? `. Write the statement that is to be run; sent was: ${event.query.slice(0, SHOWN)}`
      : '';
  return new FollowHalt({
    id: deps.id,
    kind: 'ddl',
    text: `${event.tag} on the source is not carried over by itself: ${[...new Set(reasons)].join('; ')}${plan.recopied.size > 0 ? '. When it is applied, the rows of the table are copied again' : ''}${sent}`,
    statement,
    schema: first?.after.schema ?? '',
    table: first?.after.name ?? '',
    choices: ['apply', 'skip', 'retry'],
  });
}

/** Runs statements in the transaction at hand; what the server refuses becomes a halt. */
async function run(statements: readonly string[], plan: DdlPlan, event: Told, deps: CarryDeps): Promise<void> {
  if (statements.length === 0) return;
  try {
    await deps.applier.statements(statements);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'sql') throw error;
    const { message, detail } = error.info;
    throw halt(plan, event, deps, [`the target says: ${message}${detail ? ` (${detail})` : ''}`]);
  }
}

async function worldOf({ asking, routes, names, rewritten, signal }: CarryDeps): Promise<DdlWorld> {
  return { routes, names, rewritten, triggersOff: await asking((session) => mayHideFromTriggers(session, signal)) };
}

function planOf(event: Told, world: DdlWorld): DdlPlan {
  if (event.event === 'ddl_command_end') return planEnd(event, world);
  if (event.event === 'sql_drop') return planDrop(event, world);
  const plan = newPlan();
  plan.problems.push(`what it did could not be noted (${event.reason})`);
  return plan;
}

/** Carries one change of the structure over, or throws a `FollowHalt`. */
export async function carryOut(told: Told, deps: CarryDeps): Promise<void> {
  const { identity, routes, joins } = deps;
  const event = deps.madeBefore.without(told, deps.commitLsn);
  const world = await worldOf(deps);
  const plan = planOf(event, world);
  for (const note of plan.notes) deps.onLeftOut(note);
  const decision = deps.decisions.get(deps.id);
  const choice = decision?.choice === 'retry' ? undefined : decision?.choice;
  const shown = shownOf(plan, event);
  if (choice === 'skip') {
    deps.onApplied(`Left out, as decided: ${shown}`);
    return;
  }
  if (plan.problems.length > 0 && choice === undefined) throw halt(plan, event, deps, plan.problems);
  if (plan.enums.length > 0) plan.statements.push(...(await addEnumValues(plan.enums, event, world, deps)));
  const edited = decision?.statement === '' ? undefined : decision?.statement;
  if (choice === 'apply' && edited === undefined && shown === '' && plan.problems.length > 0)
    throw halt(plan, event, deps, plan.problems);
  const statements =
    choice !== undefined && (edited !== undefined || plan.problems.length > 0)
      ? underPath(statementsOf(edited ?? shown), event.path, world)
      : plan.statements;
  await run(statements, plan, event, deps);
  for (const column of plan.always) await deps.onIdentity?.(column);
  for (const [oid, route] of plan.routes) {
    if (route) routes.set(oid, route);
    else routes.delete(oid);
    await run(routeStatements(identity, oid, route), plan, event, deps);
  }
  for (const table of plan.joined) {
    if ((await joins.join(table)) || choice !== undefined) continue;
    throw halt(plan, event, deps, [NAMELESS]);
  }
  for (const oid of plan.recopied) await joins.copyAgain(oid);
  joins.changed();
  if (statements.length > 0) deps.onApplied(`Carried over: ${shown}`);
}
