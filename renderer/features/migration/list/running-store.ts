import { useEffect } from 'react';
import { create } from 'zustand';
import { AppError } from '../../../../shared/errors';
import type { MigrationJobView } from '../../../../shared/model/migration-api';
import { api, listen } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import { showNotice } from '../../../ui/notice';
import { haltPlace } from '../task/halt-model';
import { haltsOf } from '../task/follow-model';
import { FRESH_MS, freshEnd, mayHalt, newsOf, RUNNING_STATUSES, troublesOf, type Trouble } from './running-model';

interface Running {
  /** Tasks at which a worker is, as far as the window has heard. */
  readonly jobs: readonly MigrationJobView[];
}

export const useRunning = create<Running>(() => ({ jobs: [] }));

/** Tasks whose page can be seen: their end is not told again. */
const watched = new Map<string, number>();

/** Milliseconds between two readings; a running task tells of itself more often. */
const LEAST_MS = 1_000;
/** More tasks do not run on one machine. */
const MOST = 100;

/** Keeps the end of a task from being told by a notice while its page can be seen. */
export function useWatched(id: string, visible: boolean): void {
  useEffect(() => {
    if (!visible) return undefined;
    watched.set(id, (watched.get(id) ?? 0) + 1);
    return () => {
      watched.set(id, (watched.get(id) ?? 1) - 1);
    };
  }, [id, visible]);
}

export interface Words {
  readonly success: (name: string) => string;
  readonly failed: (name: string) => string;
  readonly ready: (name: string) => string;
  readonly guarding: (name: string) => string;
  readonly halted: (name: string, place: string) => string;
  readonly trouble: (kind: Trouble, name: string) => string;
}

const isWatched = (id: string): boolean => (watched.get(id) ?? 0) > 0;

/** When the end was that was told last, by task. */
const told = new Map<string, number>();

async function tellEnd(id: string, words: Words): Promise<void> {
  const job = await api.migration.detail({ id });
  const end = freshEnd(job, Date.now());
  if (end === null || told.get(id) === job.endedAt) return;
  told.set(id, job.endedAt ?? 0);
  if (isWatched(id)) return;
  if (end === 'success') showNotice(words.success(job.name));
  else {
    presentError(
      new AppError({ code: 'conflict', message: words.failed(job.name), detail: job.problem, hint: job.hint }),
    );
  }
}

/** Tasks that were told to be ready: one that goes to and fro is told once. */
const toldReady = new Set<string>();

function tellNews(before: readonly MigrationJobView[], now: readonly MigrationJobView[], words: Words): void {
  for (const { id, name, kind } of newsOf(before, now)) {
    if (kind === 'ready' && toldReady.has(id)) continue;
    if (kind === 'ready') toldReady.add(id);
    if (!isWatched(id)) showNotice(words[kind](name));
  }
}

/** Halts that were told, by task and halt. */
const toldHalts = new Set<string>();

async function tellHalts({ id, name }: MigrationJobView, words: Words): Promise<void> {
  const progress = await api.migration.progress({ id });
  for (const halt of haltsOf(progress?.follow ?? null)) {
    const key = `${id} ${halt.database} ${halt.id} ${halt.at}`;
    if (toldHalts.has(key)) continue;
    toldHalts.add(key);
    if (isWatched(id)) continue;
    presentError(new AppError({ code: 'conflict', message: words.halted(name, haltPlace(halt)), detail: halt.text }));
  }
}

/** Whether what happened to the task is of interest: all of one that is not known to be of another type. */
const mayFollow = (jobs: readonly MigrationJobView[], id: string): boolean =>
  jobs.every((job) => job.id !== id || job.type === 'fullAndIncrement');

/** When the last event was that was told or need not be, by task. */
const toldEvents = new Map<string, number>();

async function tellTroubles(id: string, words: Words): Promise<void> {
  const { type, name, events } = await api.migration.detail({ id });
  if (type !== 'fullAndIncrement') return;
  const since = toldEvents.get(id) ?? Date.now() - FRESH_MS;
  toldEvents.set(id, Math.max(since, ...events.map(({ at }) => at)));
  if (isWatched(id)) return;
  for (const { kind, text } of troublesOf(events, since)) {
    const message = words.trouble(kind, name);
    if (kind === 'back') showNotice(message);
    else presentError(new AppError({ code: 'conflict', message, detail: text }));
  }
}

/**
 * Follows what runs from now on, and tells what becomes of a task whose page is not in sight. Only listens: nothing is started by it.
 * @returns what ends it
 */
export function followRunning(words: Words): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let readAt = 0;
  const changed = new Set<string>();
  const read = async () => {
    readAt = Date.now();
    const heard = [...changed];
    changed.clear();
    const { jobs } = await api.migration.list({
      search: '',
      statuses: [...RUNNING_STATUSES],
      tag: null,
      offset: 0,
      limit: MOST,
    });
    const known = useRunning.getState().jobs;
    const before = known.map(({ id }) => id);
    useRunning.setState({ jobs });
    tellNews(known, jobs, words);
    // A short one may have run between two readings.
    const rest = [...new Set([...before, ...heard])].filter((id) => !jobs.some((job) => job.id === id));
    for (const id of rest) toldReady.delete(id);
    await Promise.all([
      ...rest.map((id) => tellEnd(id, words)),
      ...jobs.filter((job) => mayHalt(job) && heard.includes(job.id)).map((job) => tellHalts(job, words)),
      ...heard.filter((id) => mayFollow(jobs, id)).map((id) => tellTroubles(id, words)),
    ]);
  };
  // A control plane that is away is told by the views that show it.
  const soon = ({ ids }: { readonly ids: readonly string[] }) => {
    for (const id of ids) changed.add(id);
    clearTimeout(timer);
    timer = setTimeout(() => void read().catch(() => undefined), Math.max(0, readAt + LEAST_MS - Date.now()));
  };
  const stop = listen('migration', 'changed', soon);
  return () => {
    clearTimeout(timer);
    stop();
  };
}
