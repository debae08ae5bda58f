import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobView } from '../../electron/control-plane/migration/job-views';
import { completion, type Completion, type Halt } from '../../shared/model/migration';
import {
  ended,
  followOf,
  HANG,
  openBench,
  PASSED,
  phase,
  refusal,
  type Bench,
  type Play,
} from '../support/migration-jobs';

/** Tasks that follow: what they become, and what workers are told. */

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const FOLLOW = { type: 'fullAndIncrement' as const };
const told = (change: Parameters<typeof followOf>[0] = {}, database: Parameters<typeof followOf>[1] = {}): object => ({
  say: { event: 'progress', progress: followOf(change, database) },
});
/** Copied, caught up, and then what is said. */
const CAUGHT_UP = [phase('following'), told(), phase('ready')];
const until = (command: string): object => ({ await: command });
const DONE = ended('done');

async function following(plays: Play, change: Parameters<Bench['made']>[1] = {}): Promise<string> {
  const id = await bench.made([PASSED, ...plays], { options: FOLLOW, clean: [[DONE]], ...change });
  await bench.jobs.start(id);
  return id;
}
const how = (change: Partial<Completion> = {}): Completion => completion.parse(change);
const kinds = (id: string, from = 4): string[] => bench.events(id).slice(from);
const commands = (id: string): string[] =>
  bench
    .commands(id)
    .flatMap((each) => (typeof each === 'object' && each && 'command' in each ? [String(each.command)] : []));
