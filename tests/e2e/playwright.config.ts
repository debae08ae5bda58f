import { defineConfig } from '@playwright/test';

/** Where the report of a whole run goes (electron/dev/test.mjs). */
const report = process.env['HOWDAH_JSON_REPORT'];

/**
 * Every test opens a window of its own; two cores carry one at a time. In a whole run a test is tried twice, because a virtual display on a
 * shared machine stands still now and then; the summary names what needed it.
 */
export default defineConfig({
  testDir: '.',
  testIgnore: 'tour/**',
  outputDir: '../../artifacts/e2e',
  workers: 1,
  retries: report ? 1 : 0,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  use: { trace: 'off', screenshot: 'off', actionTimeout: 15_000 },
});
