import type { SchemaElement } from 'hyparquet-writer';
import type { WireColumn } from '../../../adapters/postgres/wire-messages';

/** A value as the library takes it. */
export type ParquetValue = boolean | number | bigint | string | Uint8Array;

/** How the values of a column are written. */
export interface ParquetKind {
  /** Of the column's schema, its name left out. */
  readonly element: Omit<SchemaElement, 'name'>;
  /** Undefined: the type of the file can't hold this value. */
  readonly convert: (text: string) => ParquetValue | undefined;
  /** Whether `convert` may fail. */
  readonly fallible: boolean;
}

/** Any value as the server's text. */
export const TEXT_KIND: ParquetKind = {
  element: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  convert: (text) => text,
  fallible: false,
};

const sure = (element: ParquetKind['element'], convert: (text: string) => ParquetValue): ParquetKind => ({
  element: { ...element, repetition_type: 'OPTIONAL' },
  convert,
  fallible: false,
});
const unsure = (element: ParquetKind['element'], convert: ParquetKind['convert']): ParquetKind => ({
  element: { ...element, repetition_type: 'OPTIONAL' },
  convert,
  fallible: true,
});

const DAY = 86_400_000;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?$/;
const MICROS = 1_000_000n;

/** Days since 1970 of a date of the years 1 to 9999 in ISO form. */
function days(text: string): number | undefined {
  const found = DATE.exec(text);
  if (!found) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(found[1]), Number(found[2]) - 1, Number(found[3]));
  return Math.round(date.getTime() / DAY);
}

/** Microseconds since 1970 in UTC (of a timestamp without zone: as if it were one of UTC). */
function micros(text: string): bigint | undefined {
  const found = TIMESTAMP.exec(text);
  const day = found ? days(found[1] ?? '') : undefined;
  if (!found || day === undefined) return undefined;
  const number = (at: number): bigint => BigInt(found[at] ?? 0);
  const offset = (number(7) * 60n + number(8)) * 60n + number(9);
  const seconds = BigInt(day) * 86_400n + (number(2) * 60n + number(3)) * 60n + number(4);
  const inUtc = found[6] === '-' ? seconds + offset : seconds - offset;
  return inUtc * MICROS + BigInt((found[5] ?? '').padEnd(6, '0'));
}

function bytes(text: string): Uint8Array | undefined {
  return text.startsWith('\\x') && /^(?:[\da-f]{2})*$/.test(text.slice(2))
    ? new Uint8Array(Buffer.from(text.slice(2), 'hex'))
    : undefined;
}

/** The most digits that a decimal of 64 bits holds. */
const DECIMAL_DIGITS = 18;

function decimal({ typeModifier }: WireColumn): ParquetKind {
  // src/backend/utils/adt/numeric.c: precision and scale in the modifier, which is 4 more than they are.
  const precision = (typeModifier - 4) >> 16;
  const scale = (typeModifier - 4) & 0x7ff;
  if (typeModifier < 4 || precision > DECIMAL_DIGITS || scale > precision) return TEXT_KIND;
  return unsure({ type: 'INT64', converted_type: 'DECIMAL', precision, scale }, (text) => {
    const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!found || (found[3] ?? '').length > scale) return undefined;
    return BigInt(`${found[1] ?? ''}${found[2] ?? ''}${(found[3] ?? '').padEnd(scale, '0')}`);
  });
}

const timestamp = (isAdjustedToUTC: boolean): ParquetKind =>
  unsure({ type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'MICROS' } }, micros);

const KINDS: Readonly<Record<number, ParquetKind>> = {
  16: sure({ type: 'BOOLEAN' }, (text) => text === 't'),
  17: unsure({ type: 'BYTE_ARRAY' }, bytes),
  20: sure({ type: 'INT64' }, (text) => BigInt(text)),
  21: sure({ type: 'INT32' }, Number),
  23: sure({ type: 'INT32' }, Number),
  26: sure({ type: 'INT64' }, (text) => BigInt(text)),
  700: sure({ type: 'FLOAT' }, Number),
  701: sure({ type: 'DOUBLE' }, Number),
  1082: unsure({ type: 'INT32', converted_type: 'DATE' }, days),
  1114: timestamp(false),
  1184: timestamp(true),
  2950: sure({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } }, (text) => text),
};
const NUMERIC = 1700;

/** How a column of the server's type is written when all its values fit. */
export const kindOf = (column: WireColumn): ParquetKind =>
  column.typeOid === NUMERIC ? decimal(column) : (KINDS[column.typeOid] ?? TEXT_KIND);
