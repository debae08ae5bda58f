import type { PgSession } from '../../../adapters/postgres/session';

/** Settings of a server as its `pg_settings` has them, in the unit that is asked for. */
export const SETTINGS_SQL = `SELECT name, setting, coalesce(unit, '') AS unit, context, source, reset_val AS reset
  FROM pg_catalog.pg_settings WHERE name = ANY ($1::text[])`;

export interface Setting {
  readonly name: string;
  readonly setting: string;
  readonly unit: string;
  /** When a change takes effect: `postmaster`, `sighup`, `superuser`, `user`, … */
  readonly context: string;
  /** Where the value comes from: `default`, `configuration file`, `database`, `user`, … */
  readonly source: string;
  /** What RESET gives this session. */
  readonly reset: string;
}

/** By name; settings that the server does not have, or does not show, are missing. */
export async function readSettings(
  session: PgSession,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Setting>> {
  const rows = await session.query<Record<keyof Setting, string>>(SETTINGS_SQL, [names], signal);
  return new Map(rows.map((row) => [row.name, row]));
}

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const BYTES: Readonly<Record<string, number>> = { B: 1, kB: 1024, '8kB': 8192, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Milliseconds; negative values of special meaning stay as they are. */
export const durationOf = ({ setting, unit }: Setting): number =>
  Number(setting) < 0 ? Number(setting) : Number(setting) * (MS[unit] ?? 1);

/** Bytes; negative values of special meaning stay as they are. */
export const sizeOf = ({ setting, unit }: Setting): number =>
  Number(setting) < 0 ? Number(setting) : Number(setting) * (BYTES[unit] ?? 1);

/** As one would write it into a configuration file, e.g. `64MB`, `30000ms`. */
export const written = ({ setting, unit }: Setting): string =>
  unit === '8kB' ? `${Number(setting) * 8}kB` : `${setting}${Number(setting) <= 0 ? '' : unit}`;
