import { setTimeout as pause } from 'node:timers/promises';
import { AppError, throwIfAborted } from '../../shared/errors';
import { BUSY_STATUSES } from '../../shared/model/migration';
import type { MigrationFeature } from '../features/migration/migration-feature';
import type { CommandIo } from './io';
import type { MigrateWords } from './migrate-options';

/** A task of the control plane that a command of the terminal is at. */
export interface Task {
  readonly feature: MigrationFeature;
  readonly id: string;
  readonly words: MigrateWords;
  readonly io: CommandIo;
}

/** Between two looks, in milliseconds. */
export const LOOK_MS = 300;
const GIVE_UP_MS = 60_000;
const PAGE = 500;

/** Progress for people; nothing when the answer is read by a program. */
export const say = ({ words, io }: Task, text: string): void => {
  if (!words.quiet && !words.json && text !== '') io.err(text);
};

/** Waits for the next look. Fails with `cancelled`. */
export async function nextLook(signal: AbortSignal): Promise<void> {
  await pause(LOOK_MS, undefined, { signal }).catch(() => undefined);
  throwIfAborted(signal);
}

const isWaitingForSource = (error: unknown): boolean =>
  error instanceof AppError && error.info.message.includes('cannot be destroyed yet');

async function untilQuiet({ feature, id }: Task, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { status } = await feature.handlers.detail({ id }, { signal });
    if (!BUSY_STATUSES.has(status)) return;
    await nextLook(signal);
  }
}

/** Gives the task up: nothing of it is kept, here or on the servers. */
export async function discard(task: Task): Promise<void> {
  const { feature, id } = task;
  const context = { signal: AbortSignal.timeout(GIVE_UP_MS) };
  const { status } = await feature.handlers.detail({ id }, context);
  if (BUSY_STATUSES.has(status)) await feature.handlers.stop({ id }, context);
  await untilQuiet(task, context.signal);
  await feature.handlers.isolate({ id }, context);
  try {
    await feature.handlers.destroy({ id }, context);
  } catch (error) {
    // It goes on by itself as soon as the source is there.
    if (isWaitingForSource(error)) await feature.handlers.recover({ id }, context);
    throw error;
  }
}

/** Asks a task that follows to pause, and waits until it does. False: it is being cut over and goes on in the control plane. */
export async function pauseKept(task: Task): Promise<boolean> {
  const { feature, id } = task;
  const context = { signal: AbortSignal.timeout(GIVE_UP_MS) };
  const { actions } = await feature.handlers.detail({ id }, context);
  if (actions.includes('pause')) await feature.handlers.pause({ id }, context);
  else if (actions.includes('takeBack') || actions.includes('finish')) return false;
  await untilQuiet(task, context.signal);
  return true;
}

/** All rows of a list that is read page by page. */
async function pages<Row>(
  read: (page: { search: string; offset: number; limit: number }) => Promise<{ total: number; rows: readonly Row[] }>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (;;) {
    const { total, rows } = await read({ search: '', offset: all.length, limit: PAGE });
    all.push(...rows);
    if (rows.length === 0 || all.length >= total) return all;
  }
}

/** Tables and objects that failed. */
export async function failures({ feature: { handlers }, id, io }: Task) {
  const context = { signal: io.signal };
  const [tables, objects] = await Promise.all([
    pages(async (page) => {
      const { total, tables: rows } = await handlers.tables({ id, ...page, state: 'failed' }, context);
      return { total, rows };
    }),
    pages(async (page) => {
      const { total, objects: rows } = await handlers.objects({ id, ...page, outcome: 'failed' }, context);
      return { total, rows };
    }),
  ]);
  return { tables, objects };
}
