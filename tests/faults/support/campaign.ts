import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** How often, with which timing, and where the results go: `npm run faults -- --rounds N --seed N --json FILE`. */

/** `npm test` runs the short form. */
export const SHORT = process.env['HOWDAH_FAULTS'] === 'short';
/** One in the short form, as many as are asked for, or else `usual`. */
export const roundsOf = (usual: number): number => Number(process.env['HOWDAH_FAULT_ROUNDS'] ?? (SHORT ? 1 : usual));
export const ROUNDS = roundsOf(2);
export const SEED = Number(process.env['HOWDAH_SEED'] ?? Math.floor(Math.random() * 1_000_000));

/** The scenarios to play, for `it.each`: all of them, or in the short form the ones named. */
export const played = <T>(scenarios: Readonly<Record<string, T>>, short: readonly string[]): [string, T][] =>
  Object.entries(scenarios).filter(([name]) => !SHORT || short.includes(name));

/** Numbers from 0 to 1, the same for the same seed, scenario and round, whatever ran before. */
export function randomOf(scenario: string, round: number): () => number {
  let state = SEED ^ 0x9e3779b9;
  for (const char of `${scenario} ${round}`) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One scenario of the file of `--json`, a list of these. */
export interface ScenarioResult {
  readonly name: string;
  readonly rounds: number;
  /** Commits that writers were told of. */
  readonly acknowledged: number;
  /** Of these, the ones that were missing at the end. */
  readonly lost: number;
  /** The longest time without an acknowledged commit, of all rounds. */
  readonly longestOutageMs: number;
}

/** Adds a round to the results: after each, so that an aborted campaign leaves what it found. */
export function addRound(name: string, round: Omit<ScenarioResult, 'name' | 'rounds'>): void {
  const file = process.env['HOWDAH_FAULTS_JSON'];
  if (!file) return;
  const all = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ScenarioResult[]) : [];
  const before = all.find((each) => each.name === name);
  const sum: ScenarioResult = {
    name,
    rounds: (before?.rounds ?? 0) + 1,
    acknowledged: (before?.acknowledged ?? 0) + round.acknowledged,
    lost: (before?.lost ?? 0) + round.lost,
    longestOutageMs: Math.max(before?.longestOutageMs ?? 0, Math.round(round.longestOutageMs)),
  };
  const next = before ? all.map((each) => (each === before ? sum : each)) : [...all, sum];
  writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`);
}
