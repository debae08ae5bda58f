import { defineConfig } from '@playwright/test';

const report = process.env['HOWDAH_JSON_REPORT'];

/** The guided tour: one window from the first start to a copied database. `npm start` without a display, and the end of `npm test`. */
export default defineConfig({
  testDir: '.',
  outputDir: '../../../artifacts/tour/run',
  workers: 1,
  timeout: 420_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: report ? [['list'], ['json', { outputFile: report }]] : [['list']],
  use: { trace: 'off', screenshot: 'off', actionTimeout: 20_000 },
});
