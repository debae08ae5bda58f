import type { ShapePiece } from '../../../../shared/model/compare-shape';
import { findWords, identifierOf, sqlWords, textBetween } from '../../../../shared/model/compare-words';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import { partsOf, restOf, sameCreate } from '../compare-shapes';
import { altered, optionChanges, REBUILD, type Change, type ChangeContext } from './outcome';
import { restChanges } from './rest-changes';
import { subscriptionChanges } from './subscription-changes';
import { tableChanges, type TablePlace } from './table-changes';
import { typeChanges } from './type-changes';

/** What turns a piece of the target into the source's of the same key. */
export function pieceChanges(
  source: ShapePiece,
  target: ShapePiece,
  detached: boolean,
  context: ChangeContext,
): Change {
  const place: TablePlace = { name: source.name, detached };
  const made =
    source.table && target.table
      ? tableChanges(source.table, target.table, place, context)
      : sameCreate(source, target, context)
        ? altered([])
        : createChanges(source, target, context);
  if (made.how !== 'alter') return made;
  const storage = (sql: string): string => storageOf(source, sql);
  const gone = goneParts(made);
  const has = restOf(target, context).filter((sql) => !gone.has(partIn(sql)));
  const rest = restChanges(restOf(source, context), has, storage).map((sql) => asBefore(sql, context));
  return { ...made, statements: [...made.statements, ...rest.map((sql) => ({ sql }))] };
}

/** Everybody may do in `public` what initdb says: from 15 on only use it. */
const asBefore = (sql: string, { targetVersion }: ChangeContext): string =>
  sql === 'GRANT ALL ON SCHEMA public TO PUBLIC;' && targetVersion >= 150000
    ? 'GRANT USAGE ON SCHEMA public TO PUBLIC;'
    : sql;

/** Columns and constraints that a change drops, if only to make them anew: what was said of them goes along. */
function goneParts(change: Change): ReadonlySet<string> {
  const gone = new Set<string>();
  for (const { sql } of change.statements) {
    const words = sqlWords(sql);
    for (const what of ['DROP COLUMN', 'DROP CONSTRAINT', 'DROP ATTRIBUTE']) {
      const at = findWords(words, what);
      const name = words[at + 2];
      if (at > 0 && name) gone.add(`${what === 'DROP CONSTRAINT' ? 'constraint' : 'column'} ${identifierOf(name)}`);
    }
  }
  return gone;
}

/** The column or constraint that a statement says something of, e.g. `column id`; empty for none. */
export function partIn(sql: string): string {
  const words = sqlWords(sql);
  const before = (at: number): string => (words[at] ? identifierOf(words[at]) : '');
  if (sql.startsWith('COMMENT ON CONSTRAINT ')) return `constraint ${before(3)}`;
  if (sql.startsWith('COMMENT ON COLUMN ')) return `column ${before(words.length - 4)}`;
  if (sql.startsWith('SECURITY LABEL ')) return `column ${before(words.length - 4)}`;
  if (sql.startsWith('GRANT ') && words[2]?.text === '(') return `column ${before(3)}`;
  const at = findWords(words, 'ALTER COLUMN');
  return at > 0 ? `column ${before(at + 2)}` : '';
}

function storageOf({ table }: ShapePiece, sql: string): string {
  const words = sqlWords(sql);
  const column = words[findWords(words, 'ALTER COLUMN') + 2];
  const found = column && table?.columns.find(({ name }) => name === identifierOf(column));
  return found?.usualStorage ?? 'EXTENDED';
}

/** A thing whose own definition differs. */
function createChanges(source: ShapePiece, target: ShapePiece, context: ChangeContext): Change {
  const { sort, object, name } = source;
  const [sql = ''] = partsOf(source).create;
  const [old = ''] = partsOf(target).create;
  if (source.type && target.type) return typeChanges(source.type, target.type, name);
  switch (sort) {
    case 'default':
    case 'owned':
      return altered(partsOf(source).create);
    case 'pg_constraint':
      return validation(sql, old) ? altered([validation(sql, old) ?? '']) : REBUILD;
    case 'pg_extension':
      return extensionChanges(sql, old, quoteIdent(object.name));
    case 'pg_publication':
      return publicationChanges(sql, old);
    case 'pg_subscription':
      return subscriptionChanges(sql, old, quoteIdent(object.name), context);
    case 'pg_language':
      return altered([sql.replace(/^CREATE /, 'CREATE OR REPLACE ')]);
    case 'pg_foreign_data_wrapper':
    case 'pg_foreign_server':
    case 'pg_user_mapping':
      return foreignChanges(sql, old);
    case 'pg_proc':
      return header(sql) === header(old) && sql.startsWith('CREATE OR REPLACE') ? altered([sql]) : REBUILD;
    default:
      break;
  }
  if (object.kind === 'sequence' && sort === 'pg_class') return sequenceChanges(sql, old, name);
  if (object.kind === 'view' && sort === 'pg_class' && keepsColumns(source, target)) {
    return altered([sql.replace(/^CREATE VIEW/, 'CREATE OR REPLACE VIEW')]);
  }
  return REBUILD;
}

/** Everything of a function that OR REPLACE must leave as it is: name, arguments and result. */
const header = (sql: string): string => sql.slice(0, Math.max(0, sql.indexOf('\n LANGUAGE ')));

