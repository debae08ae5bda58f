import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';
import type { GatewayControl } from '../gateway/route';
import type { Instances } from '../instances/instance-service';
import { localInstance, reach, type AddressDeps } from './endpoint-address';
import {
  checkConfiguration,
  checkName,
  checkTags,
  conflict,
  hasBegun,
  hasPasswords,
  mergeSecrets,
  mustAllow,
  mustBeThere,
  mustStaySame,
} from './job-configuration';
import { createLifecycle } from './job-lifecycle';
import { createReads, type SourceReads } from './job-reads';
import { RECYCLE_MS, resolveJobs } from './job-rules';
import type { JobConfiguration, MigrationJobs } from './job-service';
import { createTuning } from './job-tuning';
import { jobDetail } from './job-views';
import type { JobRecord } from './record';
import { NO_SECRETS, secretsKey, type JobSecrets } from './seal';
import { openJobStore, type Job } from './store';
import { createSupervisor } from './supervise';
import { NO_COURSE, type WorkerOrder } from './worker-protocol';

export interface MigrationDeps {
  /** Folder of all tasks. */
  readonly folder: string;
  readonly nodeSecret: string;
  /** The program of the workers. */
  readonly program: string;
  /** Folders with client programs to look in first. */
  readonly toolFolders: readonly string[];
  readonly instances: Pick<Instances, 'get' | 'list' | 'certificateAuthority' | 'withSuperuser'>;
  readonly gateway: Pick<GatewayControl, 'sessions'>;
  readonly reads: SourceReads;
  readonly log: Logger;
  /** After how many milliseconds an isolated task is destroyed by itself. */
  readonly recycleMs?: number;
}

const TICK_MS = 1_000;

const NEW: Omit<JobRecord, 'id' | 'name' | 'region' | 'sourceRegion' | 'size' | 'tags' | 'createdAt' | 'updatedAt'> = {
  status: 'created',
  startedAt: null,
  endedAt: null,
  isolatedAt: null,
  runMode: 'immediate',
  at: null,
  retryMinutes: 0,
  source: null,
  target: null,
  hasPassword: { source: false, sourceSsh: false, target: false, targetSsh: false },
  options: null,
  checkedAt: null,
  skipped: [],
  end: null,
  attempts: 0,
  waitingSince: null,
  events: [],
};

/** What cannot be opened is as if it was not there: it is entered again. */
function storedSecrets(job: Job): JobSecrets {
  try {
    return job.secrets();
  } catch (error) {
    if (error instanceof AppError && error.code === 'storage') return NO_SECRETS;
    throw error;
  }
}

