import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../../shared/errors';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import { writeFileAtomically } from '../../../adapters/storage/json-document';
import type { PgSession } from '../../../adapters/postgres/session';
import type { Telling } from '../worker-protocol';

/**
 * Settings of a target that nobody depends on yet, for the time of the load: few checkpoints, no autovacuum beside the copy. All of them can be
 * changed and set back without a restart and none can lose data.
 */
const WANTED = [
  /** MB. Room for WAL between two checkpoints. */
  { name: 'max_wal_size', atLeast: 4096, unit: 'MB' },
  /** Seconds. */
  { name: 'checkpoint_timeout', atLeast: 1800, unit: 's' },
  { name: 'autovacuum', off: true },
] as const;

export interface TuneWork {
  /** On any database of the target, outside a transaction. */
  readonly session: PgSession;
  /** Of the task: what was there before is remembered here. */
  readonly folder: string;
  readonly telling: Telling;
  readonly signal: AbortSignal;
}

/** What is written by `ALTER SYSTEM`; null: nothing. */
const remembered = z.object({
  settings: z.array(z.object({ name: z.string(), before: z.string().nullable(), ours: z.string() })),
});
type Remembered = z.output<typeof remembered>;

const fileOf = (folder: string): string => join(folder, 'tuned.json');
const NOT_ALLOWED = '42501';

async function readRemembered(folder: string): Promise<Remembered | null> {
  try {
    return remembered.parse(JSON.parse(await readFile(fileOf(folder), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new AppError(
      {
        code: 'storage',
        message: `${fileOf(folder)} cannot be read: the settings of the target may be those of the load`,
      },
      { cause: error },
    );
  }
}

/** Whether settings of the target await being set back. */
export const isTuned = async (folder: string): Promise<boolean> => (await readRemembered(folder)) !== null;

async function alteredSettings(session: PgSession, names: readonly string[], signal: AbortSignal) {
  const rows = await session.query<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_catalog.pg_file_settings
     WHERE name = ANY ($1::pg_catalog.text[]) AND sourcefile ~ 'postgresql[.]auto[.]conf$' ORDER BY seqno`,
    [names],
    signal,
  );
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

async function alterSystem(session: PgSession, name: string, value: string | null, signal: AbortSignal): Promise<void> {
  const sql =
    value === null
      ? `ALTER SYSTEM RESET ${quoteIdent(name)}`
      : `ALTER SYSTEM SET ${quoteIdent(name)} = ${quoteLiteral(value)}`;
  await session.query(sql, [], signal);
}

const reload = async (session: PgSession, signal: AbortSignal): Promise<void> =>
  void (await session.query('SELECT pg_catalog.pg_reload_conf()', [], signal));

type Missing = { readonly name: string; readonly ours: string };

/** What of the wanted settings the server does not have anyway. */
async function missingSettings(session: PgSession, signal: AbortSignal): Promise<Missing[]> {
  const rows = await session.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_catalog.pg_settings WHERE name = ANY ($1::pg_catalog.text[])',
    [WANTED.map(({ name }) => name)],
    signal,
  );
  const now = new Map(rows.map(({ name, setting }) => [name, setting]));
  return WANTED.flatMap((wanted): Missing[] => {
    const setting = now.get(wanted.name);
    if (setting === undefined) return [];
    if ('off' in wanted) return setting === 'off' ? [] : [{ name: wanted.name, ours: 'off' }];
    return Number(setting) >= wanted.atLeast ? [] : [{ name: wanted.name, ours: `${wanted.atLeast}${wanted.unit}` }];
  });
}

/**
 * Tunes the target for the load. What an earlier, killed worker has remembered stays what is gone back to. An account that may not do it leaves the
 * target as it is, and tells.
 */
export async function tuneTarget({ session, folder, telling, signal }: TuneWork): Promise<void> {
  const before = await readRemembered(folder);
  const missing = await missingSettings(session, signal);
  if (missing.length === 0) return;
  try {
    const altered = await alteredSettings(
      session,
      missing.map(({ name }) => name),
      signal,
    );
    const known = new Map(before?.settings.map((setting) => [setting.name, setting]));
    for (const { name, ours } of missing)
      if (!known.has(name)) known.set(name, { name, before: altered.get(name) ?? null, ours });
    await writeFileAtomically(fileOf(folder), JSON.stringify({ settings: [...known.values()] } satisfies Remembered));
    for (const { name, ours } of missing) await alterSystem(session, name, ours, signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.info.sqlstate !== NOT_ALLOWED) throw error;
    telling.log('info', `The target is loaded with its own settings: ${error.message}`);
    return;
  }
  await reload(session, signal);
  telling.log(
    'info',
    `Set on the target for the load: ${missing.map(({ name, ours }) => `${name} = ${ours}`).join(', ')}`,
  );
}

/**
 * Sets back what `tuneTarget` has changed, also for a worker that was killed; what somebody else has set since stays. May be called at any time, and
 * again when it failed. Fails with `storage`, `sql` or `lost-connection`; then what is remembered is kept.
 */
export async function untuneTarget({ session, folder, telling, signal }: TuneWork): Promise<void> {
  const state = await readRemembered(folder);
  if (state === null) return;
  const { settings } = state;
  const now = await alteredSettings(
    session,
    settings.map(({ name }) => name),
    signal,
  ).catch((error: unknown) => {
    // Then nothing was changed either.
    if (error instanceof AppError && error.info.sqlstate === NOT_ALLOWED) return new Map<string, string>();
    throw error;
  });
  const ours = settings.filter((setting) => now.get(setting.name) === setting.ours && setting.before !== setting.ours);
  for (const { name, before } of ours) await alterSystem(session, name, before, signal);
  if (ours.length > 0) {
    await reload(session, signal);
    telling.log('info', `Set back on the target: ${ours.map(({ name }) => name).join(', ')}`);
  }
  await rm(fileOf(folder), { force: true });
}
