import { readFileSync } from 'node:fs';
import { messageOf } from './console.mjs';

/**
 * Names of what failed, of what was skipped, and of what held at the second try only (it counts as passed).
 * @typedef {{ passed: number, failed: readonly string[], skipped: readonly string[], unsteady: readonly string[] }} Results
 */

/** @type {Results} */
const NOTHING = { passed: 0, failed: [], skipped: [], unsteady: [] };

/** @param {readonly Results[]} all @returns {Results} */
export const sum = (all) =>
  all.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: [...total.failed, ...each.failed],
      skipped: [...total.skipped, ...each.skipped],
      unsteady: [...total.unsteady, ...each.unsteady],
    }),
    NOTHING,
  );

/** @param {string} name @param {boolean} held @returns {Results} */
export const single = (name, held) => ({ ...NOTHING, passed: held ? 1 : 0, failed: held ? [] : [name] });

/** @typedef {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }} VitestFile */
/** @typedef {{ title: string, specs?: { title: string, tests: { status: string }[] }[], suites?: PlaywrightSuite[] }} PlaywrightSuite */

/** Vitest's JSON report. A file that could not even be loaded counts as one failure. @param {string} text @returns {Results} */
export function readVitest(text) {
  /** @type {{ testResults: VitestFile[] }} */
  const report = JSON.parse(text);
  return sum(
    report.testResults.map((file) => {
      const named = (/** @type {readonly string[]} */ status) =>
        file.assertionResults.filter((each) => status.includes(each.status));
      const failed = named(['failed']).map((each) => each.fullName);
      return {
        passed: named(['passed']).length,
        failed: file.status === 'failed' && failed.length === 0 ? [file.name] : failed,
        skipped: named(['pending', 'skipped', 'todo', 'disabled']).map((each) => each.fullName),
        unsteady: [],
      };
    }),
  );
}

/** Playwright's JSON report. @param {string} text @returns {Results} */
export function readPlaywright(text) {
  /** @type {{ suites: PlaywrightSuite[], errors: { message?: string }[] }} */
  const report = JSON.parse(text);
  /** @type {{ title: string, tests: { status: string }[] }[]} */
  const specs = [];
  const walk = (/** @type {PlaywrightSuite} */ suite, /** @type {readonly string[]} */ path) => {
    for (const spec of suite.specs ?? []) specs.push({ title: [...path, spec.title].join(' › '), tests: spec.tests });
    for (const child of suite.suites ?? []) walk(child, [...path, child.title]);
  };
  for (const suite of report.suites) walk(suite, [suite.title]);
  const named = (/** @type {readonly string[]} */ status) =>
    specs.flatMap(({ title, tests }) => tests.filter((test) => status.includes(test.status)).map(() => title));
  return {
    passed: named(['expected', 'flaky']).length,
    failed: [...named(['unexpected']), ...report.errors.map((error) => String(error.message).split('\n', 1).join(''))],
    skipped: named(['skipped']),
    unsteady: named(['flaky']),
  };
}

/**
 * A runner's report from its file. A runner that ended without one, or with a failure that its report doesn't tell, has failed by name.
 * @param {string} name @param {string} file @param {(text: string) => Results} parse @param {number} code @returns {Results}
 */
export function readReport(name, file, parse, code) {
  let results;
  try {
    results = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return single(`${name} ended without a report (exit code ${code}): ${messageOf(error)}`, false);
  }
  if (code !== 0 && results.failed.length === 0) return sum([results, single(`${name} (exit code ${code})`, false)]);
  return results;
}

/** @param {Results} results */
export const totals = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