/** Opens the tasks of a control plane and goes on with what an earlier daemon left. */
export async function createMigrationJobs(deps: MigrationDeps): Promise<MigrationJobs> {
  const { log } = deps;
  const store = openJobStore(deps.folder, secretsKey(deps.nodeSecret), log);
  const address: AddressDeps = { instances: deps.instances, gateway: deps.gateway, folder: deps.folder };
  const ending = new AbortController();
  const tuning = createTuning({ store, address, instances: deps.instances, log, signal: ending.signal });
  const lifecycle = createLifecycle({ store, log, supervisor: () => supervisor, settle: tuning.settle });

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
    lifecycle.expect(job);
    if (mode === 'run') await tuning.tune(job);
    return {
      jobId: job.id,
      mode,
      options,
      source: await reach(address, source, secrets.source),
      target: await reach(address, target, secrets.target),
      folder: job.folder,
      toolFolders: [...deps.toolFolders],
      ...jobsOf(record),
      course: NO_COURSE,
      compare: null,
    };
  };
  const supervisor = createSupervisor({ program: deps.program, log, orderOf, ...lifecycle.heard });
  const reads = createReads({ store, address, reads: deps.reads, signal: ending.signal });

  const setSecrets = async (job: Job, wanted: JobConfiguration): Promise<JobRecord['hasPassword']> => {
    const stored = storedSecrets(job);
    const secrets = {
      source: mergeSecrets(wanted.source.secrets, stored.source),
      target: mergeSecrets(wanted.target.secrets, stored.target),
    };
    await job.setSecrets(secrets);
    return hasPasswords(secrets);
  };

  let ticking = false;
  const clock = setInterval(() => {
    if (ticking) return;
    ticking = true;
    const now = Date.now();
    Promise.all([lifecycle.tick(now, deps.recycleMs ?? RECYCLE_MS), tuning.tick(now)])
      .catch((error: unknown) => void log.bug('the clock of the migration tasks', error))
      .finally(() => (ticking = false));
  }, TICK_MS);
  clock.unref();

  await lifecycle.resume();

  return {
    ...reads,
    check: (id) => lifecycle.check(id),
    start: (id) => lifecycle.start(id),
    act: (id, action) => lifecycle.act(id, action),
    checkingStep: (id) => lifecycle.checkingStep(store.must(id).id),
    list: () => store.all().map((job) => job.record()),
    get: (id) => store.get(id)?.record(),
    async create({ name, region, sourceRegion = '', size, tags }) {
      if (name !== '') checkName(name);
      checkTags(tags);
      const now = Date.now();
      const job = await store.add({
        ...NEW,
        name,
        region,
        sourceRegion,
        size,
        tags: [...tags],
        createdAt: now,
        updatedAt: now,
        events: [{ at: now, kind: 'created', text: 'The task was created' }],
      });
      if (name === '') await job.change({ name: job.id });
      return job.record();
    },
    async configure(id, wanted) {
      const job = store.must(id);
      const record = job.record();
      const begun = hasBegun(record);
      if (!begun) mustAllow(record, 'modify', 'a change');
      checkConfiguration(begun ? { ...wanted, runMode: 'immediate' } : wanted, Date.now());
      if (begun) mustStaySame(record, wanted);
      const hasPassword = await setSecrets(job, wanted);
      const named = {
        ...(wanted.name === undefined ? {} : { name: wanted.name }),
        ...(wanted.tags === undefined ? {} : { tags: [...wanted.tags] }),
      };
      const sides = {
        source: wanted.source.endpoint,
        target: wanted.target.endpoint,
        retryMinutes: wanted.retryMinutes,
        hasPassword,
      };
      if (begun) {
        await job.change(
          { ...named, ...sides },
          { kind: 'access-changed', text: 'How the servers are entered was changed' },
        );
        supervisor.hurry(id);
        return;
      }
      await job.change(
        {
          ...named,
          ...sides,
          status: 'created',
          runMode: wanted.runMode,
          at: wanted.runMode === 'timed' ? wanted.at : null,
          options: wanted.options,
          skipped: [],
          end: null,
        },
        { kind: 'configured', text: 'The task was configured' },
      );
      job.results.clearFindings();
    },
    async rename(id, name) {
      const job = store.must(id);
      mustBeThere(job.record(), 'another name');
      checkName(name);
      await job.change({ name });
    },
    async setTags(id, tags) {
      const job = store.must(id);
      mustBeThere(job.record(), 'a change of tags');
      checkTags(tags);
      await job.change({ tags: [...tags] });
    },
    async resize(id, size) {
      const job = store.must(id);
      mustBeThere(job.record(), 'another instance class');
      await job.change({ size }, { kind: 'resized', text: `The task has the instance class ${size}` });
      const record = job.record();
      if (record.options)
        supervisor.send(id, { command: 'limit', ...jobsOf(record), bytesPerSecond: record.options.bytesPerSecond });
    },
    async skip(id, steps) {
      const job = store.must(id);
      const record = job.record();
      mustBeThere(record, 'to go on');
      if (record.status !== 'checkPass' && record.status !== 'checkNotPass') throw conflict(record, 'to go on');
      const { findings } = job.results;
      for (const step of steps) {
        const inStep = findings.filter((each) => each.step === step);
        const failed = inStep.find(({ level }) => level === 'failed');
        if (inStep.length === 0)
          throw new AppError({
            code: 'invalid-input',
            message: `There was no group of checks ${step}`,
            field: 'steps',
          });
        if (failed) {
          throw new AppError({
            code: 'conflict',
            message: `${step} cannot be skipped: ${failed.found}`,
            hint: failed.remedy,
          });
        }
      }
      await job.change(
        { skipped: [...new Set([...record.skipped, ...steps])] },
        { kind: 'skipped', text: `Warnings are accepted: ${steps.join(', ')}` },
      );
    },
    async limit(id, { copyJobs, indexJobs, bytesPerSecond }) {
      const job = store.must(id);
      const record = job.record();
      mustAllow(record, 'limit', 'another speed');
      if (!record.options) throw conflict(record, 'another speed');
      const options = {
        ...record.options,
        ...(copyJobs === undefined ? {} : { copyJobs }),
        ...(indexJobs === undefined ? {} : { indexJobs }),
        ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      };
      await job.change({ options }, { kind: 'limited', text: 'The speed was changed' });
      const resolved = jobsOf(job.record());
      supervisor.send(id, { command: 'limit', ...resolved, bytesPerSecond: options.bytesPerSecond });
    },
    findings: (id) => store.must(id).results.findings,
    progress: (id) => store.must(id).results.progress,
    tables: (id, wanted) => store.must(id).results.tables(wanted),
    objects: (id, wanted) => store.must(id).results.objects(wanted),
    log: async (id, from, limit) => store.must(id).log.read(from, limit),
    async report(id) {
      const { results, record } = store.must(id);
      return {
        job: jobDetail(record(), results.progress),
        findings: results.findings,
        progress: results.progress,
        tables: results.allTables(),
        objects: results.allObjects().filter(({ outcome }) => outcome !== 'done'),
        madeAt: Date.now(),
      };
    },
    async close() {
      clearInterval(clock);
      ending.abort();
      await supervisor.close();
      await store.close();
    },
  };
}
