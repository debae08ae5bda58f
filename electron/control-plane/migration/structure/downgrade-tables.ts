import { closing, edited, listItems, without, type Edit } from './edits';
import type { DowngradeRule, Statement, Verdict } from './downgrade';
import { dottedName, isName, isSign, isWord, type SqlToken } from './sql-tokens';
import { qualifiedAt, wordOutside } from './entry-subject';

/** What tables, their columns, constraints and indexes have that older servers do not know. */

const RELATIONS = /^(?:FOREIGN )?TABLE$/;
const CONSTRAINTS = /^(?:FK |CHECK )?CONSTRAINT$/;

const refused = (reason: string): Verdict => ({ refused: reason });

/** In the list of columns, not behind one of them; or not inherited. */
const LISTED_NOT_NULL = /[(,]\s*(?:CONSTRAINT\s+(?:"(?:[^"]|"")+"|[^\s"]+)\s+)?NOT\s+NULL\b|\bNULL\s+NO\s+INHERIT\b/i;
const GENERATED = /\bGENERATED\b/i;

/** The index of two words in a row; −1 when they are not there. */
const pair = (tokens: readonly SqlToken[], one: string, two: string, from = 0): number =>
  tokens.findIndex((token, at) => at >= from && isWord(token, one) && isWord(tokens[at + 1], two));

const createsTable = ({ tokens }: Statement): boolean => {
  const word = wordOutside(tokens, ['table']);
  return isWord(tokens[0], 'create') && word > 0 && word < 4;
};

/** The items of the bracket of a CREATE TABLE; none when it has no bracket. */
function columnsOf(statement: Statement): (readonly [from: number, to: number])[] {
  const { tokens } = statement;
  if (!createsTable(statement)) return [];
  const name = dottedName(tokens, wordOutside(tokens, ['table']) + 1);
  return name && isSign(tokens[name.next], '(') ? listItems(tokens, name.next) : [];
}

/** Not null constraints of whole tables, which exist from 18 on: pg_dump 18 writes them for older sources too. */
function notNull(statement: Statement): Verdict | null {
  const { tokens, text } = statement;
  const edits: Edit[] = [];
  const after: string[] = [];
  const items = columnsOf(statement);
  const first = dottedName(tokens, wordOutside(tokens, ['table']) + 1);
  const table = first
    ? text.slice(tokens[first.next - 2 * first.parts.length + 1]?.start ?? 0, tokens[first.next - 1]?.end)
    : '';
  for (const [index, [from, to]] of items.entries()) {
    const at = isWord(tokens[from], 'constraint') ? from + 2 : from;
    const column = tokens[at + 2];
    const constraint = isWord(tokens[at], 'not') && isWord(tokens[at + 1], 'null') && isName(column);
    if (constraint) {
      after.push(`ALTER TABLE ONLY ${table} ALTER COLUMN ${text.slice(column.start, column.end)} SET NOT NULL;`);
      // With the comma before it; those at the beginning with the one after.
      const leading = after.length === index + 1;
      const last = index === items.length - 1;
      edits.push(leading ? without(tokens, from, last ? to : to + 1) : without(tokens, from - 1, to));
      continue;
    }
    const noInherit = pair(tokens, 'no', 'inherit', from);
    if (
      noInherit > 0 &&
      noInherit < to &&
      isWord(tokens[noInherit - 1], 'null') &&
      isWord(tokens[noInherit - 2], 'not')
    )
      edits.push(without(tokens, noInherit, noInherit + 2));
  }
  if (edits.length === 0) return null;
  return {
    sql: [edited(text, edits), ...after].join('\n'),
    note: 'NOT NULL is written without names and NO INHERIT, which are known from PostgreSQL 18 on',
  };
}

function virtualColumns(statement: Statement): Verdict | null {
  const { tokens, text } = statement;
  const edits: Edit[] = [];
  for (const [from, to] of columnsOf(statement)) {
    for (let at = from; at < to; at += 1) {
      const generated =
        isWord(tokens[at], 'generated') && isWord(tokens[at + 1], 'always') && isWord(tokens[at + 2], 'as');
      if (!generated || !isSign(tokens[at + 3], '(')) continue;
      const close = closing(tokens, at + 3);
      if (isWord(tokens[close + 1], 'stored')) continue;
      const end = tokens[close]?.end ?? 0;
      const virtual = isWord(tokens[close + 1], 'virtual');
      edits.push({ start: end, end: virtual ? (tokens[close + 1]?.end ?? end) : end, text: ' STORED' });
    }
  }
  return edits.length === 0
    ? null
    : { sql: edited(text, edits), note: 'Virtual generated columns are stored, as before PostgreSQL 18' };
}

