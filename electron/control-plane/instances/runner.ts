import { errorInfo } from '../../../shared/errors';
import type { Logger } from '../../log';
import { changeRecord, withHistory } from './change-record';
import { setFacts, type OperationContext, type Outcome, type Step } from './operation-context';
import { PLANS } from './plans';
import type { InstanceRecord, OperationKind } from './record';
import type { InstanceRepository } from './repository';
import { served } from './status';

/** Step and status with which an operation begins. */
export function firstStep(kind: OperationKind): Pick<Step, 'name' | 'status'> {
  const [step] = PLANS[kind].steps;
  if (!step) throw new Error(`${kind} has no step`);
  return step;
}

/** Names of the steps of an operation, in order; none for what is no operation of its own (a rebuild, a drill). */
export const stepNames = (kind: string): string[] =>
  kind in PLANS ? PLANS[kind as OperationKind].steps.map((step) => step.name) : [];

/** Why an operation was given up although the daemon goes on; the operation fails with these words. */
export class Interruption extends Error {}

async function finish(
  repository: InstanceRepository,
  record: InstanceRecord,
  outcome: Outcome,
  failure: string | null,
): Promise<void> {
  if (outcome === null) {
    await changeRecord(repository, record.id, { status: 'recycled' });
    await repository.remove(record.id);
    return;
  }
  const { operation } = record;
  await changeRecord(repository, record.id, {
    ...outcome,
    ...(outcome.status === 'running' ? { status: served(record) } : {}),
    operation: null,
    ...(outcome.status === 'isolated' && failure === null ? { isolatedAt: Date.now() } : {}),
    ...(outcome.status === 'running' ? { isolatedAt: null } : {}),
    ...(operation
      ? {
          history: withHistory(record, {
            taskId: operation.taskId,
            kind: operation.kind,
            startedAt: operation.startedAt,
            endedAt: Date.now(),
            ok: failure === null,
            message: failure ?? outcome.problem,
          }),
        }
      : {}),
  });
}

/** One sentence for people: what happened and what to do about it. */
function reasonOf(error: unknown, log: Logger, kind: string): string {
  if (error instanceof Interruption) return error.message;
  const { code, message, hint } = errorInfo(error);
  if (code === 'bug') log.bug(`operation ${kind}`, error);
  return hint ? `${message}. ${hint}` : message;
}

/** The fact that tells why an operation that is being put right has failed. */
const FAILED = 'failed';

export interface RunnerHooks {
  /** Fires when the daemon ends: then the journal stays as it is. */
  readonly ending: AbortSignal;
  /** Told of each step before it begins. */
  readonly onStep: (step: Step) => void;
  /** Context of what puts an operation that failed right: not interrupted by what interrupted the operation. */
  readonly repair: OperationContext;
}

/** Fails when the operation is interrupted; never comes to an end otherwise. */
function interruption(signal: AbortSignal): Promise<never> {
  const fails = new Promise<never>((_resolve, reject) => {
    const look = (): void => {
      if (signal.reason instanceof Interruption) reject(signal.reason);
    };
    look();
    signal.addEventListener('abort', look, { once: true });
  });
  fails.catch(() => undefined);
  return fails;
}

/** Writes down which step comes. Nothing is written for the first one: the beginning of the operation was. */
async function journal(context: OperationContext, step: Step, facts: Readonly<Record<string, string>>): Promise<void> {
  const { operation, status } = context.record();
  if (!operation) throw new Error('no operation runs');
  if (operation.step === step.name && status === step.status) return;
  await context.update({
    status: step.status,
    operation: { ...operation, step: step.name, facts: { ...operation.facts, ...facts } },
  });
}

/**
 * Does the journalled operation of an instance from its current step to the end. When the daemon ends meanwhile, the journal is left as it
 * is and the next start comes here again.
 */
export async function runOperation(
  repository: InstanceRepository,
  context: OperationContext,
  { ending, onStep, repair }: RunnerHooks,
): Promise<void> {
  const { id, operation } = context.record();
  if (!operation) return;
  const { log } = context;
  const plan = PLANS[operation.kind];
  const from = Math.max(
    0,
    plan.steps.findIndex((step) => step.name === operation.step),
  );
  let outcome: Outcome;
  let failure: string | null = null;
  try {
    const failed = operation.facts[FAILED];
    if (failed !== undefined) throw new Interruption(failed);
    let found: Readonly<Record<string, string>> = {};
    // What was interrupted may wait for a server that hangs; it cannot change the record any more.
    const interrupted = interruption(context.signal);
    for (const step of plan.steps.slice(from)) {
      if (ending.aborted) return;
      if (step.applies?.(context) === false) continue;
      onStep(step);
      await journal(context, step, found);
      log.write('info', 'step', { instance: id, operation: operation.kind, step: step.name });
      found = (await Promise.race([step.run(context), interrupted])) ?? {};
    }
    outcome = await plan.done(context);
  } catch (error) {
    if (ending.aborted) return;
    failure = reasonOf(
      context.signal.reason instanceof Interruption ? context.signal.reason : error,
      log,
      operation.kind,
    );
    log.write('warn', 'operation failed', { instance: id, operation: operation.kind, reason: failure });
    // Durable: whoever comes after a crash puts things right too, and does not try the step again.
    await setFacts(repair, { [FAILED]: failure });
    try {
      outcome = await plan.failed(repair, failure);
    } catch (wrong) {
      if (ending.aborted) return;
      outcome = {
        status: 'limited run',
        problem: `${failure}. Putting it right failed: ${reasonOf(wrong, log, operation.kind)}`,
      };
    }
  }
  await finish(repository, context.record(), outcome, failure);
  log.write('info', 'operation ended', { instance: id, operation: operation.kind, ok: failure === null });
}
