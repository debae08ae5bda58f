import { join } from 'node:path';
import { completion, type Completion } from '../../../shared/model/migration';
import type { MigrationJobDetail } from '../../../shared/model/migration-api';
import type { Logger } from '../../log';
import type { GatewayControl } from '../gateway/route';
import type { Instances } from '../instances/instance-service';
import { localInstance, reach, type AddressDeps } from './endpoint-address';
import { createAddressMove, type AddressMoveDeps } from './address-move';
import { createCompares } from './compare-service';
import { createChanges } from './job-changes';
import { conflict } from './job-configuration';
import { decideHalt } from './job-decisions';
import { createLifecycle } from './job-lifecycle';
import { createReads, type SourceReads } from './job-reads';
import { reportOf } from './job-report';
import { RECYCLE_MS, resolveJobs } from './job-rules';
import type { MigrationJobs } from './job-service';
import { createTuning } from './job-tuning';
import { createWalWatch } from './job-wal';
import { jobDetail } from './job-views';
import type { JobRecord } from './record';
import { secretsKey } from './seal';
import { openJobStore, type Job } from './store';
import { createSupervisor } from './supervise';
import type { WorkerOrder } from './worker-protocol';

export interface MigrationDeps {
  /** Folder of all tasks. */
  readonly folder: string;
  readonly nodeSecret: string;
  /** The program of the workers. */
  readonly program: string;
  /** Folders with client programs to look in first. */
  readonly toolFolders: readonly string[];
  readonly instances: AddressDeps['instances'] & AddressMoveDeps['instances'] & Pick<Instances, 'withSuperuser'>;
  readonly gateway: Pick<GatewayControl, 'sessions'>;
  readonly reads: SourceReads;
  readonly log: Logger;
  /** After how many milliseconds an isolated task is destroyed by itself. */
  readonly recycleMs?: number;
  /** How often the daemon looks at the WAL that tasks keep at which no worker is. */
  readonly walEveryMs?: number;
}

const TICK_MS = 1_000;
const WAL_EVERY_MS = 60_000;

/** How a task is cut over when nothing is said about it. */
const usualCompletion = ({ compareAtEnd }: JobRecord): Completion => completion.parse({ compare: compareAtEnd });

/** Opens the tasks of a control plane and goes on with what an earlier daemon left. */
export async function createMigrationJobs(deps: MigrationDeps): Promise<MigrationJobs> {
  const { log } = deps;
  const store = openJobStore(deps.folder, secretsKey(deps.nodeSecret), log);
  const address: AddressDeps = { instances: deps.instances, gateway: deps.gateway, folder: deps.folder };
  const ending = new AbortController();
  const tuning = createTuning({ store, address, instances: deps.instances, log, signal: ending.signal });
  const move = createAddressMove({ instances: deps.instances, folderOf: (id) => join(deps.folder, id) });
  const lifecycle = createLifecycle({
    store,
    log,
    supervisor: () => supervisor,
    settle: tuning.settle,
    address: move,
    dropOthers: (id) => compares.drop(id),
  });

  const jobsOf = ({ options, size, target }: JobRecord): { copyJobs: number; indexJobs: number } =>
    resolveJobs(
      options ?? { copyJobs: 0, indexJobs: 0 },
      size,
      target !== null && localInstance(address, target) !== null,
    );

  const orderOf = async (job: Job, mode: WorkerOrder['mode']): Promise<WorkerOrder> => {
    const record = job.record();
    const { source, target, options } = record;
    if (!source || !target || !options) throw conflict(record, 'work');
    const secrets = job.secrets();
    await lifecycle.expect(job, mode);
    // What is copied is in use, or will be soon: the settings of a load are not for it.
    if (mode === 'run' && record.phase === null) await tuning.tune(job);
    return {
      jobId: job.id,
      mode,
      options,
      source: await reach(address, source, secrets.source),
      target: await reach(address, target, secrets.target),
      folder: job.folder,
      toolFolders: [...deps.toolFolders],
      ...jobsOf(record),
      course: record.course,
      compare: null,
    };
  };
  const supervisor = createSupervisor({ program: deps.program, log, orderOf, ...lifecycle.heard });
  const compares = createCompares({
    store,
    program: deps.program,
    orderOf: (job) => orderOf(job, 'compare'),
    log,
  });
  const reads = createReads({ store, address, reads: deps.reads, signal: ending.signal });

  const wal = createWalWatch({
    store,
    log,
    supervisor,
    async reach(job, side) {
      const endpoint = job.record()[side];
      if (!endpoint) throw conflict(job.record(), 'a look at its servers');
      return reach(address, endpoint, job.secrets()[side]);
    },
    onLost: lifecycle.lose,
    signal: ending.signal,
    everyMs: deps.walEveryMs ?? WAL_EVERY_MS,
  });

  let ticking = false;
  const clock = setInterval(() => {
    if (ticking) return;
    ticking = true;
    const now = Date.now();
    Promise.all([lifecycle.tick(now, deps.recycleMs ?? RECYCLE_MS), tuning.tick(now), wal.tick(now)])
      .catch((error: unknown) => void log.bug('the clock of the migration tasks', error))
      .finally(() => (ticking = false));
  }, TICK_MS);
  clock.unref();

  await lifecycle.resume();
  await compares.resume();

  const detail = (job: Job): MigrationJobDetail => {
    const record = job.record();
    const { source, target } = record;
    return jobDetail(record, job.results.progress, {
      canMoveAddress: source !== null && target !== null && move.can(source, target),
      compares: compares.list(job.id),
      workerPid: supervisor.pid(job.id),
    });
  };

  return {
    ...reads,
    compares,
    ...createChanges({ store, supervisor, jobsOf }),
    detail: (id) => detail(store.must(id)),
    async complete(id, how) {
      const job = store.must(id);
      await lifecycle.course.complete(job, how ?? usualCompletion(job.record()));
    },
    goBack: (id, how) => lifecycle.course.goBack(store.must(id), how),
    decide: (id, decision) => decideHalt(store.must(id), decision, supervisor),
    check: (id) => lifecycle.check(id),
    start: (id) => lifecycle.start(id),
    act: (id, action) => lifecycle.act(id, action),
    checkingStep: (id) => lifecycle.checkingStep(store.must(id).id),
    list: () => store.all().map((job) => job.record()),
    get: (id) => store.get(id)?.record(),
    findings: (id) => store.must(id).results.findings,
    progress: (id) => store.must(id).results.progress,
    tables: (id, wanted) => store.must(id).results.tables(wanted),
    objects: (id, wanted) => store.must(id).results.objects(wanted),
    log: async (id, from, limit) => store.must(id).log.read(from, limit),
    async report(id) {
      const job = store.must(id);
      return reportOf(job, detail(job), compares);
    },
    async close() {
      clearInterval(clock);
      ending.abort();
      await Promise.all([supervisor.close(), compares.close()]);
      await store.close();
    },
  };
}
