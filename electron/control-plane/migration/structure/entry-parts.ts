import type { StructureEntry } from './entry';
import { statementsOf } from './sql-tokens';

const OWNER = /^alter\s[^]*\sowner\s+to\s[^;]+;$/i;
/** The target may have been built without the method. */
const COMPRESSION = /^alter\s+table\s[^]*\sset\s+compression\s+\w+;$/i;
const PRIVILEGES = /^(?:DEFAULT )?ACL$/;
const AS_OTHER = /^set\s+session\s+authorization\s/i;
const BACK = /^reset\s+session\s+authorization\s*;$/i;

/** An entry in pieces that may succeed or fail by themselves. */
export interface Pieces {
  /** What makes the object; empty where each piece is one for itself. */
  readonly core: string;
  /** Owner, compression, or each single grant. */
  readonly parts: readonly StructureEntry[];
}

/** Splits what an object can do without from what makes it, so that a missing role costs the owner and not the table. */
export function piecesOf(entry: StructureEntry): Pieces {
  const statements = statementsOf(entry.sql);
  const privileges = PRIVILEGES.test(entry.kind);
  const extra = privileges ? grants(statements) : statements.filter((statement) => kindOf(statement) !== null);
  const core = privileges ? [] : statements.filter((statement) => kindOf(statement) === null);
  if (extra.length + core.length < 2) return { core: entry.sql, parts: [] };
  return {
    core: core.join('\n'),
    parts: extra.map((sql, at) => ({
      ...entry,
      kind: kindOf(sql) ?? entry.kind,
      key: `${entry.key} / ${kindOf(sql)?.toLowerCase() ?? 'grant'} ${at + 1}`,
      sql,
    })),
  };
}

function kindOf(statement: string): 'OWNER' | 'COMPRESSION' | null {
  if (OWNER.test(statement)) return 'OWNER';
  return COMPRESSION.test(statement) ? 'COMPRESSION' : null;
}

/** Grants one by one; what somebody else granted stays with the statements that act in their name. */
function grants(statements: readonly string[]): string[] {
  const found: string[] = [];
  let other: string[] | null = null;
  for (const statement of statements) {
    if (AS_OTHER.test(statement)) other = [];
    if (!other) found.push(statement);
    else {
      other.push(statement);
      if (BACK.test(statement)) {
        found.push(other.join('\n'));
        other = null;
      }
    }
  }
  return other ? [...found, ...other] : found;
}
