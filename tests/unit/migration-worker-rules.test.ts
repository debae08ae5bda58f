import { describe, expect, test } from 'vitest';
import { CopyFailure } from '../../electron/adapters/postgres/copy-pipe';
import { createFlusher } from '../../electron/control-plane/migration/copy/flusher';
import type { Journal, JournalEntry } from '../../electron/control-plane/migration/journal';
import { endOf, failureKind, needsPerson, reasonText } from '../../electron/control-plane/migration/worker/failure';
import { databaseState } from '../../electron/control-plane/migration/worker/journal-state';
import { settingsOf, settingsStatement } from '../../electron/control-plane/migration/worker/session-settings';
import { together } from '../../electron/control-plane/migration/worker/together';
import { AppError, cancelled, type ErrorInfo } from '../../shared/errors';

const sql = (sqlstate: string): AppError => new AppError({ code: 'sql', message: 'no', sqlstate });
const failed = (code: ErrorInfo['code']): AppError => new AppError({ code, message: 'no' });

describe('a failure', () => {
  test.each([
    [failed('lost-connection'), 'away'],
    [failed('unreachable'), 'away'],
    [failed('authentication'), 'away'],
    [sql('08006'), 'away'],
    [sql('53100'), 'away'],
    [sql('53300'), 'away'],
    [sql('57P01'), 'away'],
    [sql('57P03'), 'away'],
    [sql('25006'), 'away'],
    [sql('28P01'), 'away'],
    [sql('40P01'), 'busy'],
    [sql('55P03'), 'busy'],
    [sql('57014'), 'busy'],
    [sql('23503'), 'object'],
    [sql('42P07'), 'object'],
    [sql('57000'), 'object'],
    [cancelled(), 'cancelled'],
    [new CopyFailure('target', sql('53100')), 'away'],
    [new CopyFailure('source', sql('42501')), 'object'],
    [new Error('a fault of ours'), 'object'],
  ])('%s counts as %s', (error, kind) => {
    expect(failureKind(error)).toBe(kind);
  });

  test('of a full disk or a changed password is not tried again within seconds', () => {
    expect(needsPerson(new CopyFailure('target', sql('53100')))).toBe(true);
    expect(needsPerson(failed('authentication'))).toBe(true);
    expect(needsPerson(sql('57P01'))).toBe(false);
  });

  test('of a full disk makes the task wait and says what to do', () => {
    const end = endOf(new CopyFailure('target', new AppError({ code: 'sql', message: 'full', sqlstate: '53100' })));
    expect(end).toMatchObject({ outcome: 'waits', problem: 'Target: full' });
    expect(end.hint).toContain('make room');
    expect(endOf(failed('not-found')).outcome).toBe('failed');
  });

  test('is shown with the detail of the server', () => {
    expect(reasonText(new AppError({ code: 'sql', message: 'violates', detail: 'Key (1)' }))).toBe('violates\nKey (1)');
  });
});

describe('flushes of the target', () => {
  test('are shared by those who come while one is under way, which itself does not count for them', async () => {
    const ends: (() => void)[] = [];
    const flush = createFlusher(() => new Promise((resolve) => ends.push(resolve)));
    const first = flush();
    const second = flush();
    const third = flush();
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await first;
    await expect.poll(() => ends.length).toBe(2);
    ends[1]?.();
    await Promise.all([second, third]);
    expect(ends).toHaveLength(2);
  });

  test('wait for others, who share them', async () => {
    let times = 0;
    const flush = createFlusher(async () => void (times += 1), 20);
    await Promise.all([flush(), flush(), flush()]);
    expect(times).toBe(1);
    await flush();
    expect(times).toBe(2);
  });

  test('that fail are told to all who wait, and the next one begins anew', async () => {
    let times = 0;
    const flush = createFlusher(async () => {
      times += 1;
      if (times === 1) throw new Error('gone');
    });
    const [first, second] = await Promise.allSettled([flush(), flush()]);
    expect(first.status).toBe('rejected');
    expect(second.status).toBe('fulfilled');
  });
});

describe('works side by side', () => {
  test('end with the first failure, after the others were told and have ended', async () => {
    let ended = false;
    const waiting = async (signal: AbortSignal): Promise<void> => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended = true;
      throw cancelled();
    };
    const works = [waiting, () => Promise.reject(new Error('first'))];
    await expect(together(new AbortController().signal, works)).rejects.toThrow('first');
    expect(ended).toBe(true);
  });
});

describe('the journal of a database', () => {
  const journal = (entries: JournalEntry[]): Journal => ({
    entries,
    add: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
  const database = 'db';

  test('tells what is done, what was begun, and what was appended without its end having been seen', () => {
    const state = databaseState(
      journal([
        { did: 'snapshot', database, run: 1, lsn: '0/1', at: 5 },
        { did: 'table-begun', database, table: 's.a', run: 1 },
        { did: 'table-done', database, table: 's.a', rows: 3, bytes: 9, run: 1 },
        { did: 'table-begun', database, table: 's.b', run: 1 },
        { did: 'table-commits', database, table: 's.b', txid: '77', rows: 2 },
        { did: 'table-begun', database: 'other', table: 's.c', run: 1 },
        { did: 'snapshot', database, run: 2, lsn: '0/2', at: 6 },
        { did: 'entry', database, key: 'k', outcome: 'failed', reason: 'no' },
        { did: 'entry', database, key: 'k', outcome: 'done', reason: '' },
      ]),
      database,
    );
    expect(state.runs).toBe(2);
    expect(state.snapshots.get(1)).toBe(5);
    expect(state.tables.get('s.a')?.done).toEqual({ rows: 3, bytes: 9, run: 1 });
    expect(state.tables.get('s.b')).toEqual({
      begun: true,
      commits: { txid: '77', rows: 2 },
      done: null,
      synced: null,
    });
    expect(state.tables.has('s.c')).toBe(false);
    expect(state.entries.get('k')?.outcome).toBe('done');
  });

  test('forgets a table that is begun again', () => {
    const state = databaseState(
      journal([
        { did: 'table-begun', database, table: 's.b', run: 1 },
        { did: 'table-commits', database, table: 's.b', txid: '77', rows: 2 },
        { did: 'table-begun', database, table: 's.b', run: 2 },
      ]),
      database,
    );
    expect(state.tables.get('s.b')).toEqual({ begun: true, commits: null, done: null, synced: null });
  });
});

describe('settings of a session', () => {
  test('make text alike on both sides and ask for nothing that an old server does not know', () => {
    const common = { purpose: 'copy' as const, indexJobs: 2, encoding: 'UTF8' };
    const source = settingsOf({ ...common, role: 'source', versionNum: 100_000 }).map(({ name }) => name);
    expect(source).toContain('extra_float_digits');
    expect(source).toContain('row_security');
    expect(source).not.toContain('session_replication_role');
    expect(source).not.toContain('client_connection_check_interval');
    const target = settingsOf({ ...common, role: 'target', versionNum: 180_000 });
    expect(target.find(({ name }) => name === 'session_replication_role')).toMatchObject({ optional: true });
    expect(settingsStatement(target)).toContain("set_config('synchronous_commit', 'off', false)");
  });
});
