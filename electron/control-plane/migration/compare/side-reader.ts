import { z } from 'zod';
import type { PgSession } from '../../../adapters/postgres/session';
import type { SideShape } from './table-shape';

/** Values of the columns of a key, as text. */
export type Key = readonly string[];

/** Rows whose key is above `after` and not above `upTo`; null has no bound. */
export interface KeyRange {
  readonly after: Key | null;
  readonly upTo: Key | null;
}

/** Everything. */
export const ALL: KeyRange = { after: null, upTo: null };

/**
 * Count of rows and the two sums of the halves of their hashes, exactly: another row, another value, a row twice gives other sums, but for
 * one case in 2^128 (by chance; md5 keeps nobody from making two texts of one hash).
 */
export interface Sums {
  readonly rows: number;
  readonly sum: string;
}

export const sameSums = (a: Sums, b: Sums): boolean => a.rows === b.rows && a.sum === b.sum;

export interface FoundRow {
  /** The key as both sides write it. */
  readonly id: string;
  readonly key: Key;
  readonly hash: string;
}

export interface FoundValues {
  readonly id: string;
  readonly hashes: readonly (string | null)[];
  readonly shown: readonly (string | null)[];
}

const sumsRow = z.object({ rows: z.string(), sum: z.string() });
const boundRow = z.object({ howdah_key: z.array(z.string()) });
const foundRow = z.object({ id: z.string(), key: z.array(z.string()), hash: z.string() });
const valuesRow = z.object({
  id: z.string(),
  hashes: z.array(z.string().nullable()),
  shown: z.array(z.string().nullable()),
});
const orderedRow = z.object({ ordered: z.boolean() });

/** Reads one table on one side. Fails as queries fail. */
export interface SideReader {
  /** Without hashes only the rows are counted. */
  sums(session: PgSession, range: KeyRange, signal: AbortSignal): Promise<Sums>;
  /** Key of the row that comes so many rows behind; null when there are fewer. */
  bound(session: PgSession, after: Key | null, rows: number, signal: AbortSignal): Promise<Key | null>;
  /** Every so manyth key of the range, in order. */
  bounds(session: PgSession, range: KeyRange, every: number, signal: AbortSignal): Promise<Key[]>;
  list(session: PgSession, range: KeyRange, signal: AbortSignal): Promise<FoundRow[]>;
  lookUp(session: PgSession, keys: readonly Key[], signal: AbortSignal): Promise<FoundRow[]>;
  values(session: PgSession, keys: readonly Key[], signal: AbortSignal): Promise<FoundValues[]>;
  /** Whether this server puts one key before the other. */
  ordered(session: PgSession, first: Key, second: Key, signal: AbortSignal): Promise<boolean>;
}

/** Keys of one statement: each column of each is a parameter. */
export const KEYS_AT_ONCE = 200;

export function createSideReader(shape: SideShape, hashes: boolean): SideReader {
  const { from, filter, key, keyCasts, keyText, rowHash, columns } = shape;
  const row = `ROW(${key.join(', ')})`;
  const order = key.join(', ');
  const keyArray = `ARRAY[${key.map((column) => `${column}::text`).join(', ')}]`;

  const holder = (params: unknown[], values: Key): string[] => values.map((value) => `$${params.push(value)}`);
  const compared = (params: unknown[], operator: string, values: Key): string =>
    `${row} ${operator} ROW(${holder(params, values).join(', ')})`;
  const where = (conditions: readonly string[]): string => {
    const all = [...conditions, filter].filter((each) => each !== '');
    return all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`;
  };
  const within = (params: unknown[], { after, upTo }: KeyRange): string =>
    where([after === null ? '' : compared(params, '>', after), upTo === null ? '' : compared(params, '<=', upTo)]);
  const oneOf = (params: unknown[], keys: readonly Key[]): string =>
    where([
      `(${keys
        .map(
          (values) =>
            `(${holder(params, values)
              .map((each, at) => `${key[at] ?? ''} = ${each}`)
              .join(' AND ')})`,
        )
        .join(' OR ')})`,
    ]);

  return {
    async sums(session, range, signal) {
      const params: unknown[] = [];
      const condition = within(params, range);
      const half = (at: number): string =>
        `coalesce(pg_catalog.sum(('x' || pg_catalog.substr(h, ${at}, 16))::bit(64)::pg_catalog.int8), 0)`;
      // OFFSET 0: the hash of a row is made once, not for each half.
      const sql = hashes
        ? `SELECT pg_catalog.count(*)::text AS rows, ${half(1)} || '/' || ${half(17)} AS sum
             FROM (SELECT ${rowHash} AS h FROM ${from} ${condition} OFFSET 0) AS s`
        : `SELECT pg_catalog.count(*)::text AS rows, '' AS sum FROM ${from} ${condition}`;
      const { rows, sum } = sumsRow.parse((await session.query(sql, params, signal))[0]);
      return { rows: Number(rows), sum };
    },
    async bound(session, after, rows, signal) {
      const params: unknown[] = [];
      const condition = after === null ? '' : `WHERE ${compared(params, '>', after)}`;
      const sql = `SELECT ${keyArray} AS howdah_key FROM ${from} ${condition} ORDER BY ${order} OFFSET ${rows - 1} LIMIT 1`;
      const [found] = await session.query(sql, params, signal);
      return found === undefined ? null : boundRow.parse(found).howdah_key;
    },
    async bounds(session, range, every, signal) {
      const params: unknown[] = [];
      const sql = `SELECT howdah_key FROM (SELECT ${keyArray} AS howdah_key,
          pg_catalog.row_number() OVER (ORDER BY ${order}) AS n FROM ${from} ${within(params, range)}) AS s
        WHERE n % ${every} = 0 ORDER BY n`;
      return (await session.query(sql, params, signal)).map((found) => boundRow.parse(found).howdah_key);
    },
    async list(session, range, signal) {
      const params: unknown[] = [];
      const sql = `SELECT ${keyText} AS id, ${keyArray} AS key, ${rowHash} AS hash FROM ${from} ${within(params, range)}`;
      return z.array(foundRow).parse(await session.query(sql, params, signal));
    },
    async lookUp(session, keys, signal) {
      const found: FoundRow[] = [];
      for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
        const params: unknown[] = [];
        const condition = oneOf(params, keys.slice(at, at + KEYS_AT_ONCE));
        const sql = `SELECT ${keyText} AS id, ${keyArray} AS key, ${rowHash} AS hash FROM ${from} ${condition}`;
        found.push(...z.array(foundRow).parse(await session.query(sql, params, signal)));
      }
      return found;
    },
    async values(session, keys, signal) {
      const found: FoundValues[] = [];
      const list = (of: 'hash' | 'shown'): string => `ARRAY[${columns.map((each) => each[of]).join(', ')}]::text[]`;
      for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
        const params: unknown[] = [];
        const condition = oneOf(params, keys.slice(at, at + KEYS_AT_ONCE));
        const sql = `SELECT ${keyText} AS id, ${list('hash')} AS hashes, ${list('shown')} AS shown FROM ${from} ${condition}`;
        found.push(...z.array(valuesRow).parse(await session.query(sql, params, signal)));
      }
      return found;
    },
    async ordered(session, first, second, signal) {
      const params: unknown[] = [];
      const typed = (values: Key): string =>
        `ROW(${holder(params, values)
          .map((each, at) => `${each}${keyCasts[at] ?? ''}`)
          .join(', ')})`;
      const [found] = await session.query(`SELECT ${typed(first)} < ${typed(second)} AS ordered`, params, signal);
      return orderedRow.parse(found).ordered;
    },
  };
}
