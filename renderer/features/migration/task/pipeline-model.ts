import type { MigrationProgress, StepProgress } from '../../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../../shared/model/migration-api';
import { STEPS, type JobStatus, type MigrationStep, type StepState } from '../../../../shared/model/migration-words';
import { isAtWork } from './model';

/** A step as it is drawn; `verify` comes before those of the run. */
export interface PipelineStep extends Omit<StepProgress, 'step' | 'state'> {
  readonly step: StepProgress['step'] | 'verify';
  /** `halted`: it was being done when the task paused, failed or was stopped. */
  readonly state: StepState | 'halted';
}

const NOT_VERIFIED: ReadonlySet<JobStatus> = new Set(['created', 'checking', 'checkNotPass']);

function verifyState({ status, checkedAt }: Pick<MigrationJobDetail, 'status' | 'checkedAt'>): StepState {
  if (status === 'checking') return 'running';
  if (!NOT_VERIFIED.has(status)) return 'success';
  return checkedAt === null ? 'notStarted' : 'failed';
}

/** Steps of a task that follows its source only. */
const OF_FOLLOWING: ReadonlySet<MigrationStep> = new Set(['follow', 'complete']);

/** The way of a task from its checks to its end; steps that the worker has not spoken of yet have not started. */
export function pipelineOf(
  job: Pick<MigrationJobDetail, 'status' | 'checkedAt' | 'type'>,
  progress: MigrationProgress | null,
): readonly PipelineStep[] {
  const steps = job.type === 'fullAndIncrement' ? STEPS : STEPS.filter((step) => !OF_FOLLOWING.has(step));
  const unknown = { state: 'notStarted', fraction: null, startedAt: null, endedAt: null, note: '' } as const;
  return [
    { ...unknown, step: 'verify', state: verifyState(job), endedAt: job.checkedAt },
    ...steps.map((step): PipelineStep => {
      const told = progress?.steps.find((each) => each.step === step) ?? { ...unknown, step };
      return told.state === 'running' && !isAtWork(job) ? { ...told, state: 'halted' } : told;
    }),
  ];
}
