import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutOverPlan, planWords } from '../../renderer/features/migration/task/complete-model';
import { TONE_OF_STANDING, TONE_OF_TABLE, DEEDS } from '../../renderer/features/migration/task/model';
import { WORKER_PHASES } from '../../electron/control-plane/migration/worker-protocol';
import type { Completion } from '../../shared/model/migration';
import {
  BLOCKERS,
  CHECK_STEPS,
  COMPARE_MODES,
  COMPARE_RESULTS,
  COMPARE_STATUSES,
  CUT_OVER_STEPS,
  EXISTING_ROWS,
  FOLLOW_STATES,
  HALT_CHOICES,
  MIGRATION_TYPES,
  ON_DRIFT,
  STEPS,
  STOP_WRITES,
} from '../../shared/model/migration-words';

const root = resolve(import.meta.dirname, '../..');

/** Kinds of the events that the control plane writes, and of those that its workers tell, as their source says. */
function kindsWritten(): string[] {
  const folder = join(root, 'electron/control-plane/migration');
  const read = (names: readonly string[]) => names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const daemon = read(files.filter((name) => name.startsWith('job')));
  const kinds = [
    ...daemon.matchAll(/kind: (?:[\w.]+ \? '([\w-]+)' : )?'([\w-]+)',\s*text/g),
    ...daemon.matchAll(/beginRun\(job, '([\w-]+)'|begin\(job, \{[^}]*\}, \w+, '([\w-]+)'/g),
    ...read(files).matchAll(/\.happened\(\s*'([\w-]+)'/g),
  ].flatMap(([, ...found]) => found.filter((kind) => kind !== undefined));
  return [...new Set([...kinds, ...WORKER_PHASES])];
}

describe.each(['en', 'zh-CN'])('in %s', (language) => {
  const texts: Record<string, unknown> = JSON.parse(
    readFileSync(join(root, 'resources/translations', language, 'migration.json'), 'utf8'),
  );
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], texts);
  const missing = (path: string, keys: readonly string[]): string[] =>
    keys.filter((key) => typeof at(`${path}.${key}`) !== 'string');

  it('every event of the control plane has a name', () => {
    const kinds = kindsWritten();
    expect(kinds).toEqual(expect.arrayContaining(['created', 'started', 'waits', 'worker-lost', 'failed', 'success']));
    expect(missing('event.kinds', kinds)).toEqual([]);
  });

  it('every status, step, state and deed has a word', () => {
    expect(missing('status', Object.keys(TONE_OF_STANDING))).toEqual([]);
    expect(missing('step', ['verify', ...STEPS])).toEqual([]);
    expect(missing('step.states', ['notStarted', 'running', 'success', 'failed', 'skipped', 'halted'])).toEqual([]);
    expect(missing('task.tableStates', [...Object.keys(TONE_OF_TABLE), 'halted'])).toEqual([]);
    expect(missing('action', DEEDS)).toEqual([]);
    expect(missing('task.types', MIGRATION_TYPES)).toEqual([]);
    expect(missing('task.existing', EXISTING_ROWS)).toEqual([]);
    expect(missing('check.groups', CHECK_STEPS)).toEqual([]);
    expect(missing('wizard.types', MIGRATION_TYPES)).toEqual([]);
    expect(missing('wizard.typeNotes', MIGRATION_TYPES)).toEqual([]);
  });

  it('so has all that is told of following, completing, halts and comparisons', () => {
    expect(missing('task.follow.states', FOLLOW_STATES)).toEqual([]);
    expect(missing('task.complete.blockers', BLOCKERS)).toEqual([]);
    expect(missing('task.complete.stopWritesBy', STOP_WRITES)).toEqual([]);
    expect(missing('task.complete.stopWritesNotes', STOP_WRITES)).toEqual([]);
    expect(missing('task.cutOver.steps', CUT_OVER_STEPS)).toEqual([]);
    expect(missing('wizard.advanced.drift', ON_DRIFT)).toEqual([]);
    expect(missing('wizard.advanced.driftNotes', ON_DRIFT)).toEqual([]);
    expect(missing('task.halt.choices', HALT_CHOICES)).toEqual([]);
    for (const kind of ['ddl', 'structure', 'drift'])
      expect(missing(`task.halt.notes.${kind}`, HALT_CHOICES)).toEqual([]);
    expect(missing('compare.modes', [...COMPARE_MODES, 'none'])).toEqual([]);
    expect(missing('compare.modeNotes', [...COMPARE_MODES, 'none'])).toEqual([]);
    expect(missing('compare.statuses', COMPARE_STATUSES)).toEqual([]);
    expect(missing('compare.results', COMPARE_RESULTS)).toEqual([]);
  });

  it('every step of a cut-over can be told before', () => {
    const chosen: Completion[] = [
      { stopWrites: 'byHand', moveAddress: false, failBack: true, compare: 'full' },
      { stopWrites: 'readOnly', moveAddress: true, failBack: false, compare: 'sample' },
      { stopWrites: 'readOnly', moveAddress: true, failBack: false, compare: null },
    ];
    for (const completion of chosen) {
      const words = cutOverPlan(completion).map((step) => planWords(step, completion));
      expect(missing('task.complete.plan', words)).toEqual([]);
    }
  });
});
