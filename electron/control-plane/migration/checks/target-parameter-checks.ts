import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { Check, CheckContext, Found } from './check';
import { count, forTargets, RELATIONS } from './object-scope';
import { asAdvice, passed } from './saying';
import { settingsDiffer } from './settings-differ-check';
import { timeLimitCheck } from './time-limit-check';

const STEP = 'DstParameterCheck';

const WRITABLE_SQL = `SELECT pg_catalog.pg_is_in_recovery() AS recovery,
  pg_catalog.current_setting('default_transaction_read_only') = 'on' AS readonly`;
const SUBSCRIPTIONS_SQL = `SELECT subname::text AS name FROM pg_catalog.pg_subscription
  WHERE subenabled AND subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) ORDER BY 1`;
const PGLOGICAL_SQL = `SELECT EXISTS (SELECT 1 FROM ${RELATIONS} WHERE n.nspname = 'pglogical' AND c.relname = 'node') AS present`;
const DATABASE_SETTINGS_SQL = `SELECT c AS setting FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase,
  pg_catalog.unnest(s.setconfig) c WHERE s.setrole = 0 AND d.datname = pg_catalog.current_database() ORDER BY 1`;
const OWNED_SQL = `SELECT pg_catalog.pg_has_role(datdba, 'USAGE') AS owned FROM pg_catalog.pg_database
  WHERE datname = pg_catalog.current_database()`;

interface Writable {
  recovery: boolean;
  readonly: boolean;
}

function writableFinding({ recovery, readonly }: Writable, { target }: CheckContext): Found {
  const place = { side: 'target', database: '', sql: WRITABLE_SQL } as const;
  if (recovery) {
    return {
      ...place,
      level: 'failed',
      found: 'The target is a standby',
      effect: 'Nothing can be written there.',
      remedy: 'Give the address of the primary as the target, or promote this server.',
    };
  }
  if (readonly) {
    const statement = `ALTER ROLE ${quoteIdent(target.user)} SET default_transaction_read_only = off`;
    return {
      ...place,
      level: 'warning',
      found: `default_transaction_read_only is on for ${target.user}`,
      effect:
        'Somebody wants nothing to be written with this account; the task turns the setting off for itself and writes.',
      remedy: `${statement}; or choose the account that is meant to write.`,
      fix: { side: 'target', database: '', statements: [statement] },
    };
  }
  return passed({ side: 'target' }, 'The target can be written to', WRITABLE_SQL);
}

const writable: Check = {
  id: 'target-writable',
  step: STEP,
  title: 'Writing to the target',
  applies: () => true,
  async run(context) {
    const [row] = await context.target.server.query<Writable>(WRITABLE_SQL, [], context.signal);
    return row ? [writableFinding(row, context)] : [];
  },
};

const otherWriters: Check = {
  id: 'target-other-writers',
  step: STEP,
  title: 'Others that write to the target',
  applies: ({ databases }) => databases.some(({ target }) => target !== null),
  run: (context) =>
    forTargets(context, async ({ plan, target }) => {
      const rows = await target.query<{ name: string }>(SUBSCRIPTIONS_SQL, [], context.signal);
      const [pglogical] = await target.query<{ present: boolean }>(PGLOGICAL_SQL, [], context.signal);
      const items = [
        ...rows.map(({ name }) => `subscription ${name}`),
        ...(pglogical?.present === true ? ['node of pglogical'] : []),
      ];
      const place = { side: 'target', database: plan.source } as const;
      if (items.length === 0) return passed(place, 'No subscription writes there', SUBSCRIPTIONS_SQL);
      return {
        ...place,
        level: 'warning',
        found: `${count(items.length, 'subscription')} may write to ${plan.target} at the target`,
        items,
        effect: 'Rows may come twice, or collide with those of the task.',
        remedy:
          `${rows.map(({ name }) => `ALTER SUBSCRIPTION ${quoteIdent(name)} DISABLE;`).join(' ')} Or choose another database.`.trim(),
        sql: SUBSCRIPTIONS_SQL,
      };
    }),
};

/** Elements of a setting that is a list of names, as the server writes it: `"$user", public`. */
const LIST_SETTINGS = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
]);
const LIST_ELEMENT = /"(?:[^"]|"")*"|[^,\s"]+/g;
const elementOf = (text: string): string => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

function setStatement(database: string, setting: string): string {
  const name = setting.slice(0, setting.indexOf('='));
  const value = setting.slice(name.length + 1);
  const literal =
    LIST_SETTINGS.has(name) && value !== ''
      ? (value.match(LIST_ELEMENT) ?? []).map((element) => quoteLiteral(elementOf(element))).join(', ')
      : quoteLiteral(value);
  const quoted = name.split('.').map(quoteIdent).join('.');
  return `ALTER DATABASE ${quoteIdent(database)} SET ${quoted} = ${literal}`;
}

/** Names of settings are the same in upper and lower case; the values are not. */
const comparable = (setting: string): string => setting.replace(/^[^=]*/, (name) => name.toLowerCase());

const databaseSettings: Check = {
  id: 'database-settings',
  step: STEP,
  title: 'Settings of the databases',
  applies: ({ databases }) => databases.some(({ target }) => target !== null),
  run: (context) =>
    forTargets(context, async ({ plan, source, target }) => {
      const [from, there, owned] = [
        await source.query<{ setting: string }>(DATABASE_SETTINGS_SQL, [], context.signal),
        await target.query<{ setting: string }>(DATABASE_SETTINGS_SQL, [], context.signal),
        (await target.query<{ owned: boolean }>(OWNED_SQL, [], context.signal))[0]?.owned ?? false,
      ];
      const known = new Set(there.map(({ setting }) => comparable(setting)));
      const missing = from.map(({ setting }) => setting).filter((setting) => !known.has(comparable(setting)));
      const place = { side: 'target', database: plan.source } as const;
      if (missing.length === 0)
        return passed(place, 'The target has all settings of the database', DATABASE_SETTINGS_SQL);
      const statements = missing.map((setting) => setStatement(plan.target, setting));
      return {
        ...place,
        level: 'warning',
        found: `${count(missing.length, 'setting')} of the database ${plan.source} ${missing.length === 1 ? 'is' : 'are'} missing or different at the target`,
        items: missing,
        effect: 'Applications find another search path, time zone, or whatever the settings say, than at the source.',
        remedy: asAdvice(statements),
        sql: DATABASE_SETTINGS_SQL,
        ...(owned ? { fix: { side: 'target', database: plan.target, statements } } : {}),
      };
    }),
};

/** How the target has to be set. */
export const TARGET_PARAMETER_CHECKS: readonly Check[] = [
  writable,
  otherWriters,
  settingsDiffer,
  databaseSettings,
  timeLimitCheck('target'),
];
