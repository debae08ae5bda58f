import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completion } from '../../shared/model/migration';
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

/** What tasks that follow leave on their servers, and when it is taken away. */

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const FOLLOW = { type: 'fullAndIncrement' as const };
/** Copied, caught up, and then what is said. */
const CAUGHT_UP = [phase('following'), { say: { event: 'progress', progress: followOf() } }, phase('ready')];
const until = (command: string): object => ({ await: command });
const DONE = ended('done');

async function following(plays: Play, change: Parameters<Bench['made']>[1] = {}): Promise<string> {
  const id = await bench.made([PASSED, ...plays], { options: FOLLOW, clean: [[DONE]], ...change });
  await bench.jobs.start(id);
  return id;
}
const actions = (id: string) => bench.jobs.detail(id).actions;

describe('what a task leaves on its source', () => {
  it('is tried again and again, told with what can be run by hand, and keeps the task from being destroyed', async () => {
    const away = [ended('waits', 'The source does not answer')];
    const id = await following([[...CAUGHT_UP, HANG]], { clean: [away, away, [DONE]] });
    await bench.until(id, 'readyComplete');
    await bench.jobs.act(id, 'stop');
    await expect.poll(() => bench.jobs.detail(id).problem, { timeout: 10_000 }).toContain('The source does not answer');
    const name = `howdah_${id.replace('-', '_')}_`;
    expect(bench.jobs.detail(id).hint).toContain(`LIKE E'${name.replaceAll('_', String.raw`\\_`)}%'`);
    await bench.jobs.act(id, 'isolate');
    await expect(bench.jobs.act(id, 'destroy')).rejects.toThrow(name);
    expect(bench.jobs.get(id)).toBeDefined();
    await bench.again();
    await expect.poll(() => bench.jobs.get(id)?.toClean, { timeout: 10_000 }).toBeNull();
    await bench.jobs.act(id, 'destroy');
    expect(bench.jobs.get(id)).toBeUndefined();
  });

  it('is taken away at once when the task can never go on; it is not resumed', async () => {
    const lost = { outcome: 'failed', problem: 'The slot is lost', hint: 'Begin anew', final: true };
    const id = await following([[...CAUGHT_UP, { say: { event: 'end', end: lost } }]]);
    await bench.until(id, 'failed');
    await expect.poll(() => bench.events(id).at(-1)).toBe('cleaned');
    expect(bench.jobs.detail(id)).toMatchObject({ problem: 'The slot is lost', hint: 'Begin anew' });
    expect(actions(id)).toEqual(['stop', 'isolate']);
    await expect(bench.jobs.act(id, 'resume')).rejects.toThrow('cannot be resumed: The slot is lost');
    await bench.again();
    expect(await refusal(bench.jobs.act(id, 'resume'))).toBe('conflict');
    await bench.jobs.act(id, 'stop');
    await bench.until(id, 'canceled');
    expect(bench.starts(id).map((line) => line.split(' ')[0])).toEqual(['check', 'run', 'clean']);
  });

  it('stays while clients are on the target, until the task is stopped', async () => {
    const lost = { outcome: 'failed', problem: 'The slot is lost', hint: '', final: true };
    const id = await following([
      [
        ...[...CAUGHT_UP, until('complete'), phase('drained'), until('opened'), phase('guarding')],
        { say: { event: 'end', end: lost } },
      ],
    ]);
    await bench.until(id, 'readyComplete');
    await bench.jobs.complete(id, completion.parse({ failBack: true }));
    await bench.until(id, 'failed');
    expect(bench.jobs.get(id)?.toClean).toBeNull();
    await bench.jobs.act(id, 'stop');
    await expect.poll(() => bench.events(id).at(-1)).toBe('cleaned');
  });

  it('is taken away when a failed task is given up, and nothing is when it never began', async () => {
    const failed = await following([[ended('failed', 'No')]]);
    await bench.until(failed, 'failed');
    expect(bench.starts(failed)).toHaveLength(2);
    await bench.jobs.act(failed, 'isolate');
    expect(bench.status(failed)).toBe('canceled');
    await bench.jobs.act(failed, 'destroy');
    expect(bench.jobs.get(failed)).toBeUndefined();
    const verified = await bench.made([PASSED], { options: FOLLOW, clean: [[ended('failed', 'nobody asked')]] });
    await bench.jobs.act(verified, 'isolate');
    await bench.jobs.act(verified, 'destroy');
    expect(bench.jobs.get(verified)).toBeUndefined();
  });
});
