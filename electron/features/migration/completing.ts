import type { Handlers } from '../../../shared/contract/define';
import type { Contract } from '../../../shared/contract/index';

/** Does one action of our own service on a task and has it watched. */
export type ActOwn = (id: string, action: string, signal: AbortSignal, more: object) => Promise<void>;

type Completing = Pick<
  Handlers<Contract['migration']>,
  'complete' | 'takeBack' | 'goBack' | 'finish' | 'decide' | 'limit' | 'setTags'
>;

/** What a person does with a task that follows its source: the cut-over, its way back, decisions; and what our own service alone can change. */
export const completingHandlers = (actOwn: ActOwn): Completing => ({
  complete: ({ id, completion }, { signal }) => actOwn(id, 'CompleteMigration', signal, { Completion: completion }),
  takeBack: ({ id }, { signal }) => actOwn(id, 'TakeBackCompletion', signal, {}),
  goBack: ({ id, completion }, { signal }) => actOwn(id, 'GoBackMigration', signal, { Completion: completion }),
  finish: ({ id }, { signal }) => actOwn(id, 'FinishMigration', signal, {}),
  decide: ({ id, decision }, { signal }) => actOwn(id, 'DecideMigrationHalt', signal, { Decision: decision }),
  setTags: ({ id, tags }, { signal }) => actOwn(id, 'ModifyMigrationTags', signal, { Tags: tags }),
  limit: ({ id, copyJobs, indexJobs, bytesPerSecond }, { signal }) =>
    actOwn(id, 'ModifyMigrationSpeed', signal, {
      ...(copyJobs === undefined ? {} : { CopyJobs: copyJobs }),
      ...(indexJobs === undefined ? {} : { IndexJobs: indexJobs }),
      ...(bytesPerSecond === undefined ? {} : { BytesPerSecond: bytesPerSecond }),
    }),
});
