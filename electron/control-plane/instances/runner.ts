import { AppError, errorInfo } from '../../../shared/errors';
import type { Logger } from '../../log';
import { CREATE } from './create';
import { DESTROY, ISOLATE, RECOVER, RESTART, RESTORE } from './lifecycle';
import type { OperationContext, OperationPlan, Outcome } from './operation-context';
import type { InstanceRecord, OperationKind } from './record';
import type { InstanceRepository } from './repository';
import { mayBecome } from './status';

const PLANS: Readonly<Record<OperationKind, OperationPlan>> = {
  create: CREATE,
  restart: RESTART,
  recover: RECOVER,
  isolate: ISOLATE,
  restore: RESTORE,
  destroy: DESTROY,
};

export const firstStep = (kind: OperationKind): string => PLANS[kind].steps[0]?.name ?? '';

/** Names of the steps of an operation, in order. */
export const stepNames = (kind: OperationKind): string[] => PLANS[kind].steps.map((step) => step.name);

const HISTORY_KEPT = 20;

/** Changes a record on disk and in memory. A transition that the public API does not know is a fault of the program. */
export async function changeRecord(
  repository: InstanceRepository,
  id: string,
  change: Partial<InstanceRecord>,
): Promise<void> {
  const before = repository.get(id);
  if (!before) throw new AppError({ code: 'not-found', message: `There is no instance ${id}` });
  if (change.status && !mayBecome(before.status, change.status)) {
    throw new Error(`instance ${id} may not go from ${before.status} to ${change.status}`);
  }
  await repository.put({ ...before, ...change, updatedAt: Date.now() });
}

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
    operation: null,
    ...(outcome.status === 'isolated' && failure === null ? { isolatedAt: Date.now() } : {}),
    ...(outcome.status === 'running' ? { isolatedAt: null } : {}),
    ...(operation
      ? {
          history: [
            {
              taskId: operation.taskId,
              kind: operation.kind,
              startedAt: operation.startedAt,
              endedAt: Date.now(),
              ok: failure === null,
              message: failure ?? outcome.problem,
            },
            ...record.history,
          ].slice(0, HISTORY_KEPT),
        }
      : {}),
  });
}

/**
 * Does the journalled operation of an instance from its current step to the end. When the daemon ends meanwhile (the signal), the journal is
 * left as it is and the next start comes here again.
 */
export async function runOperation(
  repository: InstanceRepository,
  context: OperationContext,
  log: Logger,
): Promise<void> {
  const { id, operation } = context.record();
  if (!operation) return;
  const plan = PLANS[operation.kind];
  const from = Math.max(
    0,
    plan.steps.findIndex((step) => step.name === operation.step),
  );
  let outcome: Outcome;
  let failure: string | null = null;
  try {
    for (const step of plan.steps.slice(from)) {
      if (context.signal.aborted) return;
      const { operation: journal } = context.record();
      await context.update({ status: step.status, ...(journal ? { operation: { ...journal, step: step.name } } : {}) });
      log.write('info', 'step', { instance: id, operation: operation.kind, step: step.name });
      await step.run(context);
    }
    outcome = await plan.done(context);
  } catch (error) {
    if (context.signal.aborted) return;
    const info = errorInfo(error);
    if (info.code === 'bug') log.bug(`operation ${operation.kind}`, error);
    failure = info.message;
    log.write('warn', 'operation failed', { instance: id, operation: operation.kind, reason: failure });
    outcome = await plan.failed(context, failure);
  }
  await finish(repository, context.record(), outcome, failure);
  log.write('info', 'operation ended', { instance: id, operation: operation.kind, ok: failure === null });
}
