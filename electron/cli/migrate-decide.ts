import { AppError } from '../../shared/errors';
import { BUSY_STATUSES, type Halt, type HaltChoice } from '../../shared/model/migration';
import { EXIT } from './io';
import { nextLook, type Task } from './migrate-task';

/** What a person answers to a halt. */
export interface DecideWords {
  readonly choice: HaltChoice;
  /** Of the halt; null: the only one. */
  readonly halt: string | null;
}

/** A task that was not at work shows what it halts at within this time, or halts no more. */
const SHOWS_MS = 60_000;

/** The command that answers a halt. */
export const decideCommand = (id: string, halt: Halt): string =>
  `howdah migrate --resume ${id} --decide ${halt.choices.join('|')} --halt ${halt.id}`;

/** Null: it does not wait for that decision. Fails with `conflict` when it waits for several and none is named. */
function wantedHalt(id: string, halts: readonly Halt[], { halt }: DecideWords): Halt | null {
  const found = halts.filter((each) => halt === null || each.id === halt);
  if (found.length > 1) {
    const names = found.map((each) => `${each.database}: --halt ${each.id}: ${each.text}`).join('\n');
    throw new AppError({ code: 'conflict', message: `The task ${id} waits for ${found.length} decisions:\n${names}` });
  }
  return found[0] ?? null;
}

/**
 * Answers a halt of a task, which goes on in the control plane. One that is paused or has failed begins again before. Fails with `not-found` when
 * it does not wait for the decision, `invalid-input` when that is no choice there, `conflict` when it is over.
 */
export async function decide(task: Task, wanted: DecideWords): Promise<number> {
  const { feature, id, words, io } = task;
  const context = { signal: io.signal };
  const { actions, status } = await feature.handlers.detail({ id }, context);
  const begins = actions.includes('continue') || actions.includes('resume');
  if (actions.includes('continue')) await feature.handlers.goOn({ id }, context);
  else if (actions.includes('resume')) await feature.handlers.resume({ id }, context);
  else if (!BUSY_STATUSES.has(status))
    throw new AppError({ code: 'conflict', message: `The task ${id} is ${status}: it waits for nothing` });
  const until = Date.now() + (begins ? SHOWS_MS : 0);
  for (;;) {
    const job = await feature.handlers.detail({ id }, context);
    const progress = await feature.handlers.progress({ id }, context);
    // What was told before it began again is not of now.
    const halts =
      begins && job.workerPid === null ? [] : (progress?.follow?.databases.flatMap((each) => each.halts) ?? []);
    const halt = wantedHalt(id, halts, wanted);
    if (halt) {
      const { database } = halt;
      await feature.handlers.decide({ id, decision: { database, id: halt.id, choice: wanted.choice } }, context);
      if (words.json) io.out(JSON.stringify({ id, outcome: 'decided', halt, choice: wanted.choice }));
      else
        io.out(
          `${id}: decided: ${wanted.choice}: ${halt.text}; it goes on in the control plane, howdah migrate --resume ${id} follows it`,
        );
      return EXIT.ok;
    }
    if (Date.now() >= until || !BUSY_STATUSES.has(job.status))
      throw new AppError({
        code: 'not-found',
        message: `The task ${id} does not wait for ${wanted.halt === null ? 'a decision' : `the decision ${wanted.halt}`}`,
      });
    await nextLook(io.signal);
  }
}
