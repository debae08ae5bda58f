import type { StructureEntry } from './entry';
import { OBJECT_RULES } from './downgrade-objects';
import { TABLE_RULES } from './downgrade-tables';
import { sqlTokens, statementsOf, type SqlToken } from './sql-tokens';

/** What an older target knows of a statement. */
export type Verdict =
  /** Other words for the same; empty: nothing is lost by leaving it out, or only speed. The note says what. */
  | { readonly sql: string; readonly note: string }
  /** Why it cannot be, in one sentence without its full stop. */
  | { readonly refused: string };

export interface Statement {
  readonly text: string;
  readonly tokens: readonly SqlToken[];
  readonly entry: StructureEntry;
  /** Whether a table is a partitioned one. */
  isPartitioned(schema: string, name: string): boolean;
}

/** Applies to targets before major release `below`. */
export interface DowngradeRule {
  readonly below: number;
  readonly kinds: RegExp;
  /** Stands in every text that the rule changes: others need not be read. Without one all are. */
  readonly hint?: RegExp;
  /** Null: nothing to change. */
  apply(statement: Statement): Verdict | null;
}

export type Downgraded = { readonly sql: string; readonly notes: readonly string[] } | { readonly refused: string };

const RULES: readonly DowngradeRule[] = [...TABLE_RULES, ...OBJECT_RULES];

/** An entry in the words of an older target, or the reason why it cannot have it. */
export function downgrade(
  entry: StructureEntry,
  targetMajor: number,
  isPartitioned: Statement['isPartitioned'],
): Downgraded {
  const rules = RULES.filter(
    ({ below, kinds, hint }) => targetMajor < below && kinds.test(entry.kind) && (hint?.test(entry.sql) ?? true),
  );
  if (rules.length === 0) return { sql: entry.sql, notes: [] };
  const notes: string[] = [];
  const read = (text: string): Statement => {
    let tokens: readonly SqlToken[] | null = null;
    // Read once for all rules, and only for those that look at them.
    return {
      text,
      entry,
      isPartitioned,
      get tokens() {
        return (tokens ??= sqlTokens(text));
      },
    };
  };
  let statements = statementsOf(entry.sql).map(read);
  for (const rule of rules) {
    const next: Statement[] = [];
    for (const statement of statements) {
      const verdict = rule.apply(statement);
      if (verdict && 'refused' in verdict) return verdict;
      if (verdict) notes.push(verdict.note);
      next.push(...(verdict ? statementsOf(verdict.sql).map(read) : [statement]));
    }
    statements = next;
  }
  return { sql: notes.length > 0 ? statements.map(({ text }) => text).join('\n') : entry.sql, notes };
}
