import { quoteIdent } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Check, CheckContext, Found } from './check';
import { count } from './object-scope';
import { asAdvice, passed } from './saying';
import { durationOf, readSettings, SETTINGS_SQL, written, type Setting } from './server-settings';

/** Settings that end what takes long, whoever runs it. Servers that lack one do not show it. */
const LIMITS = [
  'statement_timeout',
  'transaction_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
];

/** Nearest first: what is set for the account in the database wins over all the rest. */
const fixFor = (user: string, database: string, limits: readonly Setting[]): string[] =>
  limits.map(({ name }) => `ALTER ROLE ${quoteIdent(user)} IN DATABASE ${quoteIdent(database)} SET ${name} = 0`);

async function look(
  name: 'source' | 'target',
  o: { readonly session: PgSession; readonly user: string; readonly database: string; readonly shown: string },
  { incremental, signal }: CheckContext,
): Promise<Found> {
  // Sessions turn them off for themselves; what follows the changes is no session that could.
  const matters = incremental && name === 'source';
  const settings = await readSettings(o.session, LIMITS, signal);
  const set = [...settings.values()].filter((setting) => durationOf({ ...setting, setting: setting.reset }) > 0);
  const place = { side: name, database: o.shown } as const;
  if (set.length === 0) return passed(place, 'No time limit ends a long statement or transaction', SETTINGS_SQL);
  const statements = fixFor(o.user, o.database, set);
  return {
    ...place,
    level: matters ? 'warning' : 'info',
    found: `${count(set.length, 'time limit')} of the ${name} ${set.length === 1 ? 'applies' : 'apply'} to ${o.user}`,
    items: set.map(
      (setting) => `${setting.name} = ${written({ ...setting, setting: setting.reset })} (${setting.source})`,
    ),
    effect: matters
      ? 'The connection that follows the changes may be ended by the server again and again.'
      : 'The connections of the task turn these limits off for themselves; other programs of the same account do not.',
    remedy: asAdvice(statements),
    sql: SETTINGS_SQL,
    fix: { side: name, database: o.database, statements },
  };
}

/** Whether time limits hold for the account of one side, in each database where it works. */
export const timeLimitCheck = (side: 'source' | 'target'): Check => ({
  id: `${side}-time-limits`,
  step: side === 'source' ? 'SrcParameterCheck' : 'DstParameterCheck',
  title: 'Time limits of the account',
  applies: ({ databases }) => databases.length > 0,
  async run(context: CheckContext) {
    const { user } = context[side];
    const found: Found[] = [];
    for (const { plan, source, target } of context.databases) {
      const session = side === 'source' ? source : target;
      if (session === null) continue;
      const database = side === 'source' ? plan.source : plan.target;
      found.push(await look(side, { session, user, database, shown: plan.source }, context));
    }
    if (found.length > 0) return found;
    // None of the databases is there yet: what holds for the account in any of them.
    const { server, endpoint } = context[side];
    return [await look(side, { session: server, user, database: endpoint.database, shown: '' }, context)];
  },
});
