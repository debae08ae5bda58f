import { quoteIdent } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Check, CheckContext, CheckedDatabase, Found } from './check';
import { LOCALE_COLLATION_CHECKS } from './locale-collations';
import { databaseFinding, forDatabases, itemsCheck, passed, COLUMN_NAME, COLUMNS, count } from './object-scope';

/** What a database says about its characters and their order. */
interface DatabaseLocale extends Record<string, unknown> {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  /** `c` libc, `i` ICU, `b` builtin. */
  readonly provider: string;
  /** Of ICU and builtin; empty for libc. */
  readonly locale: string;
}

const PROVIDERS: Readonly<Record<string, string>> = { c: 'libc', i: 'icu', b: 'builtin' };

export const localeSql = (
  major: number,
): string => `SELECT pg_catalog.pg_encoding_to_char(encoding) AS encoding, datcollate AS collate,
datctype AS ctype, ${major >= 15 ? 'datlocprovider' : "'c'"} AS provider, coalesce(${
  major >= 17 ? 'datlocale' : major >= 15 ? 'daticulocale' : 'NULL'
}, '') AS locale FROM pg_catalog.pg_database WHERE datname = $1`;

async function localeOf(
  session: PgSession,
  major: number,
  name: string,
  signal: AbortSignal,
): Promise<DatabaseLocale | null> {
  return (await session.query<DatabaseLocale>(localeSql(major), [name], signal))[0] ?? null;
}

const written = ({ collate, ctype, provider, locale }: DatabaseLocale): string =>
  [PROVIDERS[provider] ?? provider, locale, `LC_COLLATE ${collate}`, `LC_CTYPE ${ctype}`]
    .filter((part) => part !== '')
    .join(', ');

/** `en_US.UTF-8` and `en_US.utf8` are one locale. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_.]/g, '');

const same = (a: DatabaseLocale, b: DatabaseLocale): boolean =>
  a.provider === b.provider &&
  plain(a.collate) === plain(b.collate) &&
  plain(a.ctype) === plain(b.ctype) &&
  plain(a.locale) === plain(b.locale);

/** Null when nothing has to be said. */
export function judgeEncoding(source: string, target: string): Pick<Found, 'level' | 'effect' | 'remedy'> | null {
  if (source === target) return null;
  const create = `Create the database with ENCODING '${source}' (TEMPLATE template0) on the target, or give it a name there that is not taken.`;
  if (source === 'SQL_ASCII')
    return {
      level: 'warning',
      effect: `SQL_ASCII accepts any bytes; the target refuses rows whose bytes are not valid in ${target}.`,
      remedy: create,
    };
  if (target === 'SQL_ASCII')
    return {
      level: 'warning',
      effect: 'The target keeps the bytes but does not know characters any more.',
      remedy: create,
    };
  if (target === 'UTF8')
    return {
      level: 'warning',
      effect: 'Characters are converted on the way; lengths in bytes change.',
      remedy: create,
    };
  return {
    level: 'failed',
    effect: `Characters that ${target} does not have make the copy of their table fail.`,
    remedy: `Use a database in UTF8. ${create}`,
  };
}

async function both(context: CheckContext, { plan }: CheckedDatabase) {
  const [here, there] = await Promise.all([
    localeOf(context.source.server, context.source.major, plan.source, context.signal),
    localeOf(context.target.server, context.target.major, plan.target, context.signal),
  ]);
  return { here, there };
}

const encoding: Check = {
  id: 'encoding',
  step: 'ConflictCheck',
  title: 'Character encoding',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const { here, there } = await both(context, database);
      const sql = localeSql(context.source.major);
      if (!here) return null;
      const said = there === null ? null : judgeEncoding(here.encoding, there.encoding);
      if (said === null)
        return passed(
          database,
          'both',
          sql,
          there ? `${here.encoding} on both sides` : `${here.encoding}, as the new database will be`,
        );
      return databaseFinding(database, 'both', sql, [`${here.encoding} → ${there?.encoding ?? ''}`], {
        ...said,
        found: `The source is in ${here.encoding}, the target in ${there?.encoding ?? ''}`,
      });
    }),
};

/** Whether a server of this major can have a database of the provider. */
const hasProvider = (provider: string, major: number): boolean =>
  provider === 'c' || (provider === 'i' ? major >= 15 : major >= 17);

const locale: Check = {
  id: 'locale',
  step: 'ConflictCheck',
  title: 'Locale of the databases',
  applies: ({ databases }) => databases.length > 0,
  run: (context) =>
    forDatabases(context, async (database) => {
      const { here, there } = await both(context, database);
      const sql = localeSql(context.source.major);
      if (!here) return null;
      const name = PROVIDERS[here.provider] ?? here.provider;
      if (!there && hasProvider(here.provider, context.target.major))
        return passed(database, 'both', sql, `${written(here)}, as the new database will be`);
      if (!there)
        return databaseFinding(database, 'both', sql, [written(here)], {
          level: 'warning',
          found: `The target is too old for a database of the provider ${name}`,
          effect: 'The database is created with a locale of libc: text sorts and compares in another order there.',
          remedy: `Create ${quoteIdent(database.plan.target)} on the target yourself with the locale that suits best, or choose a newer target.`,
        });
      if (same(here, there)) return passed(database, 'both', sql, `${written(here)} on both sides`);
      return databaseFinding(database, 'both', sql, [`${written(here)} → ${written(there)}`], {
        level: 'warning',
        found: 'The databases have different locales',
        effect:
          'Text sorts, compares and changes case in another way on the target: order of results, ranges of partitions, uniqueness of lower(…).',
        remedy: `Drop the database of the target when it is empty, so that it is created anew, or create it with ${written(here)}.`,
      });
    }),
};

const MONETARY = "SELECT pg_catalog.current_setting('lc_monetary') AS value";
const MONEY = `SELECT ${COLUMN_NAME} AS item FROM ${COLUMNS} WHERE a.atttypid IN ('money'::pg_catalog.regtype, 'money[]'::pg_catalog.regtype) ORDER BY 1`;

const money: Check = {
  id: 'money',
  step: 'ConflictCheck',
  title: 'Amounts of the type money',
  applies: ({ options, databases }) => options.type !== 'structure' && databases.length > 0,
  run: async (context) => {
    const [there] = await context.target.server.query<{ value: string }>(MONETARY, [], context.signal);
    const base = itemsCheck({
      id: 'money',
      step: 'ConflictCheck',
      title: '',
      sql: MONEY,
      level: 'warning',
      none: 'There are no columns of the type money',
      found: (many) => `${count(many, 'column')} of the type money`,
      effect:
        'Amounts are written as the locale has it: read under another one they are refused, or mean something else.',
      remedy: `Set lc_monetary alike on both servers (it is ${there?.value ?? ''} on the target), or make the columns numeric.`,
    });
    const found = await base.run(context);
    const values = new Map<string, string>();
    for (const { plan, source } of context.databases) {
      const [here] = await source.query<{ value: string }>(MONETARY, [], context.signal);
      values.set(plan.source, here?.value ?? '');
    }
    return found.map((each) => {
      const here = values.get(each.database) ?? '';
      if (each.level === 'pass' || plain(here) !== plain(there?.value ?? '')) return each;
      return {
        level: 'pass',
        side: 'source',
        database: each.database,
        found: `lc_monetary is ${here} on both sides`,
        sql: each.sql,
      };
    });
  },
};

export const LOCALE_CHECKS: readonly Check[] = [encoding, locale, money, ...LOCALE_COLLATION_CHECKS];
