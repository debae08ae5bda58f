import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import type { Logger } from '../../log';
import { openKeptDocument, type KeptDocument } from '../network/kept-document';
import { openJobLog, type JobLog } from './job-log';
import { openJobResults, type JobResults } from './job-results';
import { EVENTS_KEPT, mayBecome } from './job-rules';
import { jobRecord, type JobRecord } from './record';
import { NO_SECRETS, readSecrets, withoutSecrets, writeSecrets, type JobSecrets } from './seal';

/** One task: its record, its passwords, what it tells, and the folder where all of it lies. */
export interface Job {
  readonly id: string;
  readonly folder: string;
  readonly results: JobResults;
  readonly log: JobLog;
  record(): JobRecord;
  /** On disk when it resolves. A status that may not follow is a fault of the program. `event` is noted with the change. */
  change(change: Partial<JobRecord>, event?: { readonly kind: string; readonly text: string }): Promise<void>;
  /** Fails with `storage` when they cannot be opened. */
  secrets(): JobSecrets;
  setSecrets(secrets: JobSecrets): Promise<void>;
  /** A text of a worker, a driver or a server without the passwords of the task. Never fails. */
  scrub(text: string): string;
}

/** All tasks of a control plane, a folder each. This process is their only writer, but for the journals of the workers. */
export interface JobStore {
  readonly root: string;
  all(): readonly Job[];
  get(id: string): Job | undefined;
  /** Fails with `not-found`. */
  must(id: string): Job;
  /** With an id of its own; on disk when it resolves. */
  add(record: Omit<JobRecord, 'id'>): Promise<Job>;
  /** Removes the task with everything it has kept. */
  remove(id: string): Promise<void>;
  /** Everything that was told is on disk when it resolves. */
  close(): Promise<void>;
}

const JOB_FILE = 'job.json';
const VERSION = 1;
const ID = /^dts-[0-9a-z]{8}$/;
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
/** Of a folder that is being removed. */
const GONE = '.gone-';

const newId = (): string => `dts-${Array.from({ length: 8 }, () => LETTERS[randomInt(36)]).join('')}`;

const recordOrNone = jobRecord.nullable();

function openDocument(folder: string, log: Logger): KeptDocument<JobRecord | null> {
  return openKeptDocument<JobRecord | null>({
    file: join(folder, JOB_FILE),
    schema: recordOrNone,
    version: VERSION,
    defaults: null,
    log,
  });
}

function openJob(
  id: string,
  folder: string,
  document: KeptDocument<JobRecord | null>,
  key: Buffer,
  log: Logger,
): Job & { close(): Promise<void>; drop(): Promise<void> } {
  const results = openJobResults(folder, log);
  const jobLog = openJobLog(folder);
  let secrets: JobSecrets | null = null;
  let gone = false;
  const record = (): JobRecord => {
    const current = document.current();
    if (!current) throw new Error(`the task ${id} has no record`);
    return current;
  };
  const opened = (): JobSecrets => (secrets ??= readSecrets(folder, id, key));
  return {
    id,
    folder,
    results,
    log: jobLog,
    record,
    scrub(text) {
      try {
        return withoutSecrets(text, opened());
      } catch {
        // Passwords that cannot be opened were told to nobody.
        return withoutSecrets(text, NO_SECRETS);
      }
    },
    async change(change, event) {
      // A worker may end after its task was removed.
      if (gone) return;
      const now = Date.now();
      await document.update((current) => {
        if (!current) throw new Error(`the task ${id} has no record`);
        if (change.status && !mayBecome(current.status, change.status)) {
          throw new Error(`the task ${id} may not go from ${current.status} to ${change.status}`);
        }
        const events = event ? [{ at: now, ...event }, ...current.events].slice(0, EVENTS_KEPT) : current.events;
        return { ...current, ...change, events, updatedAt: now };
      });
    },
    secrets: opened,
    async setSecrets(next) {
      await writeSecrets(folder, id, key, next);
      secrets = next;
    },
    async close() {
      await results.flush();
      results.drop();
      jobLog.close();
      await document.settled();
    },
    async drop() {
      gone = true;
      results.drop();
      await results.flush();
      jobLog.close();
      await document.settled();
    },
  };
}

/** Opens all tasks. A record that cannot be read is put aside and reported; what was being removed is removed. */
export function openJobStore(root: string, key: Buffer, log: Logger): JobStore {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const jobs = new Map<string, ReturnType<typeof openJob>>();
  for (const name of readdirSync(root)) {
    const folder = join(root, name);
    if (name.startsWith(GONE)) rmSync(folder, { recursive: true, force: true });
    if (!ID.test(name)) continue;
    const document = openDocument(folder, log);
    if (document.current()) jobs.set(name, openJob(name, folder, document, key, log));
    else log.write('error', 'a folder of migration tasks holds none', { folder });
  }
  const get = (id: string): ReturnType<typeof openJob> | undefined => jobs.get(id);
  return {
    root,
    all: () => [...jobs.values()],
    get,
    must(id) {
      const job = get(id);
      if (!job) throw new AppError({ code: 'not-found', message: `There is no migration task ${id}` });
      return job;
    },
    async add(wanted) {
      let id = newId();
      while (jobs.has(id) || existsSync(join(root, id))) id = newId();
      const folder = join(root, id);
      mkdirSync(folder, { mode: 0o700 });
      const document = openDocument(folder, log);
      try {
        await document.update(() => ({ ...wanted, id }));
        await writeSecrets(folder, id, key, NO_SECRETS);
      } catch (error) {
        rmSync(folder, { recursive: true, force: true });
        throw error;
      }
      const job = openJob(id, folder, document, key, log);
      jobs.set(id, job);
      return job;
    },
    async remove(id) {
      const job = jobs.get(id);
      if (!job) return;
      jobs.delete(id);
      await job.drop();
      const aside = join(root, `${GONE}${id}`);
      await rename(job.folder, aside);
      await rm(aside, { recursive: true, force: true });
    },
    async close() {
      await Promise.all([...jobs.values()].map((job) => job.close()));
    },
  };
}
