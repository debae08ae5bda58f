import { quoteIdent } from '../../../../shared/model/quote';
import { holds, isFloat, type TypeNode } from './type-tree';

/**
 * How each server writes a row as text, alike on servers of all versions: values that differ in one bit have different texts, equal ones the
 * same. A value of a floating point number goes by its bits (0 and -0 differ, all kinds of NaN are one) where the servers write them with
 * other digits (below 12 and from 12 on), else by its text, which is exact.
 */

export interface TextForm {
  /** Text of this server becomes the bytes that are compared: as they are, or converted to UTF-8. */
  readonly convert: boolean;
  /** One server is below 12, the other one is not. */
  readonly floatsDiffer: boolean;
  /** One server is below 16, the other one is not: bytes above 127 of "char" are written in another way. */
  readonly charsDiffer: boolean;
  /** A function that both servers have. */
  readonly hash: 'md5' | 'sha256';
}

/** Between values: no text of a type that is written as it is holds it. */
const BETWEEN = "';'";
/** Longer texts go by their hash, so that a row fits into one text. Bytes. */
const LONG = 65_536;
/** With what is between them fewer than a function of the server takes. */
const ARGUMENTS = 50;

/** Types whose text is never empty and never holds a semicolon. */
const PLAIN: ReadonlySet<string> = new Set(
  `bool int2 int4 int8 oid numeric money float4 float8 uuid date time timetz timestamp timestamptz interval inet cidr
   macaddr macaddr8 bit pg_lsn tid xid xid8 cid point lseg box path polygon circle line`.split(/\s+/),
);
const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'name']);
const SENDS: Readonly<Record<string, string>> = { polygon: 'poly_send' };

const bytesOf = (text: string, form: TextForm): string =>
  `pg_catalog.convert_to(${text}, ${form.convert ? "'UTF8'" : "'SQL_ASCII'"})`;

/** 32 hexadecimal digits of bytes. */
const hashBytes = (bytes: string, form: TextForm): string =>
  form.hash === 'md5'
    ? `pg_catalog.md5(${bytes})`
    : `pg_catalog.substr(pg_catalog.encode(pg_catalog.sha256(${bytes}), 'hex'), 1, 32)`;

/** 32 hexadecimal digits of a text; null of null. */
export const hashText = (text: string, form: TextForm): string =>
  form.hash === 'md5' && !form.convert ? `pg_catalog.md5(${text})` : hashBytes(bytesOf(text, form), form);

/** One text of several values, which are cut into groups where there are more than a function takes. Null values are empty. */
export function joinText(parts: readonly string[]): string {
  if (parts.length === 0) return "''::text";
  if (parts.length > ARGUMENTS) {
    const groups: string[] = [];
    for (let at = 0; at < parts.length; at += ARGUMENTS) groups.push(joinText(parts.slice(at, at + ARGUMENTS)));
    return joinText(groups);
  }
  return `pg_catalog.concat(${parts.join(`, ${BETWEEN}, `)})`;
}

const byBits = (type: TypeNode, value: string): string => {
  const send = `pg_catalog.${SENDS[type.name] ?? `${type.name}_send`}`;
  if (type.name !== 'float4' && type.name !== 'float8') return `${send}(${value})::text`;
  return `CASE WHEN ${value} = 'NaN' THEN 'NaN' ELSE pg_catalog.${type.name}send(${value})::text END`;
};

/** Length, then the text itself: where it ends is known whatever it holds. */
function string(value: string, form: TextForm, padded = false): string[] {
  // A cast would cut blanks at the end.
  const text = padded ? `(CASE WHEN ${value} IS NOT NULL THEN pg_catalog.concat(${value}) END)` : `${value}::text`;
  const length = `pg_catalog.octet_length(${form.convert ? bytesOf(text, form) : text})`;
  return [`coalesce(${length}, -1)`, `CASE WHEN ${length} > ${LONG} THEN ${hashText(text, form)} ELSE ${text} END`];
}

/**
 * Expressions whose texts, one behind the other, stand for the value; null for none: its values cannot be written alike by both servers.
 * `value` is an expression that can be written several times.
 */
export function valueParts(type: TypeNode, value: string, form: TextForm): string[] | null {
  const { kind, name, builtin, element } = type;
  const floats = form.floatsDiffer && holds(type, isFloat);
  const chars = form.charsDiffer && holds(type, (node) => node.builtin && node.name === 'char');
  if (kind === 'base' && builtin) {
    if (floats) return [byBits(type, value)];
    if (name === 'char') return [`${value}::pg_catalog.int4`];
    if (name === 'bytea') return [hashBytes(value, form)];
    // Its text has no declaration of an encoding; what a cast to text gives has.
    if (name === 'xml')
      return [`CASE WHEN ${value} IS NOT NULL THEN ${hashText(`pg_catalog.concat(${value})`, form)} END`];
    if (TEXTS.has(name)) return string(value, form, name === 'bpchar');
    if (PLAIN.has(name)) return [value];
  }
  // Which bytes of its fields are put into quotes depends on the server.
  if (kind === 'composite' && !type.domain) {
    const fields = type.fields.map((field) => valueParts(field.type, `(${value}).${quoteIdent(field.name)}`, form));
    const known = fields.filter((parts) => parts !== null);
    if (known.length < fields.length) return null;
    return [`CASE WHEN ${value}::text IS NOT NULL THEN ${hashText(joinText(known.flat()), form)} END`];
  }
  if (kind === 'array' && floats && !chars && element?.kind === 'base' && element.builtin) {
    const each = byBits(element, 'u.x');
    const all = `(SELECT pg_catalog.string_agg(coalesce(${each}, 'N'), ',') FROM pg_catalog.unnest(${value}) AS u (x))`;
    return [`pg_catalog.cardinality(${value})`, `pg_catalog.array_dims(${value})`, all];
  }
  if (kind === 'range' && floats && element?.kind === 'base' && element.builtin) {
    const of = (ask: string): string => `pg_catalog.${ask}(${value})`;
    const flags = ['isempty', 'lower_inc', 'upper_inc', 'lower_inf', 'upper_inf'].map(of);
    return [...flags, byBits(element, of('lower')), byBits(element, of('upper'))];
  }
  if (floats || chars || kind === 'other') return null;
  return kind === 'enum' ? string(value, form) : [hashText(`${value}::text`, form)];
}

/** The value for a person, cut short, of any length. */
export function shownText(type: TypeNode, value: string, length: number): string {
  if (type.kind === 'base' && type.builtin && type.name === 'bytea') {
    const cut = `pg_catalog.encode(pg_catalog.substring(${value}, 1, ${Math.floor(length / 2)}), 'hex')`;
    return `'\\x' || ${cut}`;
  }
  return `pg_catalog.left(${value}::text, ${length})`;
}
