import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * One figure of `npm run bench`, as `--json FILE` writes it: a list of these. `ours` and `peer` are medians of the same run, in the unit that
 * `goal` names for `ours` (README.md lists the figures); `ratio` is `ours / peer`, rounded like all numbers to four digits.
 */
export interface Figure {
  /** `<noun>/<what>`, e.g. `instances/fail-over`. */
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  /** What `peer` is the figure of. */
  readonly peerName: string;
  readonly ratio: number;
  /** What must hold: `ratio` or `ours`, a comparison, a number, and the unit where `ours` has one: `ratio >= 0.8`, `ours < 5 s`. */
  readonly goal: string;
  readonly holds: boolean;
}

type Comparison = '<' | '<=' | '>' | '>=';
export type Goal = `${'ratio' | 'ours'} ${Comparison} ${number}`;

export interface Measured {
  readonly name: string;
  /** The values of all rounds, or one. */
  readonly ours: number | readonly number[];
  readonly peer: number | readonly number[];
  readonly peerName: string;
  /** Of both values: `s`, `ms`, `MB`, `transactions/s`; '' for a plain number. */
  readonly unit: string;
  readonly goal: Goal;
}

/** Whether `--only` asks for one of these figures: it names a figure, or the beginning of several. */
export function wanted(...names: readonly string[]): boolean {
  const only = process.env['HOWDAH_BENCH_ONLY'] ?? '';
  return names.some((name) => name.startsWith(only));
}

/** Rounds of a measurement that takes turns with its peer. */
export const ROUNDS = Number(process.env['HOWDAH_ROUNDS'] ?? 5);

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const middle = (value: number | readonly number[]): number => (typeof value === 'number' ? value : median(value));
const rounded = (value: number): number => Number(value.toPrecision(4));

function meets(goal: Goal, values: { readonly ratio: number; readonly ours: number }): boolean {
  const [of = '', comparison = '', limit = ''] = goal.split(' ');
  const value = of === 'ratio' ? values.ratio : values.ours;
  switch (comparison) {
    case '<':
      return value < Number(limit);
    case '<=':
      return value <= Number(limit);
    case '>':
      return value > Number(limit);
    default:
      return value >= Number(limit);
  }
}

/**
 * Tells a figure: one line on the terminal, and an entry of the file of `--json`. Figures that `--only` leaves out are left out. Whether the goal
 * holds is for the test to ask (`missed`), when all of its figures are told.
 */
export function record(measured: Measured): Figure {
  const { name, peerName, unit } = measured;
  const [ours, peer] = [middle(measured.ours), middle(measured.peer)];
  const ratio = rounded(ours / peer);
  const holds = meets(measured.goal, { ratio, ours });
  const goal = measured.goal.startsWith('ours') && unit !== '' ? `${measured.goal} ${unit}` : measured.goal;
  const figure: Figure = { name, ours: rounded(ours), peer: rounded(peer), peerName, ratio, goal, holds };
  if (!wanted(name)) return figure;
  const space = unit === '' ? '' : ' ';
  process.stdout.write(
    `${holds ? '✓' : '✗'} ${name}: ${figure.ours}${space}${unit}, ${peerName} ${figure.peer}${space}${unit}, ratio ${ratio}; goal ${goal}\n`,
  );
  const file = process.env['HOWDAH_BENCH_JSON'];
  if (file) {
    const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Figure[]) : [];
    writeFileSync(file, `${JSON.stringify([...before.filter((each) => each.name !== name), figure], null, 2)}\n`);
  }
  return figure;
}

/** What does not hold, in words: a test expects this to be empty. */
export const missed = (figures: readonly Figure[]): string[] =>
  figures
    .filter(({ name, holds }) => !holds && wanted(name))
    .map(({ name, ours, ratio, goal }) => `${name}: ${ours} and a ratio of ${ratio}, but the goal is ${goal}`);
