import { OBJECT_KINDS, type ObjectKind } from './catalog';

/**
 * A name as typed on the command line: `schema.name`, `name`, `schema.name(argument types)`; with a kind in front (`table:sales.orders`)
 * also names that only that kind has. Parts may be quoted as in SQL.
 */
export interface ObjectName {
  /** Null: any relation, routine or type. */
  readonly kind: ObjectKind | null;
  /** Null: any schema. */
  readonly schema: string | null;
  /**
   * What it is a part of: the table of a column, the server of a user mapping; null: any, or the kind is no part of anything. An index has a
   * name of its own in its schema: without a schema this is its table or its schema.
   */
  readonly of: string | null;
  /** Of a cast `source AS target`, of a transform `type LANGUAGE name`. */
  readonly name: string;
  /** What tells things of one name apart: argument types of routines and operators, access method of operator classes; null: none typed. */
  readonly types: string | null;
}

const PART = '(?:"((?:[^"]|"")+)"|([^".()]+))';
const NAME = new RegExp(String.raw`^\s*(?:${PART}\.)?(?:${PART}\.)?${PART}\s*(?:\((.*)\))?\s*$`, 's');
const KIND = new RegExp(String.raw`^(${OBJECT_KINDS.join('|')}):(.*)$`, 's');

/** Kinds that are named after what they are a part of. */
const PARTS = new Set<ObjectKind>(['column', 'constraint', 'index', 'trigger', 'rule', 'policy', 'user-mapping']);

/** Words between the two names of kinds that have two. */
const PAIRS: Readonly<Partial<Record<ObjectKind, readonly [pattern: RegExp, word: string]>>> = {
  cast: [/^\s*\(?\s*(\S.*?)\s+as\s+(.*?\S)\s*\)?\s*$/is, 'AS'],
  transform: [/^\s*\(?\s*(?:for\s+)?(\S.*?)\s+language\s+(.*?\S)\s*\)?\s*$/is, 'LANGUAGE'],
};

/** A name without a kind; null when the text is none. Unquoted parts are taken as they are written. */
export const parseObjectName = (text: string): ObjectName | null => parseParts(null, text);

/** A name that may have a kind in front; null when the text is none. */
export function parseKindAndName(text: string): ObjectName | null {
  const [, kindText, ofKind] = KIND.exec(text) ?? [];
  const kind = OBJECT_KINDS.find((each) => each === kindText) ?? null;
  const named = ofKind ?? text;
  const pair = kind === null ? undefined : PAIRS[kind];
  if (kind !== null && pair) {
    const [, left, right] = pair[0].exec(named) ?? [];
    return left === undefined || right === undefined
      ? null
      : { kind, schema: null, of: null, name: `${left} ${pair[1]} ${right}`, types: null };
  }
  return parseParts(kind, named);
}

function parseParts(kind: ObjectKind | null, text: string): ObjectName | null {
  const isClass = kind === 'operator-class' || kind === 'operator-family';
  const [, className, method] = (isClass ? /^(.*\S)\s+using\s+(\S+)\s*$/is.exec(text) : null) ?? [];
  const found = NAME.exec(className ?? text);
  if (!found) return null;
  const part = (at: number): string | null => {
    const quoted = found[at];
    return quoted === undefined ? (found[at + 1]?.trim() ?? null) : quoted.replaceAll('""', '"');
  };
  const [first, second, name] = [part(1), part(3), part(5)];
  const types = method ?? found[7] ?? null;
  if (name === null || name === '') return null;
  if (kind !== null && PARTS.has(kind)) {
    // `table.name` and `schema.table.name`
    return second === null
      ? { kind, schema: null, of: first, name, types }
      : { kind, schema: first, of: second, name, types };
  }
  return second === null ? { kind, schema: first, of: null, name, types } : null;
}
