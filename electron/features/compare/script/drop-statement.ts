import type { ShapePiece } from '../../../../shared/model/compare-shape';
import { findWords, identifierOf, sqlWords, textBetween, wordsAre } from '../../../../shared/model/compare-words';
import { quoteIdent, quoteQualified } from '../../../../shared/model/quote';
import { readSaying } from './undo-statement';

/** `FUNCTION public.total(integer)` out of `ALTER FUNCTION public.total(integer) OWNER TO x;`. */
function ownedTarget(statements: readonly string[]): string | null {
  for (const sql of statements) {
    if (!sql.startsWith('ALTER ')) continue;
    const words = sqlWords(sql);
    const at = findWords(words, 'OWNER TO', 1);
    if (at > 0 && at === words.length - 4) return textBetween(sql, words, 1, at);
  }
  return null;
}

/** What DROP names of a thing whose CREATE says it up to `stop`. */
function createdTarget(sql: string, skip: string, stops: readonly string[]): string {
  const words = sqlWords(sql);
  const from = findWords(words, skip.split(' ').at(-1) ?? '') - skip.split(' ').length + 1;
  const end = Math.min(...stops.map((stop) => findWords(words, stop, from)).filter((at) => at > 0), words.length - 1);
  return textBetween(sql, words, from, end);
}

/** Takes back what a piece made; null: nothing has to be done, or nothing can be. */
export function dropStatements(piece: ShapePiece): string[] {
  const { sort, object, statements, name } = piece;
  const [create = ''] = statements;
  const on = object.table === null ? '' : quoteQualified(object.schema, object.table);
  const quoted = quoteIdent(object.name);
  switch (sort) {
    case 'default':
    case 'owned':
    case 'pg_default_acl':
      return statements.toReversed().flatMap((sql) => readSaying(sql, '').undo ?? []);
    case 'attach': {
      const words = sqlWords(create);
      const at = findWords(words, 'ATTACH PARTITION');
      return [
        `${textBetween(create, words, 0, at).replace(/^ALTER TABLE ONLY/, 'ALTER TABLE')} DETACH PARTITION ${name};`,
      ];
    }
    case 'refresh':
      return [`REFRESH MATERIALIZED VIEW ${name} WITH NO DATA;`];
    case 'attach-index':
    case 'validate':
    case 'shell':
      return [];
    case 'pg_constraint':
      return [`ALTER ${create.startsWith('ALTER FOREIGN') ? 'FOREIGN ' : ''}TABLE ${on} DROP CONSTRAINT ${quoted};`];
    case 'pg_trigger':
      return create.startsWith('CREATE')
        ? [`DROP TRIGGER ${quoted} ON ${on};`]
        : statements.toReversed().flatMap((sql) => readSaying(sql, '').undo ?? []);
    case 'pg_rewrite':
      return [`DROP RULE ${quoted} ON ${on};`];
    case 'pg_policy':
      return [`DROP POLICY ${quoted} ON ${on};`];
    case 'pg_cast':
      return [`DROP ${createdTarget(create, 'CAST', ['WITH', 'WITHOUT'])};`];
    case 'pg_transform':
      return [`DROP ${createdTarget(create, 'TRANSFORM', ['('])};`];
    case 'pg_user_mapping':
      return [`DROP ${createdTarget(create, 'USER MAPPING', ['OPTIONS'])};`];
    case 'pg_am':
      return [`DROP ACCESS METHOD ${quoted};`];
    case 'pg_extension':
      return [`DROP EXTENSION ${quoted};`];
    case 'pg_ts_parser':
      return [`DROP TEXT SEARCH PARSER ${name};`];
    case 'pg_ts_template':
      return [`DROP TEXT SEARCH TEMPLATE ${name};`];
    default:
      break;
  }
  if (object.kind === 'index') return [`DROP INDEX ${name};`];
  // Privileges and comments of what the server made along with something else.
  if (!create.startsWith('CREATE')) return statements.toReversed().flatMap((sql) => readSaying(sql, '').undo ?? []);
  const target = ownedTarget(statements);
  if (target === null) return [];
  // A sequence may have gone with the column that owned it, a constructor with its type.
  return [`DROP ${target.replace(/^PROCEDURAL /, '')};`.replace(/^DROP SEQUENCE /, 'DROP SEQUENCE IF EXISTS ')];
}

/** Whether a function's body is SQL that the server has parsed, so that it depends on what it names. */
export const hasParsedBody = (piece: ShapePiece): boolean => {
  const [create = ''] = piece.statements;
  const words = sqlWords(create);
  return piece.sort === 'pg_proc' && (findWords(words, 'BEGIN ATOMIC') > 0 || findWords(words, 'RETURN') > 0);
};

/** Whether a trigger depends on columns. */
export const namesColumns = (piece: ShapePiece): boolean => {
  const words = sqlWords(piece.statements[0] ?? '');
  return wordsAre(words, 0, 'CREATE') && (findWords(words, 'UPDATE OF') > 0 || findWords(words, 'WHEN') > 0);
};

/** Whether an expression names one of the columns. */
export const namesColumn = (expression: string, columns: readonly string[]): boolean =>
  columns.length > 0 &&
  sqlWords(expression).some(
    (word) => (word.kind === 'name' || word.kind === 'quoted') && columns.includes(identifierOf(word)),
  );

/** Whether a definition names one of the columns, or whole rows: one that doesn't can't depend on them. */
export function namesAny(piece: ShapePiece, columns: readonly string[]): boolean {
  if (columns.length === 0) return false;
  const names = new Set(columns);
  return piece.statements.some((sql) => {
    const words = sqlWords(sql);
    return words.some(
      (word, at) =>
        ((word.kind === 'name' || word.kind === 'quoted') && names.has(identifierOf(word))) ||
        wordsAre(words, at, '. *') ||
        wordsAre(words, at, 'NATURAL'),
    );
  });
}