const record = (id: string) => {
  const found = bench.jobs.get(id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
};
const actions = (id: string) => bench.jobs.detail(id).actions;

describe('a task that follows', () => {
  it('becomes ready, is cut over step by step, and ends', async () => {
    const id = await following([[...CAUGHT_UP, until('complete'), phase('drained'), until('opened'), DONE]]);
    await bench.until(id, 'readyComplete');
    expect(bench.jobs.detail(id)).toMatchObject({
      completion: null,
      canMoveAddress: false,
      workerPid: expect.any(Number),
    });
    expect(actions(id)).toEqual(['complete', 'pause', 'stop', 'limit']);
    expect(await refusal(bench.jobs.complete(id, how({ moveAddress: true })))).toBe('invalid-input');
    await bench.jobs.complete(id, how({ compare: 'full' }));
    await bench.until(id, 'success');
    expect(kinds(id)).toEqual(['started', 'following', 'ready', 'completing', 'drained', 'opened', 'success']);
    expect(bench.commands(id)).toEqual([
      { command: 'complete', completion: how({ compare: 'full' }) },
      { command: 'opened' },
    ]);
    expect(bench.jobs.detail(id)).toMatchObject({ completion: { compare: 'full' }, workerPid: null });
    expect(bench.jobs.get(id)?.toClean).toBeNull();
  });

  it('is not completed before it can be, and says why', async () => {
    const id = await following([[phase('following'), told({ blockers: ['gap', 'halted'] }), HANG]]);
    await expect.poll(() => bench.jobs.progress(id)?.follow).toBeTruthy();
    await expect(bench.jobs.complete(id, null)).rejects.toThrow(
      'cannot be completed yet: the target is behind the source, a change waits for a decision',
    );
    for (const action of ['takeBack', 'finish'] as const)
      expect(await refusal(bench.jobs.act(id, action))).toBe('conflict');
    expect(await refusal(bench.jobs.goBack(id, how()))).toBe('conflict');
    const full = await bench.made([PASSED, [DONE]]);
    await expect(bench.jobs.complete(full, null)).rejects.toThrow('a full copy ends by itself');
  });

  it('says in the list which server is away', async () => {
    const away = { state: 'away' as const, problem: 'The target does not answer' };
    const id = await following([[phase('following'), told({}, away), HANG]]);
    const listed = () => jobView(record(id), bench.jobs.progress(id)).problem;
    await expect.poll(listed).toBe('shop: a server is away: The target does not answer');
    await bench.jobs.act(id, 'pause');
    await bench.until(id, 'manualPaused');
    expect(listed()).toMatch(/^The source keeps its WAL/);
  });

  it('falls behind and catches up again; a worker that is lost has nothing ready', async () => {
    const id = await following([
      [...CAUGHT_UP, phase('following'), phase('ready'), until('limit'), { kill: true }],
      [phase('following'), HANG],
    ]);
    await bench.until(id, 'readyComplete');
    await expect.poll(() => kinds(id, 5)).toEqual(['following', 'ready', 'following', 'ready']);
    await bench.jobs.limit(id, { applyJobs: 3 });
    expect(bench.jobs.get(id)?.events[0]?.text).toContain('3 sessions apply changes from its next start on');
    await expect.poll(() => bench.starts(id).length, { timeout: 10_000 }).toBe(3);
    await bench.until(id, 'running');
    await expect.poll(() => kinds(id, 10)).toEqual(['worker-lost', 'following']);
    expect(bench.jobs.get(id)?.options?.applyJobs).toBe(3);
  });

  it('pauses, is told to keep WAL, goes on, and is stopped with nothing left', async () => {
    const id = await following([[...CAUGHT_UP, HANG]]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.act(id, 'pause');
    await bench.until(id, 'manualPaused');
    expect(bench.jobs.detail(id).problem).toMatch(/^The source keeps its WAL for this task since 20\S+Z: /);
    await bench.jobs.act(id, 'continue');
    await bench.until(id, 'readyComplete');
    expect(bench.jobs.detail(id).problem).toBe('');
    await bench.jobs.act(id, 'stop');
    await bench.until(id, 'canceled');
    await expect.poll(() => bench.events(id).at(-1)).toBe('cleaned');
    expect(bench.starts(id).map((line) => line.split(' ')[0])).toEqual(['check', 'run', 'run', 'clean']);
    await bench.jobs.act(id, 'isolate');
    await bench.jobs.act(id, 'destroy');
    expect(bench.jobs.get(id)).toBeUndefined();
  });

  it('is taken back before it is opened, and follows on', async () => {
    const id = await following([
      [
        ...CAUGHT_UP,
        until('complete'),
        until('takeBack'),
        phase('ready'),
        until('complete'),
        phase('drained'),
        until('opened'),
        DONE,
      ],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, null);
    expect(actions(id)).toEqual(['takeBack', 'stop']);
    expect(await refusal(bench.jobs.complete(id, null))).toBe('conflict');
    await bench.jobs.act(id, 'takeBack');
    expect(await refusal(bench.jobs.act(id, 'takeBack'))).toBe('conflict');
    await bench.until(id, 'readyComplete');
    expect(bench.jobs.detail(id).completion).toBeNull();
    await bench.jobs.complete(id, null);
    await bench.until(id, 'success');
    expect(commands(id)).toEqual(['complete', 'takeBack', 'complete', 'opened']);
  });

  it('whose cut-over has failed at a step is asked for again in another way', async () => {
    const failedStep = { step: 'compare', state: 'failed', note: 'a table differs', startedAt: 1, endedAt: 2 } as const;
    const id = await following([
      [
        ...CAUGHT_UP,
        until('complete'),
        told({ cutOver: [failedStep] }),
        until('complete'),
        phase('drained'),
        until('opened'),
        DONE,
      ],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, how({ compare: 'full' }));
    await expect.poll(() => actions(id)).toEqual(['complete', 'takeBack', 'stop']);
    await bench.jobs.complete(id, how({ compare: null }));
    await bench.until(id, 'success');
    expect(bench.jobs.detail(id).completion).toEqual(how({ compare: null }));
  });

  it('keeps its way back open, and goes back', async () => {
    const id = await following([
      [
        ...[...CAUGHT_UP, until('complete'), phase('drained'), until('opened'), phase('guarding')],
        ...[
          until('goBack'),
          until('takeBack'),
          phase('guarding'),
          until('goBack'),
          phase('drained'),
          until('opened'),
          DONE,
        ],
      ],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, how({ failBack: true }));
    await bench.until(id, 'guarding');
    expect(actions(id)).toEqual(['goBack', 'finish']);
    for (const action of ['stop', 'pause', 'isolate'] as const)
      expect(await refusal(bench.jobs.act(id, action))).toBe('conflict');
    await bench.jobs.goBack(id, how());
    expect(actions(id)).toEqual(['takeBack']);
    await bench.jobs.act(id, 'takeBack');
    await bench.until(id, 'guarding');
    await bench.jobs.goBack(id, how({ compare: null }));
    await bench.until(id, 'success');
    expect(commands(id)).toEqual(['complete', 'opened', 'goBack', 'takeBack', 'goBack', 'opened']);
    expect(bench.jobs.get(id)?.events[0]?.text).toBe('The cut-over is undone');
    expect(bench.jobs.get(id)?.course).toMatchObject({ opened: true, back: { compare: null } });
  });

  it('gives its way back up', async () => {
    const id = await following([
      [...CAUGHT_UP, until('complete'), phase('drained'), until('opened'), phase('guarding'), until('finish'), DONE],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, how({ failBack: true }));
    await bench.until(id, 'guarding');
    await bench.jobs.act(id, 'finish');
    await bench.until(id, 'success');
    expect(bench.events(id).at(-1)).toBe('success');
  });

  it('is brought on by the next worker and the next daemon from where it was', async () => {
    const id = await following([
      [...CAUGHT_UP, until('complete'), { kill: true }],
      [phase('following'), phase('drained'), until('opened'), HANG],
      [phase('guarding'), HANG],
      [phase('guarding'), until('finish'), { kill: true }],
      [DONE],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, how({ failBack: true }));
    await expect.poll(() => commands(id), { timeout: 10_000 }).toContain('opened');
    expect(bench.status(id)).toBe('completing');
    await bench.again();
    await bench.until(id, 'guarding');
    await bench.again();
    await bench.until(id, 'guarding');
    await expect.poll(() => bench.starts(id).length).toBe(5);
    await bench.jobs.act(id, 'finish');
    await bench.until(id, 'success');
    const course = { completion: how({ failBack: true }), opened: false, back: null, finish: false };
    expect(bench.courses(id).slice(2)).toEqual([
      course,
      ...[
        { ...course, opened: true },
        { ...course, opened: true },
      ],
      { ...course, opened: true, finish: true },
    ]);
  });

  it('that fails in the middle of its cut-over goes on with it when it is resumed', async () => {
    const id = await following([
      [...CAUGHT_UP, until('complete'), ended('failed', 'The source is another one')],
      [phase('drained'), until('opened'), DONE],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, null);
    await bench.until(id, 'failed');
    expect(bench.jobs.detail(id)).toMatchObject({
      problem: 'The source is another one',
      hint: expect.stringContaining('keeps its WAL'),
    });
    await bench.jobs.act(id, 'resume');
    await bench.until(id, 'success');
    expect(bench.courses(id).at(-1)).toMatchObject({ completion: how(), opened: false });
  });

  const cutting = told({ cutOver: [{ step: 'drain', state: 'running', note: '', startedAt: 1, endedAt: null }] });

  it('whose worker is lost before it has taken the cut-over back is not cut over by the next one', async () => {
    const id = await following([
      [...CAUGHT_UP, until('complete'), until('takeBack'), { kill: true }],
      [cutting, until('takeBack'), { kill: true }],
      [phase('drained'), until('takeBack'), phase('following'), HANG],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, null);
    await bench.jobs.act(id, 'takeBack');
    await bench.until(id, 'running');
    expect(bench.starts(id)).toHaveLength(4);
    expect(new Set(commands(id))).toEqual(new Set(['complete', 'takeBack']));
    expect(bench.jobs.get(id)).toMatchObject({ takingBack: false, course: { completion: null, opened: false } });
  });

  it('whose worker is lost before it has taken going back back stays on the target', async () => {
    const id = await following([
      [
        ...[...CAUGHT_UP, until('complete'), phase('drained'), until('opened'), phase('guarding')],
        ...[until('goBack'), until('takeBack'), { kill: true }],
      ],
      [phase('guarding'), cutting, until('takeBack'), phase('guarding'), HANG],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, how({ failBack: true }));
    await bench.until(id, 'guarding');
    await bench.jobs.goBack(id, how());
    await bench.jobs.act(id, 'takeBack');
    await bench.until(id, 'guarding');
    expect(bench.starts(id)).toHaveLength(3);
    expect(bench.jobs.get(id)).toMatchObject({
      takingBack: false,
      ledBack: false,
      course: { back: null, opened: true },
    });
  });

  it('waits for a decision, which is passed on and never lost in silence', async () => {
    const halt: Halt = {
      ...{
        database: 'shop',
        id: '0/5:1',
        kind: 'ddl',
        text: 'A column was dropped',
        schema: 'public',
        table: 't',
        at: 1,
      },
      ...{ statement: "ALTER USER x PASSWORD 'pl41n'", choices: ['apply', 'skip'] },
    };
    const id = await following([
      [
        phase('following'),
        told({}, { state: 'halted', halts: [halt] }),
        { say: { event: 'happened', kind: 'halted', text: 'It waits' } },
        until('decide'),
        HANG,
      ],
    ]);
    await expect.poll(() => bench.events(id)).toContain('halted');
    expect(JSON.stringify(bench.jobs.progress(id))).not.toContain('pl41n');
    expect(bench.jobs.detail(id).problem).toBe('');
    const listed = jobView(record(id), bench.jobs.progress(id));
    expect(listed.problem).toBe('shop: waits for a decision: A column was dropped');
    const answer = { database: 'shop', id: '0/5:1' };
    expect(await refusal(bench.jobs.decide(id, { ...answer, choice: 'copyAgain' }))).toBe('invalid-input');
    expect(await refusal(bench.jobs.decide(id, { ...answer, choice: 'skip', statement: 'x' }))).toBe('invalid-input');
    expect(await refusal(bench.jobs.decide(id, { ...answer, id: '0/6:1', choice: 'skip' }))).toBe('not-found');
    await bench.jobs.decide(id, { ...answer, choice: 'apply', statement: 'SELECT 1' });
    await expect.poll(() => commands(id)).toEqual(['decide']);
    await bench.jobs.act(id, 'pause');
    await bench.until(id, 'manualPaused');
    expect(await refusal(bench.jobs.decide(id, { ...answer, choice: 'skip' }))).toBe('conflict');
  });
});
