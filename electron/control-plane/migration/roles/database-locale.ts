import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import type { SourceDatabase } from './read-database';

/** One way to make a database like the source's. */
export interface LocaleTry {
  readonly sql: string;
  /** What is not as on the source; empty: nothing. */
  readonly differs: string;
}

const PROVIDERS: Readonly<Record<string, string>> = { c: 'libc', i: 'icu', b: 'builtin' };

/** `en_US.utf8` and `en_US.UTF-8` are one locale under two names. */
function otherSpelling(locale: string): string {
  if (/\.utf8$/i.test(locale)) return locale.replace(/\.utf8$/i, '.UTF-8');
  return /\.utf-8$/i.test(locale) ? locale.replace(/\.utf-8$/i, '.utf8') : locale;
}

/** Statements to try one after another until the target knows the locale; the last ones always work, in another order of text. */
export function databaseTries(name: string, database: SourceDatabase, targetVersionNum: number): LocaleTry[] {
  const create = `CREATE DATABASE ${quoteIdent(name)} TEMPLATE template0 ENCODING ${quoteLiteral(database.encoding)}`;
  const limit = database.connectionLimit >= 0 ? ` CONNECTION LIMIT ${database.connectionLimit}` : '';
  const locale = (collate: string, ctype: string): string =>
    ` LC_COLLATE ${quoteLiteral(collate)} LC_CTYPE ${quoteLiteral(ctype)}`;
  const knowsProviders = targetVersionNum >= 150_000;
  const libc = knowsProviders ? ' LOCALE_PROVIDER libc' : '';
  const { collate, ctype } = database;
  const other = `text is ordered by ${collate} of the operating system instead of ${PROVIDERS[database.provider] ?? database.provider} ${database.locale ?? ''}`;
  const tries: LocaleTry[] = [];
  const spellings = [
    locale(collate, ctype),
    ...(otherSpelling(collate) === collate && otherSpelling(ctype) === ctype
      ? []
      : [locale(otherSpelling(collate), otherSpelling(ctype))]),
  ];
  const provided = providerClause(database, targetVersionNum);
  if (provided !== null) {
    for (const each of spellings) tries.push({ sql: create + provided + each + limit, differs: '' });
    // The collation of the operating system matters little beside that of the provider.
    if (database.provider !== 'c')
      tries.push({
        sql: `${create}${provided}${locale('C', 'C')}${limit}`,
        differs: `LC_COLLATE and LC_CTYPE are C instead of ${collate}`,
      });
  }
  if (database.provider !== 'c')
    for (const each of spellings) tries.push({ sql: create + libc + each + limit, differs: other });
  tries.push(
    { sql: create + limit, differs: `the locale ${collate} is unknown to the target, which uses its own` },
    {
      sql: `${create}${libc}${locale('C', 'C')}${limit}`,
      differs: `the locale ${collate} is unknown to the target; text is ordered by its bytes (C)`,
    },
  );
  return tries;
}

/** The provider in the words of the target; null when it does not know it. */
function providerClause({ provider, locale, rules }: SourceDatabase, targetVersionNum: number): string | null {
  if (provider === 'c') return targetVersionNum >= 150_000 ? ' LOCALE_PROVIDER libc' : '';
  if (locale === null) return null;
  if (provider === 'i' && targetVersionNum >= 150_000) {
    const withRules = rules !== null && targetVersionNum >= 160_000 ? ` ICU_RULES ${quoteLiteral(rules)}` : '';
    return ` LOCALE_PROVIDER icu ICU_LOCALE ${quoteLiteral(locale)}${withRules}`;
  }
  if (provider === 'b' && targetVersionNum >= 170_000)
    return ` LOCALE_PROVIDER builtin BUILTIN_LOCALE ${quoteLiteral(locale)}`;
  return null;
}
