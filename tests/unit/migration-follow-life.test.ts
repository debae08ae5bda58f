import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors';
import { openAcknowledged } from '../../electron/control-plane/migration/follow/acknowledged';
import { StreamDamage } from '../../electron/control-plane/migration/follow/decode/stream-damage';
import { SpoolFull } from '../../electron/control-plane/migration/follow/decode/transaction-spool';
import { BeginAgain, verdictOf } from '../../electron/control-plane/migration/follow/follow-failure';
import { misfitOf } from '../../electron/control-plane/migration/follow/misfit';
import { createOutage } from '../../electron/control-plane/migration/follow/outage';
import {
  createReceiverLooks,
  type Looked,
  type ReceiverLooks,
} from '../../electron/control-plane/migration/follow/silence';
import { SlotLost } from '../../electron/control-plane/migration/follow/stream';

describe('what was acknowledged', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'howdah-acknowledged-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const open = (begin = 100n, onKept: () => void = () => undefined) =>
    openAcknowledged({
      folder,
      slot: 'sl',
      begin,
      onKept,
      onFailed(error) {
        throw error;
      },
    });

  test('is told only after it is kept, and known again', async () => {
    let kept = 0;
    const first = await open(100n, () => (kept += 1));
    expect(first.recorded).toBe(0n);
    // Nothing was applied: what the sender has told may be told back.
    expect(first.allow(150n, 0n)).toBe(150n);
    expect(first.allow(300n, 250n)).toBe(150n);
    await expect.poll(() => kept).toBe(1);
    expect(await readFile(join(folder, 'acknowledged-sl'), 'utf8')).toBe('0/64 0/FA\n');
    expect(first.allow(300n, 250n)).toBe(300n);
    expect(first.allow(400n, 350n)).toBe(300n);
    await expect.poll(() => first.allow(400n, 350n)).toBe(400n);
    await first.close();
    expect((await open()).recorded).toBe(350n);
    // Another slot of the same name.
    expect((await open(101n)).recorded).toBe(0n);
  });

  test('is not forgotten silently when its file is damaged', async () => {
    await writeFile(join(folder, 'acknowledged-sl'), '0/64 nonsense\n');
    await expect(open()).rejects.toThrow('no position');
  });
});

describe('an outage', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is told once when it lasts, and so is its end', () => {
    const told: string[] = [];
    const noted: string[] = [];
    const outage = createOutage({
      note: (_level, text) => noted.push(text),
      tell: (kind, text) => told.push(`${kind}: ${text}`),
    });
    outage.go('short');
    vi.advanceTimersByTime(9_000);
    outage.end();
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
    for (let round = 0; round < 5; round += 1) {
      outage.go(`attempt ${round}`);
      vi.advanceTimersByTime(4_000);
    }
    outage.end();
    outage.end();
    expect(told).toEqual(['away: attempt 2', 'back: The connection is back']);
    const lost = 'The connection is lost, trying again: ';
    const back = 'The connection is back';
    expect(noted).toEqual([`${lost}short`, back, `${lost}attempt 0`, back]);
    outage.go('again');
    outage.forget();
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(2);
  });
});

describe('a receiving side', () => {
  const streamWith = (change: Partial<Looked> = {}): Looked => ({
    asked: true,
    openPids: [7],
    applied: { endLsn: 5n, committedAt: 0 },
    ...change,
  });
  /** What a login there would see: which of the sessions work. */
  const looksAt = (active: () => boolean) => createReceiverLooks(async () => active());
  const looked = async (looks: ReceiverLooks, stream: Looked, times: number): Promise<boolean[]> => {
    const found: boolean[] = [];
    for (let time = 0; time < times; time += 1) found.push(await looks.look(stream, 0));
    return found;
  };

  test('counts as dead when it owes an answer, does nothing, and nothing has moved for several looks', async () => {
    expect(
      await looked(
        looksAt(() => false),
        streamWith(),
        5,
      ),
    ).toEqual([false, false, false, true, true]);
  });

  test('is alive while it works, owes nothing, or something moves', async () => {
    const none = [false, false, false, false, false, false];
    expect(
      await looked(
        looksAt(() => true),
        streamWith(),
        6,
      ),
    ).toEqual(none);
    // The rows of a table are copied: the stream stands still, and nobody waits for the sessions that apply.
    expect(
      await looked(
        looksAt(() => false),
        streamWith({ asked: false }),
        6,
      ),
    ).toEqual(none);
    const looks = looksAt(() => false);
    const moves: boolean[] = [];
    for (let rows = 0; rows < 6; rows += 1) moves.push(await looks.look(streamWith(), rows));
    expect(moves).toEqual(none);
  });
});

describe('what has ended a connection', () => {
  test('is answered by what helps', () => {
    const lost = new AppError({ code: 'lost-connection', message: 'gone' });
    expect(verdictOf(new BeginAgain(), true)).toBe('again');
    expect(verdictOf(new SpoolFull('full'), true)).toBe('unstreamed');
    expect(verdictOf(new StreamDamage('A', 'never seen'), true)).toBe('unstreamed');
    expect(verdictOf(new StreamDamage('A', 'never seen'), false)).toBe('fail');
    expect(verdictOf(lost, true)).toBe('wait');
    expect(verdictOf(new SlotLost('gone'), true)).toBe('fail');
    expect(verdictOf(new AppError({ code: 'authentication', message: 'no' }), true)).toBe('fail');
    expect(verdictOf(new AppError({ code: 'sql', message: 'no', sqlstate: '42703' }), true)).toBe('fail');
  });
});

describe('a table that is to be copied again', () => {
  const column = (name: string, type = 'integer', notNull = false, filled = false) => ({ name, type, notNull, filled });

  test('fits when every row finds its place', () => {
    const source = [column('id'), column('word', 'text')];
    expect(misfitOf(source, [column('word', 'text'), column('id')])).toBe('');
    expect(misfitOf(source, [column('id'), column('title', 'text')], new Map([['word', 'title']]))).toBe('');
    expect(misfitOf([column('m', 'a.mood')], [column('m', 'b.mood')])).toBe('');
    expect(misfitOf(source, [...source, column('n'), column('s', 'integer', true, true)])).toBe('');
    expect(misfitOf(source, [column('id')])).toBe('it has no column word');
    expect(misfitOf(source, [column('id', 'bigint'), column('word', 'text')])).toBe(
      'its column id is bigint and not integer',
    );
    expect(misfitOf(source, [...source, column('n', 'integer', true)])).toBe(
      'its column n must have a value and gets none',
    );
  });
});
