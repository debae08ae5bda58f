import type { PgSession } from '../../../adapters/postgres/session';
import { throwIfAborted, type ErrorInfo } from '../../../../shared/errors';
import type { Journal } from '../journal';
import { settleEntry } from '../worker/settle-entry';
import type { Telling } from '../worker-protocol';
import type { StructureEntry } from './entry';
import { piecesOf } from './entry-parts';
import { refusal } from './refusal';

export interface RunEntriesOptions {
  /** To the database of the target. */
  readonly session: PgSession;
  /** Of the source: by this name the journal and the report know it. */
  readonly database: string;
  readonly journal: Journal;
  readonly telling: Telling;
  readonly signal: AbortSignal;
}

/** Settings of a session that runs entries of a dump, or builds its indexes. */
export async function prepareStructureSession(session: PgSession, signal: AbortSignal): Promise<void> {
  const version = session.serverVersionNum;
  const settings = [
    'SET standard_conforming_strings = on',
    "SELECT pg_catalog.set_config('search_path', '', false)",
    'SET check_function_bodies = off',
    'SET row_security = off',
    'SET xmloption = content',
    'SET client_min_messages = warning',
    'SET statement_timeout = 0',
    // Waiting for ever behind somebody's lock would look like a fault of ours.
    "SET lock_timeout = '300s'",
    'SET idle_in_transaction_session_timeout = 0',
    ...(version >= 140_000 ? ['SET idle_session_timeout = 0'] : []),
    ...(version >= 170_000 ? ['SET transaction_timeout = 0'] : []),
    "SET default_tablespace = ''",
    ...(version >= 120_000 ? ['SET default_table_access_method = heap'] : []),
    'SET datestyle = ISO',
    'SET intervalstyle = postgres',
  ];
  await session.query(settings.join(';\n'), [], signal);
}

/** The object is there already. Source: Appendix A, errcodes.txt: duplicate_schema, _table, _object, _function. */
const THERE = new Set(['42P06', '42P07', '42710', '42723']);
/** Of a constraint: a second primary key. */
const SECOND_KEY = '42P16';
const LOCK_NOT_AVAILABLE = '55P03';
/** What became of one attempt; `there`: made by the worker before; `failedParts`: what it was made without. */
type Attempt =
  | {
      readonly outcome: 'done' | 'there' | 'skipped';
      readonly reason: string;
      readonly failedParts: readonly Refusal[];
    }
  | { readonly outcome: 'refused'; readonly error: ErrorInfo };

interface Refusal {
  readonly entry: StructureEntry;
  readonly error: ErrorInfo;
}

/**
 * Runs entries in their order, each in a transaction of its own; those that fail are tried again as long as others get through, because one
 * may want another that comes later. What the journal knows is left out. Objects that were there before are skipped and told. Returns how many
 * failed; a lost connection and the signal throw.
 */
export async function runEntries(
  entries: readonly StructureEntry[],
  deps: RunEntriesOptions,
): Promise<{ failed: number }> {
  const { session, database, journal, signal } = deps;
  const known = new Map<string, 'done' | 'failed' | 'skipped'>();
  let begun = false;
  for (const entry of journal.entries) {
    if (!('database' in entry) || entry.database !== database) continue;
    if (entry.did === 'entry') known.set(entry.key, entry.outcome);
    if (entry.did === 'step' && entry.step === BEGUN) begun = true;
  }
  await prepareStructureSession(session, signal);
  const waiting = entries.flatMap((entry) =>
    !known.has(entry.key) || known.get(entry.key) === 'failed' ? [entry] : failedBefore(entry, known),
  );
  if (!begun && waiting.length > 0) await journal.add({ did: 'step', database, step: BEGUN });

  // Invariant: what was made is in the journal before the next entry is run, so at most one entry was made by a killed worker without its
  // being known: the first that is there, unless one behind the last known entry could be made anew.
  const lastKnown = entries.findLastIndex(({ key }) => known.has(key));
  const behind = new Set(entries.slice(lastKnown + 1));
  let perhapsOurs = begun;
  let round = waiting;
  let refused: Refusal[] = [];
  let failed = 0;
  const settleFailed = async ({ entry, error }: Refusal): Promise<void> => {
    failed += 1;
    await settleEntry(entry, 'failed', words(error), deps);
  };
  while (round.length > 0) {
    refused = [];
    for (const entry of round) {
      throwIfAborted(signal);
      const attempt = await runEntry(entry, perhapsOurs && !known.has(entry.key), deps);
      if (attempt.outcome === 'there' || (attempt.outcome === 'done' && behind.has(entry))) perhapsOurs = false;
      if (attempt.outcome === 'refused') {
        // Another round would wait for the lock once more.
        if (attempt.error.sqlstate === LOCK_NOT_AVAILABLE) await settleFailed({ entry, error: attempt.error });
        else refused.push({ entry, error: attempt.error });
      } else {
        for (const part of attempt.failedParts) await settleFailed(part);
        await settleEntry(entry, attempt.outcome === 'there' ? 'done' : attempt.outcome, attempt.reason, deps);
      }
    }
    if (refused.length === round.length) break;
    round = refused.map(({ entry }) => entry);
  }
  for (const each of refused) await settleFailed(each);
  return { failed };
}

/** Parts of a finished entry that failed in an earlier attempt. */
const failedBefore = (entry: StructureEntry, known: ReadonlyMap<string, string>): StructureEntry[] =>
  known.get(entry.key) === 'done' ? piecesOf(entry).parts.filter(({ key }) => known.get(key) === 'failed') : [];

const BEGUN = 'structure-begun';

/** The server's words with its hints. */
const words = (error: ErrorInfo): string =>
  [error.message, error.detail, error.hint].filter((part) => part !== undefined && part !== '').join(' — ');

async function runEntry(entry: StructureEntry, perhapsOurs: boolean, deps: RunEntriesOptions): Promise<Attempt> {
  const { session, signal } = deps;
  // Several statements in one message are one transaction.
  const error = await refusal(session, entry.sql, signal);
  if (!error) return { outcome: 'done', reason: '', failedParts: [] };
  const state = error.sqlstate ?? '';
  const { core, parts } = piecesOf(entry);
  if (THERE.has(state) || (state === SECOND_KEY && entry.kind === 'CONSTRAINT')) {
    return perhapsOurs
      ? { outcome: 'there', reason: '', failedParts: await runParts(parts, deps) }
      : { outcome: 'skipped', reason: `${error.message}; it was left as it is`, failedParts: [] };
  }
  if (entry.kind === 'COMMENT' && entry.name.startsWith('EXTENSION ') && state === '42501')
    return {
      outcome: 'skipped',
      reason: `${error.message}; the extension brings its comment itself`,
      failedParts: [],
    };
  if (parts.length === 0 || state === LOCK_NOT_AVAILABLE) return { outcome: 'refused', error };
  const coreError = core === '' ? null : await refusal(session, core, signal);
  if (coreError) return { outcome: 'refused', error: coreError };
  return { outcome: 'done', reason: '', failedParts: await runParts(parts, deps) };
}

async function runParts(parts: readonly StructureEntry[], deps: RunEntriesOptions): Promise<Refusal[]> {
  const failed: Refusal[] = [];
  for (const entry of parts) {
    const error = await refusal(deps.session, entry.sql, deps.signal);
    if (error) failed.push({ entry, error });
  }
  return failed;
}
