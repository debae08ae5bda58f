import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '..');
/** A condition that is waited for may take long on a machine with much to do: the usual second is too short. */
const POLL = { poll: { timeout: 20_000 } };
const project = (name: string, extra: object = {}) => ({
  root,
  test: { name, include: [`tests/${name}/**/*.test.{ts,tsx}`], expect: POLL, ...extra },
});

/**
 * The machine may have two cores. Files that start servers wait for them most of the time: two of them go side by side. Where time is what is
 * looked at (faults, figures), one file runs at a time.
 */
const withServers = { pool: 'forks' as const, fileParallelism: false, testTimeout: 120_000, hookTimeout: 180_000 };

export default defineConfig({
  root,
  test: {
    projects: [
      // scrypt with real parameters takes seconds on a busy machine.
      project('unit', { testTimeout: 30_000 }),
      project('integration', { ...withServers, fileParallelism: true, maxWorkers: 2 }),
      project('faults', { ...withServers, testTimeout: 300_000 }),
      project('bench', { ...withServers, testTimeout: 1_800_000 }),
    ],
  },
});
