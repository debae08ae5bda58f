import { beforeEach, describe, expect, it } from 'vitest';
import { bindTable } from '../../electron/control-plane/migration/follow/apply/bound-table';
import { Outbox } from '../../electron/control-plane/migration/follow/apply/outbox';
import { INSERT, Window } from '../../electron/control-plane/migration/follow/apply/window';
import { table, tuple } from '../support/pgoutput-writer';

const COLUMN = { type: 'pg_catalog."text"', builtIn: 'text', notNull: true, hasDefault: false, identity: '' };
const T = bindTable(
  0,
  table(1, 't', ['id']),
  { schema: 'public', name: 't', syncedAt: 0n },
  {
    name: 'public.t',
    kind: 'r',
    uniques: 1,
    columns: new Map([['id', { ...COLUMN, name: 'id', generated: false }]]),
    keys: [],
  },
);

interface Sent {
  /** End positions of the transactions. */
  readonly ends: readonly bigint[];
  readonly whole: boolean;
  done(): void;
  failed(error: Error): void;
}

let sent: Sent[];
let outbox: Outbox;
beforeEach(() => {
  sent = [];
  outbox = new Outbox(
    {
      freshWindow: (room) => new Window(room),
      pass: () => undefined,
      inside: () => Promise.resolve(),
      apply: (window, whole) =>
        new Promise((resolve, reject) => {
          sent.push({ ends: window.transactions.map(({ endLsn }) => endLsn), whole, done: resolve, failed: reject });
        }),
    },
    1000,
    60_000,
  );
});

/** Comes whether there is room or not. */
function transaction(lsn: bigint, rows = 1): void {
  outbox.begin({ xid: 1, commitLsn: lsn, committedAt: 0 });
  for (let row = 0; row < rows; row += 1) void outbox.add(INSERT, T, -1, outbox.window.keep(tuple([`${row}`]), 0), row);
  void outbox.commit({ commitLsn: lsn, endLsn: lsn + 1n, committedAt: 0 });
}

/** Whether it has ended by the time that nothing else is due. */
async function hasEnded(work: Promise<void>): Promise<boolean> {
  let ended = false;
  work.then(
    () => (ended = true),
    () => (ended = true),
  );
  await new Promise((resolve) => setImmediate(resolve));
  return ended;
}

describe('settling', () => {
  it('waits for what has come, and not for what comes meanwhile', async () => {
    transaction(10n);
    const settled = outbox.settle();
    expect(sent.map(({ ends }) => ends)).toEqual([[11n]]);
    transaction(20n);
    outbox.quiet();
    transaction(30n);
    void outbox.settle();
    expect(sent.map(({ ends }) => ends)).toEqual([[11n], [21n, 31n]]);
    expect(await hasEnded(settled)).toBe(false);
    sent[0]?.done();
    expect(await hasEnded(settled)).toBe(true);
    expect(outbox.idle).toBe(false);
  });

  it('hands over what is held as soon as there is room, with what has come by then', async () => {
    for (const lsn of [10n, 20n]) {
      transaction(lsn);
      void outbox.settle();
    }
    transaction(30n);
    const settled = outbox.settle();
    transaction(40n);
    expect(sent).toHaveLength(2);
    sent[0]?.done();
    expect(await hasEnded(settled)).toBe(false);
    expect(sent[2]?.ends).toEqual([31n, 41n]);
    transaction(50n);
    sent[1]?.done();
    void outbox.settle();
    expect(await hasEnded(settled)).toBe(false);
    expect(sent[3]?.ends).toEqual([51n]);
    sent[2]?.done();
    expect(await hasEnded(settled)).toBe(true);
  });

  it('leaves the transaction at hand where it is', async () => {
    transaction(10n);
    outbox.begin({ xid: 1, commitLsn: 20n, committedAt: 0 });
    void outbox.add(INSERT, T, -1, outbox.window.keep(tuple(['x']), 0), 1);
    const settled = outbox.settle();
    sent[0]?.done();
    expect(await hasEnded(settled)).toBe(true);
    expect(sent.map(({ ends, whole }) => [ends, whole])).toEqual([[[11n], true]]);
    expect(outbox.idle).toBe(false);
  });

  it('ends at once with nothing to do, and fails with what ended the rest', async () => {
    await outbox.settle();
    transaction(10n);
    const settled = outbox.settle();
    sent[0]?.failed(new Error('the line is cut'));
    await expect(settled).rejects.toThrow('the line is cut');
    expect(() => outbox.check()).toThrow('the line is cut');
  });
});

it('a large transaction goes in parts, of which only the last one ends it', async () => {
  transaction(10n);
  transaction(20n, 120);
  sent[0]?.done();
  await hasEnded(Promise.resolve());
  outbox.quiet();
  for (let at = 1; at < sent.length; at += 1) {
    sent[at]?.done();
    await hasEnded(Promise.resolve());
  }
  expect(sent[0]).toMatchObject({ ends: [11n], whole: true });
  expect(sent.at(-1)).toMatchObject({ ends: [21n], whole: true });
  expect(sent.slice(1, -1).every(({ whole }) => !whole)).toBe(true);
  expect(outbox.idle).toBe(true);
});
