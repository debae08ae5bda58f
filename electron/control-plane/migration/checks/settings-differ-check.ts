import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Check, CheckContext, CheckedDatabase, Found } from './check';
import { count, forDatabases } from './object-scope';
import { asAdvice, passed } from './saying';
import { readSettings, SETTINGS_SQL, type Setting } from './server-settings';

/** Settings by which the same statement gives another result, and that a database can be given. */
const MEANINGS = [
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'lc_monetary',
  'lc_numeric',
  'lc_time',
  'default_text_search_config',
  'bytea_output',
  'standard_conforming_strings',
  'backslash_quote',
  'array_nulls',
  'transform_null_equals',
  'xmlbinary',
  'xmloption',
  'default_transaction_isolation',
  'default_transaction_deferrable',
];
/** Decided when the server was built or its folder made. */
const BUILT_IN = ['block_size', 'max_identifier_length', 'max_index_keys', 'integer_datetimes'];

const DATABASE_OWNER_SQL = `SELECT pg_catalog.pg_has_role(datdba, 'USAGE') AS owned FROM pg_catalog.pg_database
  WHERE datname = pg_catalog.current_database()`;

/** `Etc/UTC` and `UTC` are one zone. */
const valueOf = ({ name, reset }: Setting): string => (name === 'TimeZone' ? reset.replace(/^Etc\//, '') : reset);

interface Difference {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

async function readDifferences(
  source: PgSession,
  target: PgSession,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Difference[]> {
  const from = await readSettings(source, names, signal);
  const to = await readSettings(target, names, signal);
  return [...from.values()].flatMap((setting) => {
    const other = to.get(setting.name);
    return other && valueOf(other) !== valueOf(setting)
      ? [{ name: setting.name, from: valueOf(setting), to: valueOf(other) }]
      : [];
  });
}

const itemsOf = (differences: readonly Difference[]): string[] =>
  differences.map(({ name, from, to }) => `${name}: ${from} at the source, ${to} at the target`);

/** What it means that the servers were built differently; empty when they were not. */
export function builtInFindings(differences: readonly Difference[]): Found[] {
  if (differences.length === 0) return [];
  return [
    {
      level: 'warning',
      side: 'both',
      database: '',
      found: `The servers were built differently: ${count(differences.length, 'value')}`,
      items: itemsOf(differences),
      effect:
        'Rows and index entries that are just small enough for one server may be too large for the other; longer names may be cut.',
      remedy: 'Choose a target that was built as the source, or wait for the objects that are refused: each is told.',
      sql: SETTINGS_SQL,
    },
  ];
}

async function lookAt(context: CheckContext, { plan, source, target }: CheckedDatabase): Promise<Found> {
  const differences = await readDifferences(source, target ?? context.target.server, MEANINGS, context.signal);
  const place = { side: 'target', database: plan.source } as const;
  if (differences.length === 0) return passed(place, 'Settings that change results are the same', SETTINGS_SQL);
  const statements = differences.map(
    ({ name, from }) =>
      `ALTER DATABASE ${quoteIdent(plan.target)} SET ${quoteIdent(name.toLowerCase())} = ${quoteLiteral(from)}`,
  );
  const owned = target
    ? ((await target.query<{ owned: boolean }>(DATABASE_OWNER_SQL, [], context.signal))[0]?.owned ?? false)
    : false;
  return {
    ...place,
    level: 'warning',
    found: `${count(differences.length, 'setting')} that change${differences.length === 1 ? 's' : ''} results ${differences.length === 1 ? 'is' : 'are'} different at the target`,
    items: itemsOf(differences),
    effect:
      'Rows arrive unchanged, but applications may see dates, amounts, or search results written or understood in another way.',
    remedy: asAdvice(statements),
    sql: SETTINGS_SQL,
    ...(owned ? { fix: { side: 'target', database: plan.target, statements } } : {}),
  };
}

export const settingsDiffer: Check = {
  id: 'settings-differ',
  step: 'DstParameterCheck',
  title: 'Settings that change results',
  applies: () => true,
  run: async (context) => [
    ...builtInFindings(await readDifferences(context.source.server, context.target.server, BUILT_IN, context.signal)),
    ...(await forDatabases(context, (database) => lookAt(context, database))),
  ],
};