const keepsColumns = (source: ShapePiece, target: ShapePiece): boolean =>
  (target.columns ?? []).every(
    ({ name, type }, index) => source.columns?.[index]?.name === name && source.columns[index]?.type === type,
  );

/** The statement that validates, when nothing else differs. */
function validation(sql: string, old: string): string | null {
  if (old.replace(/ NOT VALID;$/, ';') !== sql || old === sql) return null;
  const words = sqlWords(sql);
  const add = findWords(words, 'ADD CONSTRAINT');
  const table = textBetween(sql, words, 0, add);
  return `${table} VALIDATE CONSTRAINT ${words[add + 2]?.text ?? ''};`;
}

function sequenceChanges(sql: string, old: string, name: string): Change {
  const unlogged = (text: string): boolean => text.startsWith('CREATE UNLOGGED');
  const bound = (text: string, word: string): bigint => BigInt(new RegExp(`${word} (-?\\d+)`).exec(text)?.[1] ?? '0');
  const body = sql.replace(/^CREATE (?:UNLOGGED )?SEQUENCE/, 'ALTER SEQUENCE').replace(/;$/, '');
  const cycle = /\bCYCLE$/.test(body) ? '' : '\n    NO CYCLE';
  const logged =
    unlogged(sql) === unlogged(old) ? [] : [`ALTER SEQUENCE ${name} SET ${unlogged(sql) ? 'UNLOGGED' : 'LOGGED'};`];
  const [min, max] = [bound(sql, 'MINVALUE'), bound(sql, 'MAXVALUE')];
  const [oldMin, oldMax] = [bound(old, 'MINVALUE'), bound(old, 'MAXVALUE')];
  const isApart = min > oldMax || max < oldMin;
  // The value must lie within the bounds when they change.
  const moved =
    !isApart && (min > oldMin || max < oldMax)
      ? [
          {
            sql: `SELECT pg_catalog.setval(${quoteLiteral(name)}, greatest(least(last_value, ${max}), ${min}), is_called) FROM ${name} WHERE last_value NOT BETWEEN ${min} AND ${max};`,
            mark: 'loss' as const,
          },
        ]
      : [];
  const changed = { sql: `${body}${cycle}${isApart ? '\n    RESTART' : ''};` };
  return altered([...moved, isApart ? { ...changed, mark: 'loss' } : changed, ...logged]);
}

function extensionChanges(sql: string, old: string, name: string): Change {
  const version = (text: string): string | undefined => / VERSION ('[^']*')/.exec(text)?.[1];
  const schema = (text: string): string | undefined => / WITH SCHEMA ("(?:[^"]|"")*"|[^\s;]+)/.exec(text)?.[1];
  // Extensions have no way back.
  if ((version(sql) ?? '').localeCompare(version(old) ?? '', 'en', { numeric: true }) < 0) return REBUILD;
  return altered([
    ...(schema(sql) === schema(old) ? [] : [`ALTER EXTENSION ${name} SET SCHEMA ${schema(sql)};`]),
    ...(version(sql) === version(old) || version(sql) === undefined
      ? []
      : [`ALTER EXTENSION ${name} UPDATE TO ${version(sql)};`]),
  ]);
}

function publicationChanges(sql: string, old: string): Change {
  const cut = (text: string): [string, string] => {
    const words = sqlWords(text);
    const at = findWords(words, 'WITH');
    return at < 0 ? [text, ''] : [textBetween(text, words, 0, at), textBetween(text, words, at + 1, words.length - 1)];
  };
  const [head, options] = cut(sql);
  const [oldHead] = cut(old);
  if (head !== oldHead || options === '') return REBUILD;
  return altered([`${head.replace(/^CREATE /, 'ALTER ').replace(/ FOR ALL TABLES$/, '')} SET ${options};`]);
}

/** `name=value` of OPTIONS (…), names and values as written. */
function optionsIn(sql: string): { readonly head: string; readonly options: string[]; readonly stop: number } {
  const words = sqlWords(sql);
  const at = findWords(words, 'OPTIONS (');
  if (at < 0) return { head: textBetween(sql, words, 0, words.length - 1), options: [], stop: words.length - 1 };
  const options: string[] = [];
  for (let index = at + 2; index + 1 < words.length; index += 3) {
    const name = words[index];
    const value = words[index + 1];
    if (name && value && value.kind === 'string') options.push(`${name.text}=${value.text}`);
  }
  return { head: textBetween(sql, words, 0, at), options, stop: at };
}

function foreignChanges(sql: string, old: string): Change {
  const wanted = optionsIn(sql);
  const has = optionsIn(old);
  if (wanted.head !== has.head) return REBUILD;
  const same = (text: string): string => text;
  const options = optionChanges(wanted.options, has.options, { name: same, value: same });
  // HANDLER, TYPE and the wrapper of a server are said by CREATE alone.
  const target = wanted.head
    .replace(/^CREATE /, 'ALTER ')
    .replace(/^(ALTER SERVER (?:"(?:[^"]|"")*"|\S+)).*$/s, '$1')
    .replace(/^(ALTER FOREIGN DATA WRAPPER (?:"(?:[^"]|"")*"|\S+)).*$/s, '$1');
  return options === '' ? altered([]) : altered([`${target} ${options};`]);
}
