import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Stop, green, red, say } from './console.mjs';

/**
 * The options of `npm run bench` and `npm run faults`. The tests learn of them by their environment; every other argument is vitest's, e.g. the
 * name of a file.
 * @typedef {{ env: NodeJS.ProcessEnv, rest: readonly string[], finish: (code: number) => number }} Campaign
 */

/**
 * Takes `--name VALUE` and `--name=VALUE` out of arguments.
 * @param {readonly string[]} args @param {readonly string[]} names
 * @returns {{ values: Readonly<Record<string, string>>, rest: string[] }}
 */
export function takeOptions(args, names) {
  /** @type {Record<string, string>} */
  const values = {};
  const rest = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const name = names.find((each) => arg === `--${each}` || arg.startsWith(`--${each}=`));
    if (name === undefined) {
      rest.push(arg);
      continue;
    }
    const joined = arg.startsWith(`--${name}=`);
    const value = joined ? arg.slice(name.length + 3) : args[(index += 1)];
    if (!value) throw new Stop(`--${name} needs a value`);
    values[name] = value;
  }
  return { values, rest };
}

/** @param {string} name @param {string | undefined} text @param {number} least */
function wholeNumber(name, text, least) {
  if (text === undefined) return;
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw new Stop(`--${name} takes a whole number from ${least}, not ${text}`);
}

/** A list that the tests add to while they run: in the file that was asked for, or one that is thrown away. @param {string | undefined} path @param {string} folder */
function openList(path, folder) {
  const temporary = path === undefined ? mkdtempSync(join(tmpdir(), 'howdah-campaign-')) : null;
  const file = temporary === null ? resolve(folder, path ?? '') : join(temporary, 'list.json');
  try {
    writeFileSync(file, '[]\n');
  } catch (error) {
    throw new Stop(`${file} can't be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {
    file,
    /** @returns {Record<string, string | number | boolean>[]} */
    close() {
      const list = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
      if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
      return list;
    },
  };
}

/** Columns as wide as their widest cell. @param {readonly (readonly string[])[]} rows */
function table(rows) {
  const widths = rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) say(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

/** @param {readonly string[]} args @param {string} folder where file names start @returns {Campaign} */
function bench(args, folder) {
  const { values, rest } = takeOptions(args, ['json', 'only']);
  const { json, only = '' } = values;
  const list = openList(json, folder);
  return {
    env: { HOWDAH_BENCH_JSON: list.file, HOWDAH_BENCH_ONLY: only },
    rest,
    finish(code) {
      const figures = list.close();
      say('');
      for (const { name, ours, peer, peerName, ratio, goal, holds } of figures)
        say(`${holds ? green('✓') : red('✗')} ${name}: ${ours}, ${peerName} ${peer}, ratio ${ratio}; goal ${goal}`);
      if (figures.length === 0) say(only === '' ? 'No figure was measured' : `No figure was measured for ${only}`);
      return code === 0 && figures.length === 0 ? 1 : code;
    },
  };
}

/** @param {readonly string[]} args @param {string} folder @returns {Campaign} */
function faults(args, folder) {
  const { values, rest } = takeOptions(args, ['json', 'rounds', 'seed']);
  const { json, rounds, seed = String(Math.floor(Math.random() * 1e6)) } = values;
  wholeNumber('rounds', rounds, 1);
  wholeNumber('seed', seed, 0);
  const list = openList(json, folder);
  say(`Seed ${seed}: --seed ${seed} repeats this run`);
  // A campaign is the scenarios with writers; the other faults have rounds of their own.
  const files = rounds === undefined || rest.some((arg) => !arg.startsWith('-')) ? [] : ['tests/faults/availability'];
  return {
    env: {
      HOWDAH_FAULTS_JSON: list.file,
      HOWDAH_SEED: seed,
      ...(rounds === undefined ? {} : { HOWDAH_FAULT_ROUNDS: rounds }),
    },
    rest: [...files, ...rest],
    finish(code) {
      const scenarios = list.close();
      if (scenarios.length > 0) {
        say('');
        table([
          ['scenario', 'rounds', 'acknowledged', 'lost', 'longest outage'],
          ...scenarios.map(({ name, rounds: done, acknowledged, lost, longestOutageMs }) => [
            String(name),
            String(done),
            String(acknowledged),
            String(lost),
            `${longestOutageMs} ms`,
          ]),
        ]);
      }
      return code;
    },
  };
}

/** @type {Record<string, (args: readonly string[], folder: string) => Campaign>} */
export const CAMPAIGNS = { bench, faults };

/** Whether the app itself is measured: it needs a display and a runtime. @param {Campaign} campaign */
export function measuresWindow({ env, rest }) {
  const only = env['HOWDAH_BENCH_ONLY'] ?? '';
  const asked = only.startsWith('app/') || 'app/'.startsWith(only);
  const files = rest.filter((arg) => !arg.startsWith('-'));
  return asked && (files.length === 0 || files.some((file) => file.includes('app')));
}