function generatedColumns(statement: Statement): Verdict | null {
  const { tokens } = statement;
  const found = columnsOf(statement).some(([from, to]) =>
    tokens
      .slice(from, to)
      .some((token, at, all) => isWord(token, 'generated') && isWord(all[at + 2], 'as') && isSign(all[at + 3], '(')),
  );
  return found ? refused('It has generated columns, which exist from PostgreSQL 12 on') : null;
}

/** Options of tables and indexes by the release that brought them. Source: src/backend/access/common/reloptions.c and the release notes. */
const OPTION_SINCE: Readonly<Record<string, number>> = {
  toast_tuple_target: 11,
  vacuum_cleanup_index_scale_factor: 11,
  vacuum_index_cleanup: 12,
  vacuum_truncate: 12,
  autovacuum_vacuum_insert_threshold: 13,
  autovacuum_vacuum_insert_scale_factor: 13,
  deduplicate_items: 13,
  buffering_mode: 14,
  autovacuum_vacuum_max_threshold: 18,
  vacuum_max_eager_freeze_failure_rate: 18,
};

const optionRule = (below: number): DowngradeRule => ({
  below,
  kinds: /^(?:TABLE|MATERIALIZED VIEW|INDEX|CONSTRAINT)$/,
  hint: /\bWITH\s*\(/i,
  apply({ tokens, text }) {
    const word = wordOutside(tokens, ['with']);
    if (word < 0 || !isSign(tokens[word + 1], '(')) return null;
    const items = listItems(tokens, word + 1);
    const kept = items.filter(([from]) => {
      const name = isSign(tokens[from + 1], '.') ? tokens[from + 2] : tokens[from];
      return (OPTION_SINCE[name?.value ?? ''] ?? 0) < below;
    });
    if (kept.length === items.length) return null;
    const list = kept.map(([from, to]) => text.slice(tokens[from]?.start, tokens[to - 1]?.end)).join(', ');
    const close = closing(tokens, word + 1);
    return {
      sql: edited(text, [without(tokens, word, close + 1, list === '' ? '' : ` WITH (${list})`)]),
      note: 'Storage options that the target does not know are left out',
    };
  },
});

/** `ALTER TABLE … <words>` statements that only guide storage or planning. */
const dropped = (below: number, kinds: RegExp, hint: RegExp, pattern: RegExp, note: string): DowngradeRule => ({
  below,
  kinds,
  hint,
  apply: ({ text }) => (pattern.test(text) ? { sql: '', note } : null),
});

function include({ tokens, text }: Statement): Verdict | null {
  const word = wordOutside(tokens, ['include']);
  if (word < 0 || !isSign(tokens[word + 1], '(')) return null;
  return {
    sql: edited(text, [without(tokens, word, closing(tokens, word + 1) + 1)]),
    note: 'Indexes are made without INCLUDE columns, which exist from PostgreSQL 11 on',
  };
}

function nullsNotDistinct({ tokens }: Statement): Verdict | null {
  const at = pair(tokens, 'nulls', 'not');
  return at > 0 && isWord(tokens[at + 2], 'distinct')
    ? refused('NULLS NOT DISTINCT exists from PostgreSQL 15 on')
    : null;
}

function setColumns({ tokens }: Statement): Verdict | null {
  const at = tokens.findIndex(
    (token, index) =>
      isWord(token, 'set') && isWord(tokens[index + 1], 'null', 'default') && isSign(tokens[index + 2], '('),
  );
  return at > 0 ? refused('ON DELETE SET NULL of some of the columns exists from PostgreSQL 15 on') : null;
}

/** A constraint or index that hangs on a partitioned table. */
const onPartitioned =
  (reason: string) =>
  ({ tokens, isPartitioned }: Statement): Verdict | null => {
    const on = isWord(tokens[0], 'create') ? wordOutside(tokens, ['on']) : 0;
    const table = qualifiedAt(tokens, on);
    return table && isPartitioned(table.schema, table.name) ? refused(reason) : null;
  };

const has =
  (one: string, two: string, reason: string) =>
  ({ tokens }: Statement): Verdict | null =>
    pair(tokens, one, two) > 0 ? refused(reason) : null;

export const TABLE_RULES: readonly DowngradeRule[] = [
  { below: 18, kinds: RELATIONS, hint: LISTED_NOT_NULL, apply: notNull },
  { below: 18, kinds: RELATIONS, hint: GENERATED, apply: virtualColumns },
  {
    below: 18,
    kinds: CONSTRAINTS,
    hint: /\bNOT\s+ENFORCED\b/i,
    apply: has('not', 'enforced', 'Constraints that are NOT ENFORCED exist from PostgreSQL 18 on'),
  },
  {
    below: 18,
    kinds: CONSTRAINTS,
    hint: /\bNOT\s+NULL\b/i,
    apply: ({ tokens }) => {
      const name = tokens.findIndex((token) => isWord(token, 'constraint')) + 2;
      return isWord(tokens[name], 'not') && isWord(tokens[name + 1], 'null')
        ? refused('NOT NULL that existing rows need not meet exists from PostgreSQL 18 on')
        : null;
    },
  },
  {
    below: 18,
    kinds: CONSTRAINTS,
    hint: /\bWITHOUT\s+OVERLAPS\b/i,
    apply: has('without', 'overlaps', 'Keys WITHOUT OVERLAPS exist from PostgreSQL 18 on'),
  },
  {
    below: 18,
    kinds: /^FK CONSTRAINT$/,
    hint: /\bPERIOD\b/i,
    apply: ({ tokens }) =>
      tokens.some(
        (token, at) =>
          isWord(token, 'period') &&
          isName(tokens[at + 1]) &&
          (isSign(tokens[at - 1], ',') || isSign(tokens[at - 1], '(')),
      )
        ? refused('Foreign keys with PERIOD exist from PostgreSQL 18 on')
        : null,
  },
  dropped(
    17,
    /^TABLE$/,
    / SET ACCESS METHOD /,
    /^ALTER TABLE [^;]* SET ACCESS METHOD /,
    'Partitioned tables have no access method of their own before PostgreSQL 17',
  ),
  { below: 15, kinds: /^(?:INDEX|CONSTRAINT)$/, hint: /\bNULLS\s+NOT\b/i, apply: nullsNotDistinct },
  { below: 15, kinds: /^FK CONSTRAINT$/, hint: /\bSET\s+(?:NULL|DEFAULT)\b/i, apply: setColumns },
  dropped(
    14,
    RELATIONS,
    / SET COMPRESSION /,
    /^ALTER TABLE [^;]* SET COMPRESSION \w+;$/,
    'Columns are compressed by the default method, as before PostgreSQL 14',
  ),
  ...[18, 14, 13, 12, 11].map(optionRule),
  { below: 12, kinds: RELATIONS, hint: GENERATED, apply: generatedColumns },
  dropped(
    12,
    /^(?:TABLE|MATERIALIZED VIEW)$/,
    /SET default_table_access_method /,
    /^SET default_table_access_method /,
    'Tables have the one access method of servers before PostgreSQL 12',
  ),
  {
    below: 11,
    kinds: /^TABLE$/,
    hint: /\bPARTITION\s+BY\b/i,
    apply: ({ tokens }) => {
      const by = pair(tokens, 'partition', 'by');
      return by > 0 && isWord(tokens[by + 2], 'hash')
        ? refused('Partitioning by hash exists from PostgreSQL 11 on')
        : null;
    },
  },
  {
    below: 11,
    kinds: /^TABLE ATTACH$/,
    apply: ({ tokens }) =>
      isWord(tokens.at(-2), 'default') ? refused('Default partitions exist from PostgreSQL 11 on') : null,
  },
  { below: 11, kinds: /^(?:INDEX|CONSTRAINT)$/, hint: /\bINCLUDE\b/i, apply: include },
  {
    below: 11,
    kinds: /^(?:INDEX|CONSTRAINT|FK CONSTRAINT)$/,
    apply: onPartitioned(
      'Indexes and keys of a partitioned table as a whole exist from PostgreSQL 11 on; its partitions keep theirs',
    ),
  },
  {
    below: 11,
    kinds: /^TRIGGER$/,
    apply: (statement) =>
      pair(statement.tokens, 'each', 'row') > 0
        ? onPartitioned('Row triggers of a partitioned table exist from PostgreSQL 11 on')(statement)
        : null,
  },
  {
    below: 11,
    kinds: /^INDEX ATTACH$/,
    apply: () => refused('Indexes of a partitioned table as a whole exist from PostgreSQL 11 on'),
  },
  dropped(
    11,
    /^INDEX$/,
    / SET STATISTICS /,
    /^ALTER INDEX [^;]* SET STATISTICS /,
    'Statistics targets of index columns exist from PostgreSQL 11 on',
  ),
];
