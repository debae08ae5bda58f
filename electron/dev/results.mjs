import { readFileSync } from 'node:fs';
import { messageOf } from './console.mjs';

/**
 * Names of what failed, of what was skipped, and of what held at the second try only (it counts as passed); `why` tells the beginning of what a
 * runner said of a failure, by its name.
 * @typedef {{ passed: number, failed: readonly string[], skipped: readonly string[], unsteady: readonly string[], why: Readonly<Record<string, string>> }} Results
 */

/** @type {Results} */
const NOTHING = { passed: 0, failed: [], skipped: [], unsteady: [], why: {} };

/** The longest that is told of one failure, in characters. */
const REASON = 600;

/** Colours are for terminals. */
const COLOURS = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g');

/** @param {string} [text] */
const reason = (text) => (text ?? '').replaceAll(COLOURS, '').slice(0, REASON).trim();

/** @param {readonly Results[]} all @returns {Results} */
export const sum = (all) =>
  all.reduce(
    (total, each) => ({
      passed: total.passed + each.passed,
      failed: [...total.failed, ...each.failed],
      skipped: [...total.skipped, ...each.skipped],
      unsteady: [...total.unsteady, ...each.unsteady],
      why: { ...total.why, ...each.why },
    }),
    NOTHING,
  );

/** @param {string} name @param {boolean} held @returns {Results} */
export const single = (name, held) => ({ ...NOTHING, passed: held ? 1 : 0, failed: held ? [] : [name] });

/** @typedef {{ name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }} VitestFile */
/** @typedef {{ status: string, results?: { error?: { message?: string } }[] }} PlaywrightTest */
/** @typedef {{ title: string, specs?: { title: string, tests: PlaywrightTest[] }[], suites?: PlaywrightSuite[] }} PlaywrightSuite */

/** Vitest's JSON report. A file that could not even be loaded counts as one failure. @param {string} text @returns {Results} */
export function readVitest(text) {
  /** @type {{ testResults: VitestFile[] }} */
  const report = JSON.parse(text);
  return sum(
    report.testResults.map((file) => {
      const named = (/** @type {readonly string[]} */ status) =>
        file.assertionResults.filter((each) => status.includes(each.status));
      const failures = named(['failed']);
      const failed = failures.map((each) => each.fullName);
      const why = failures.map((each) => [each.fullName, reason(each.failureMessages?.[0])]);
      const unloaded = file.status === 'failed' && failed.length === 0;
      return {
        passed: named(['passed']).length,
        failed: unloaded ? [file.name] : failed,
        skipped: named(['pending', 'skipped', 'todo', 'disabled']).map((each) => each.fullName),
        unsteady: [],
        why: unloaded ? { [file.name]: reason(file.message) } : Object.fromEntries(why),
      };
    }),
  );
}

/** Playwright's JSON report. @param {string} text @returns {Results} */
export function readPlaywright(text) {
  /** @type {{ suites: PlaywrightSuite[], errors: { message?: string }[] }} */
  const report = JSON.parse(text);
  /** @type {{ title: string, tests: PlaywrightTest[] }[]} */
  const specs = [];
  const walk = (/** @type {PlaywrightSuite} */ suite, /** @type {readonly string[]} */ path) => {
    for (const spec of suite.specs ?? []) specs.push({ title: [...path, spec.title].join(' › '), tests: spec.tests });
    for (const child of suite.suites ?? []) walk(child, [...path, child.title]);
  };
  for (const suite of report.suites) walk(suite, [suite.title]);
  const named = (/** @type {readonly string[]} */ status) =>
    specs.flatMap(({ title, tests }) => tests.filter((test) => status.includes(test.status)).map(() => title));
  const said = (/** @type {PlaywrightTest} */ test) => test.results?.find(({ error }) => error)?.error?.message;
  return {
    why: Object.fromEntries(
      specs.flatMap(({ title, tests }) =>
        tests
          .filter(({ status }) => status === 'unexpected' || status === 'flaky')
          .map((test) => [title, reason(said(test))]),
      ),
    ),
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
