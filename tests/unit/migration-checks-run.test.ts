import { describe, expect, test } from 'vitest';
import type { Found } from '../../electron/control-plane/migration/checks/check';
import { differences } from '../../electron/control-plane/migration/checks/conflict-structure';
import { withoutKeys } from '../../electron/control-plane/migration/checks/dependency-closure';
import { judgeEncoding } from '../../electron/control-plane/migration/checks/locale-checks';
import { completeFinding, withoutTwins } from '../../electron/control-plane/migration/checks/run-checks';
import { createCheckSessions } from '../../electron/control-plane/migration/checks/run-checks-sessions';
import type { PgSession } from '../../electron/adapters/postgres/session';
import type { ClosureNote } from '../../shared/model/migration-api';

const CHECK = { id: 'c', step: 'ObjectCheck', title: 'Title' } as const;
const FOUND: Found = { level: 'info', side: 'source', database: 'd', found: 'f', sql: 's' };

describe('findings', () => {
  test('are named after their check, long lists are cut and counted', () => {
    const items = Array.from({ length: 150 }, (_unused, at) => `${at}`);
    expect(completeFinding(CHECK, { ...FOUND, items })).toMatchObject({
      check: 'c',
      title: 'Title',
      count: 150,
      effect: '',
      fix: null,
    });
    expect(completeFinding(CHECK, { ...FOUND, items }).items).toHaveLength(100);
  });

  test('are told once', () => {
    const one = completeFinding(CHECK, FOUND);
    const other = completeFinding(CHECK, { ...FOUND, database: 'e' });
    expect(withoutTwins([one, { ...one }, other, one])).toEqual([one, other]);
  });
});

test.each([
  ['UTF8', 'UTF8', undefined],
  ['LATIN1', 'UTF8', 'warning'],
  ['SQL_ASCII', 'UTF8', 'warning'],
  ['UTF8', 'SQL_ASCII', 'warning'],
  ['UTF8', 'LATIN1', 'failed'],
  ['LATIN1', 'LATIN9', 'failed'],
])('from %s to %s', (source, target, level) => expect(judgeEncoding(source, target)?.level).toBe(level));

test('what keeps rows from going into a table that is there', () => {
  const column = (name: string, type: string, generated = false) => ({ name, type, generated, identity: '' as const });
  const there = (name: string, type: string, generated = false) => ({ table: 1, name, type, generated });
  const table = { columns: [column('id', 'integer'), column('m', 'shop.mood'), column('g', 'integer', true)] };
  expect(differences(table, [there('id', 'integer'), there('m', 'store.mood'), there('g', 'integer', true)])).toEqual(
    [],
  );
  expect(differences(table, [there('id', 'bigint'), there('g', 'integer'), there('x', 'text')])).toEqual([
    'id is bigint, not integer',
    'no column m',
    'g is not generated',
    'x is not on the source',
  ]);
});

test('needs that come by foreign keys only are left out, with what they would need in turn', () => {
  const note = (object: string, kind: string, name: string): ClosureNote => ({
    database: 'd',
    object,
    needs: { kind, schema: 's', name },
    how: 'add',
  });
  const notes = [
    note('table s.orders', 'partitioned', 'customers'),
    note('partitioned table s.customers', 'table', 'regions'),
    note('view s.v', 'table', 'logs'),
    note('table s.orders', 'table', 'both'),
  ];
  expect(withoutKeys(notes, new Set(['s.customers', 's.both']), new Set(['s.logs', 's.both']))).toEqual(notes.slice(2));
});

/** A session that only remembers; what is tested is who gets which. */
function rememberingSessions(most: number) {
  const log: string[] = [];
  let made = 0;
  const ending = new AbortController();
  const sessions = createCheckSessions({
    most,
    signal: ending.signal,
    open: async (database) => {
      made += 1;
      const name = `${database}#${made}`;
      let closed = false;
      const session: Partial<PgSession> = {
        get closed() {
          return closed;
        },
        query: async (sql) => {
          log.push(`${name} ${sql}`);
          await Promise.resolve();
          if (sql.includes('fail')) throw new Error('failed');
          return [];
        },
        end: async () => {
          closed = true;
          log.push(`${name} ends`);
        },
      };
      return session as PgSession;
    },
  });
  return { sessions, log, ending };
}
const FACTS = { serverVersion: '17', serverVersionNum: 170_000, tls: '' };

describe('sessions of checks', () => {
  test('are borrowed by the statement, and used again', async () => {
    const { sessions, log } = rememberingSessions(2);
    const view = sessions.view('a', FACTS);
    await view.session.query('one');
    await sessions.view('a', FACTS).session.query('two');
    await view.leave();
    await sessions.close();
    expect(log).toEqual(['a#1 one', 'a#1 two', 'a#1 ends']);
  });

  test('stay with a check from BEGIN to the end of its transaction', async () => {
    const { sessions, log } = rememberingSessions(2);
    const [mine, other] = [sessions.view('a', FACTS).session, sessions.view('a', FACTS).session];
    await mine.query('BEGIN READ ONLY');
    await other.query('other');
    await mine.query('SELECT');
    await mine.query('ROLLBACK');
    expect(log).toEqual(['a#1 BEGIN READ ONLY', 'a#2 other', 'a#1 SELECT', 'a#1 ROLLBACK']);
    await sessions.close();
  });

  test('are closed when a transaction was left open, or a script has failed within one', async () => {
    const { sessions, log } = rememberingSessions(2);
    const view = sessions.view('a', FACTS);
    await view.session.query('BEGIN');
    await view.leave();
    await expect(view.session.query('BEGIN; fail; ROLLBACK')).rejects.toThrow('failed');
    expect(log).toEqual(['a#1 BEGIN', 'a#1 ends', 'a#2 BEGIN; fail; ROLLBACK', 'a#2 ends']);
    await sessions.close();
  });

  test('are never more than allowed: the one that was idle longest makes room', async () => {
    const { sessions, log } = rememberingSessions(1);
    await Promise.all(['a', 'b', 'c'].map((name) => sessions.view(name, FACTS).session.query('one')));
    await sessions.close();
    expect(log).toEqual(['a#1 one', 'a#1 ends', 'b#2 one', 'b#2 ends', 'c#3 one', 'c#3 ends']);
  });

  test('nobody waits for one when the run is given up', async () => {
    const { sessions, ending } = rememberingSessions(1);
    let release = (): void => undefined;
    const held = sessions.use('a', () => new Promise<void>((resolve) => (release = resolve)));
    const waiting = sessions.view('b', FACTS).session.query('never');
    waiting.catch(() => undefined);
    ending.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    release();
    await held;
    await sessions.close();
  });
});
