import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { completion, CUT_OVER_STEPS, type Completion, type CutOverStepId } from '../../shared/model/migration';
import { NO_COURSE, type Course } from '../../electron/control-plane/migration/worker-protocol';
import { expectCleaned, LOGICAL, startFollow, untilPhase } from '../support/migration-follow';
import { contentsOf, expectNothingLeft } from '../support/migration-mixed';
import type { TestWorker } from '../support/migration-worker';
import { flowSql, startMixedWriter, type MixedWriter } from '../support/mixed-writer';
import { startServer, type TestServer } from '../support/postgres';
import { randomOf, ROUNDS } from './support/campaign';
import { pause, until } from './support/wait';

/** The worker is killed in every step of a cut-over, there and back, while programs write on either side. */

let source: TestServer;
let target: TestServer;
let base: string;
let folder = '';
let database = '';
const running = new Set<TestWorker>();
const writers = new Set<MixedWriter>();

beforeAll(async () => {
  [source, target] = await Promise.all([
    startServer({ major: 16, settings: LOGICAL }),
    startServer({ major: 17, settings: LOGICAL }),
  ]);
  base = await mkdtemp(join(tmpdir(), 'howdah-cut-'));
});
afterAll(async () => {
  await Promise.all([source?.stop(), target?.stop()]);
  await rm(base, { recursive: true, force: true });
});
afterEach(async () => {
  for (const worker of running) worker.kill();
  await Promise.all([...running].map(({ ended }) => ended));
  await Promise.all([...writers].map((writer) => writer.stop()));
  running.clear();
  writers.clear();
});

const how = (change: Partial<Completion> = {}): Completion =>
  completion.parse({ stopWrites: 'readOnly', compare: 'rowCount', ...change });
async function begin(course: Partial<Course> = {}): Promise<TestWorker> {
  const worker = await startFollow(source, target, { folder, database, course: { ...NO_COURSE, ...course } });
  running.add(worker);
  return worker;
}
const kill = async (worker: TestWorker): Promise<void> => {
  worker.kill();
  await worker.ended;
  running.delete(worker);
};
const write = (server: TestServer, random: () => number): MixedWriter => {
  const writer = startMixedWriter({ server, database, random, tolerate: ['25006', '57P01'] });
  writers.add(writer);
  return writer;
};
/** The step has begun, or is behind already. */
const isAt = (worker: TestWorker, step: CutOverStepId): boolean =>
  worker.progress()?.follow?.cutOver.some((each) => each.step === step && each.state !== 'notStarted') ?? false;

const theirs = async (server: TestServer): Promise<object> =>
  Object.fromEntries(
    Object.entries(await contentsOf(server, database)).filter(([name]) => !name.includes('howdah_migration.')),
  );
async function expectEqual(writer: MixedWriter, on: TestServer): Promise<void> {
  expect(await writer.lostOn(on, database)).toEqual([]);
  expect(await theirs(target)).toEqual(await theirs(source));
}

/** Brings one direction to where clients can be led over, with a worker killed in each step on the way. */
async function killedInEachStep(course: Partial<Course>, random: () => number): Promise<TestWorker> {
  for (const step of CUT_OVER_STEPS.slice(0, CUT_OVER_STEPS.indexOf('open'))) {
    const worker = await begin(course);
    await until(`the worker is at ${step}`, () => isAt(worker, step), 60_000);
    await pause(random() * 60);
    await kill(worker);
  }
  const last = await begin(course);
  await untilPhase(last, 'drained');
  return last;
}

describe.each(Array.from({ length: ROUNDS }, (_none, index) => index + 1))('round %i', (round) => {
  it('a cut-over and its way back lose nothing, wherever the worker is killed', async () => {
    const random = randomOf('cut-over', round);
    folder = await mkdtemp(join(base, 'job-'));
    database = `flow${round}`;
    await source.createDatabase(database);
    await source.sql(flowSql(source), database);
    const there = write(source, random);
    const first = await begin();
    await untilPhase(first, 'following');
    await there.more(30);
    await kill(first);

    const forward = { completion: how({ failBack: true }) };
    const drained = await killedInEachStep(forward, random);
    await expectEqual(there, target);
    await there.stop();
    drained.send({ command: 'opened' });
    await pause(random() * 300);
    await kill(drained);
    const opened = { ...forward, opened: true };
    const guarding = await begin(opened);
    await untilPhase(guarding, 'guarding');
    await target.sql('DELETE FROM flow.ledger', database);
    const back = write(target, random);
    await back.more(30);
    await kill(guarding);

    const returning = await killedInEachStep({ ...opened, back: how() }, random);
    await expectEqual(back, source);
    await back.stop();
    returning.send({ command: 'opened' });
    await pause(random() * 300);
    await kill(returning);
    const last = await begin({ ...forward, opened: false, back: how() });
    expect(await last.ended).toEqual({ outcome: 'done', problem: '', hint: '' });
    for (const server of [source, target]) {
      await expectCleaned(server, [database]);
      await expectNothingLeft(server);
    }
  }, 300_000);
});
