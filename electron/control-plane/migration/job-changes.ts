import { AppError } from '../../../shared/errors';
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
import type { JobConfiguration, MigrationJobs } from './job-service';
import type { JobRecord } from './record';
import { NO_SECRETS, type JobSecrets } from './seal';
import type { Job, JobStore } from './store';
import type { Supervisor } from './supervise';
import { NO_COURSE } from './worker-protocol';

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
  course: NO_COURSE,
  takingBack: false,
  ledBack: false,
  phase: null,
  restingSince: null,
  compareAtEnd: 'rowCount',
  toClean: null,
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

export interface ChangeDeps {
  readonly store: JobStore;
  readonly supervisor: Supervisor;
  /** How many tables and indexes at once a task may work on now. */
  readonly jobsOf: (record: JobRecord) => { readonly copyJobs: number; readonly indexJobs: number };
}

type Changes = Pick<MigrationJobs, 'create' | 'configure' | 'rename' | 'setTags' | 'resize' | 'skip' | 'limit'>;

/** What a person says of a task, beside what it is to do next. */
export function createChanges({ store, supervisor, jobsOf }: ChangeDeps): Changes {
  const setSecrets = async (job: Job, wanted: JobConfiguration): Promise<JobRecord['hasPassword']> => {
    const stored = storedSecrets(job);
    const secrets = {
      source: mergeSecrets(wanted.source.secrets, stored.source),
      target: mergeSecrets(wanted.target.secrets, stored.target),
    };
    await job.setSecrets(secrets);
    return hasPasswords(secrets);
  };

  return {
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
          { ...named, ...sides, ...(record.toClean ? { toClean: { ...record.toClean, nextAt: 0 } } : {}) },
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
          compareAtEnd: wanted.compareAtEnd === undefined ? 'rowCount' : wanted.compareAtEnd,
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
    async limit(id, { copyJobs, indexJobs, bytesPerSecond, applyJobs }) {
      const job = store.must(id);
      const record = job.record();
      mustAllow(record, 'limit', 'another speed');
      if (!record.options) throw conflict(record, 'another speed');
      const options = {
        ...record.options,
        ...(copyJobs === undefined ? {} : { copyJobs }),
        ...(indexJobs === undefined ? {} : { indexJobs }),
        ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
        ...(applyJobs === undefined ? {} : { applyJobs }),
      };
      const same = applyJobs === undefined || applyJobs === record.options.applyJobs;
      const text = same
        ? 'The speed was changed'
        : `The speed was changed; ${applyJobs} sessions apply changes from its next start on`;
      await job.change({ options }, { kind: 'limited', text });
      const resolved = jobsOf(job.record());
      supervisor.send(id, { command: 'limit', ...resolved, bytesPerSecond: options.bytesPerSecond });
    },
  };
}
