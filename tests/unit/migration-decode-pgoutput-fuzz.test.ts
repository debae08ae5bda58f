import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FrameReader } from '../../electron/adapters/postgres/frame-reader';
import { createPgoutputDecoder } from '../../electron/control-plane/migration/follow/decode/pgoutput';
import { openTransactionSpool } from '../../electron/control-plane/migration/follow/decode/transaction-spool';
import { AppError } from '../../shared/errors';
import { createRecorder, type RecordedChange } from '../support/change-recorder';
import { random, StreamWriter, type Step } from '../support/pgoutput-streams';
import { table, write } from '../support/pgoutput-writer';

const SEED = Number(process.env['HOWDAH_SEED'] ?? Math.floor(Math.random() * 1e6));
const STREAMS = 150;
const DAMAGED = 1500;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'howdah-fuzz-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** CopyData with the head of XLogData before each payload, as a server sends it. */
function frame(payload: Buffer): Buffer {
  const head = Buffer.alloc(30);
  head.write('d');
  head.writeInt32BE(29 + payload.length, 1);
  head.write('w', 5);
  return Buffer.concat([head, payload]);
}

/** The message with a part of it cut off, changed or added. */
function damage(payload: Buffer, below: (below: number) => number): Buffer {
  const copy = Buffer.from(payload);
  const at = below(Math.max(1, payload.length));
  switch (below(5)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy, Buffer.from([below(256)])]);
    case 2:
      copy[at] = (copy[at] ?? 0) ^ (1 << below(8));
      return copy;
    case 3:
      return copy.fill(0xff, at, Math.min(copy.length, at + 4));
    default:
      for (let byte = at; byte < copy.length; byte += 1) copy[byte] = below(256);
      return copy;
  }
}

/** Says which round failed. */
async function told(round: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(`${round}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Sends a stream in chunks of any size; returns what was sent. */
async function cutAnywhere(number: number): Promise<readonly Step[]> {
  const below = random(SEED * 1000 + number);
  const { steps } = new StreamWriter(below);
  const recorder = createRecorder(() => (below(10) === 0 ? Promise.resolve() : undefined));
  const spool = await openTransactionSpool({ folder: join(folder, 'valid'), maxBytes: 1e9 });
  const decoder = createPgoutputDecoder(recorder, { protocol: 2, spool });
  const bytes = Buffer.concat(steps.map(({ payload }) => frame(payload)));
  const reader = new FrameReader();
  const most = [3, 50, 5000][number % 3] ?? 1;
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + 1 + below(most));
    reader.feed(bytes.subarray(at, end));
    at = end;
    while (reader.next() >= 0) await decoder.push(reader.body.subarray(25));
  }
  expect(recorder.changes).toEqual(steps.flatMap(({ changes }) => changes));
  expect(spool.bytes).toBe(0);
  await decoder.close();
  return steps;
}

/** Sends a stream with one message damaged; whether that was found. */
async function damageOne(number: number): Promise<boolean> {
  const below = random(SEED * 7000 + number);
  const { steps } = new StreamWriter(below);
  const struck = below(steps.length);
  const payload = damage(steps[struck]?.payload ?? Buffer.alloc(0), below);
  const recorder = createRecorder();
  const spool = await openTransactionSpool({ folder: join(folder, 'damaged'), maxBytes: 1e6 });
  const decoder = createPgoutputDecoder(recorder, { protocol: 2, spool });
  const wanted: RecordedChange[] = [];
  let failure: unknown = null;
  for (const [index, step] of steps.entries()) {
    if (index === struck) expect(recorder.changes).toEqual(wanted);
    wanted.push(...step.changes);
    try {
      await decoder.push(index === struck ? payload : step.payload);
    } catch (error) {
      failure = error;
      break;
    }
  }
  if (failure !== null) {
    expect(failure).toBeInstanceOf(AppError);
    const before = recorder.changes.length;
    for (const step of steps.slice(-2)) expect(() => decoder.push(step.payload)).toThrow(AppError);
    expect(recorder.changes).toHaveLength(before);
  }
  const wasRow = (steps[struck]?.changes ?? []).some(({ kind }) => ['insert', 'update', 'delete'].includes(kind));
  if (failure === null && wasRow && 'IUD'.includes(String.fromCharCode(payload[0] ?? 0))) {
    const at = steps.slice(0, struck).flatMap(({ changes }) => changes).length;
    expect(recorder.changes.toSpliced(at, 1)).toEqual(wanted.toSpliced(at, 1));
  }
  await decoder.close();
  return failure !== null;
}

describe(`streams put together at random (seed ${SEED}, HOWDAH_SEED repeats it)`, () => {
  it('come as they were written, however the bytes are cut', async () => {
    const seen = new Set<string>();
    for (let number = 0; number < STREAMS; number += 1) {
      await told(`stream ${number}`, async () => {
        for (const { payload } of await cutAnywhere(number)) seen.add(String.fromCharCode(payload[0] ?? 0));
      });
    }
    expect([...seen].toSorted().join('')).toBe('ABCDEIMORSTUYc');
  });

  it('that are damaged at one place end, or change nothing but what was damaged', async () => {
    let refused = 0;
    for (let number = 0; number < DAMAGED; number += 1) {
      await told(`damaged stream ${number}`, async () => {
        if (await damageOne(number)) refused += 1;
      });
    }
    // Most damage is seen: what is not lies in the values and names themselves.
    expect(refused).toBeGreaterThan(DAMAGED / 3);
  });

  it('of bytes without any sense never do more than fail', async () => {
    const odd: string[] = [];
    for (let number = 0; number < 20_000; number += 1) {
      const below = random(SEED * 9000 + number);
      const bytes = Buffer.from(Array.from({ length: below(40) }, () => below(256)));
      const types = Buffer.from('BCORYIUDTMSEcAbPKrp');
      if (bytes.length > 0 && below(4) > 0) bytes[0] = types[below(types.length)] ?? 0;
      const recorder = createRecorder();
      const decoder = createPgoutputDecoder(recorder, { protocol: 1, spool: null });
      if (below(2) === 0) {
        await decoder.push(write.begin(1, 1n));
        await decoder.push(write.relation(table(bytes.length > 5 ? bytes.readUInt32BE(1) : 1, 't', ['a'])));
      }
      const failure: unknown = await Promise.resolve()
        .then(() => decoder.push(bytes))
        .catch((error: unknown) => error);
      if (failure !== undefined && !(failure instanceof AppError)) odd.push(`${number}: ${bytes.toString('hex')}`);
    }
    expect(odd).toEqual([]);
  });
});
