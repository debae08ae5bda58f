import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TONE_OF_STANDING, TONE_OF_TABLE, DEEDS } from '../../renderer/features/migration/task/model';
import { CHECK_STEPS, EXISTING_ROWS, MIGRATION_TYPES, STEPS } from '../../shared/model/migration-words';

const root = resolve(import.meta.dirname, '../..');

/** Kinds of the events that the control plane writes, as its source says. */
function kindsWritten(): string[] {
  const folder = join(root, 'electron/control-plane/migration');
  const source = readdirSync(folder)
    .filter((name) => name.startsWith('job'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const kinds = source.matchAll(/kind: '([\w-]+)',\s*text|beginRun\(job, '([\w-]+)'/g);
  return [...new Set([...kinds].map(([, told, begun]) => told ?? begun ?? ''))];
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
  });
});
