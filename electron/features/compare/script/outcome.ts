import type { CompareOptions, ScriptMark, ScriptWarning } from '../../../../shared/model/compare';

/** One statement of a change, with its semicolon. */
export interface ChangeStatement {
  readonly sql: string;
  readonly mark?: ScriptMark;
  readonly outside?: true;
}

/** How a thing of the target becomes like the source's. */
export interface Change {
  readonly statements: readonly ChangeStatement[];
  /** `rebuild`: it is dropped and made anew with what depends on it; `swap`: a type that columns use is made anew while they are text. */
  readonly how: 'alter' | 'rebuild' | 'swap';
  /** Columns that change so that views, rules and policies over them stand in the way: those are dropped before and made anew after. */
  readonly freesColumns: readonly string[];
  /** Columns that are dropped and made anew: all that is over them goes before and comes after. */
  readonly renewsColumns: readonly string[];
  /** Columns whose type changes: foreign keys at either end of them go before and come after. */
  readonly retypesColumns: readonly string[];
  readonly warnings: readonly ScriptWarning[];
}

/** What changes depend on beside the two things. */
export interface ChangeContext {
  readonly options: CompareOptions;
  readonly sourceVersion: number;
  readonly targetVersion: number;
}

export const REBUILD: Change = {
  statements: [],
  how: 'rebuild',
  freesColumns: [],
  renewsColumns: [],
  retypesColumns: [],
  warnings: [],
};

export const altered = (statements: readonly (ChangeStatement | string)[]): Change => ({
  statements: statements.map((each) => (typeof each === 'string' ? { sql: each } : each)),
  how: 'alter',
  freesColumns: [],
  renewsColumns: [],
  retypesColumns: [],
  warnings: [],
});

/** `name=value` lists of foreign objects: OPTIONS (…) that turns one into the other; empty for none. */
export function optionChanges(
  source: readonly string[],
  target: readonly string[],
  quote: { readonly name: (name: string) => string; readonly value: (value: string) => string },
): string {
  const split = (option: string): [string, string] => {
    const cut = option.indexOf('=');
    return [option.slice(0, cut), option.slice(cut + 1)];
  };
  const wanted = new Map(source.map(split));
  const has = new Map(target.map(split));
  const parts = [
    ...[...has.keys()].filter((name) => !wanted.has(name)).map((name) => `DROP ${quote.name(name)}`),
    ...[...wanted].flatMap(([name, value]) => {
      const old = has.get(name);
      if (old === value) return [];
      return [`${old === undefined ? 'ADD' : 'SET'} ${quote.name(name)} ${quote.value(value)}`];
    }),
  ];
  return parts.length === 0 ? '' : `OPTIONS (${parts.join(', ')})`;
}
