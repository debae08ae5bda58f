import { AppError } from '../../../shared/errors';
import type { Decision } from '../../../shared/model/migration';
import type { Job } from './store';
import type { Supervisor } from './supervise';

/**
 * Passes a person's answer to a halt on to the worker, which keeps it. Fails with `not-found` (no such halt), `invalid-input` and `conflict`
 * (nobody is at the task).
 */
export async function decideHalt(job: Job, decision: Decision, supervisor: Pick<Supervisor, 'send'>): Promise<void> {
  const record = job.record();
  const halt = job.results.progress?.follow?.databases
    .flatMap(({ halts }) => halts)
    .find(({ id, database }) => id === decision.id && database === decision.database);
  if (record.isolatedAt !== null || !halt)
    throw new AppError({ code: 'not-found', message: `The task ${job.id} does not wait for this decision` });
  if (!halt.choices.includes(decision.choice)) {
    const message = `${decision.choice} is no choice here: ${halt.choices.join(', ')}`;
    throw new AppError({ code: 'invalid-input', message, field: 'decision.choice' });
  }
  if (decision.statement !== undefined && (decision.choice !== 'apply' || halt.kind !== 'ddl')) {
    const message = 'Another statement can be given only where a statement is applied';
    throw new AppError({ code: 'invalid-input', message, field: 'decision.statement' });
  }
  if (!supervisor.send(job.id, { command: 'decide', decision }))
    throw new AppError({
      code: 'conflict',
      message: `Nobody is at the task ${job.id} just now`,
      hint: 'Try again when it goes on.',
    });
  const text = `Decided: ${decision.choice}: ${halt.text}`;
  await job.change({}, { kind: 'decided', text: job.scrub(text) });
}
