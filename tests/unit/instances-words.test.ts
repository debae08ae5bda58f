import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import i18next, { type i18n } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { PLANS } from '../../electron/control-plane/instances/plans';
import { eventDetail, eventText } from '../../renderer/features/instances/detail/event-text';
import { noteShare, noteText, stepText } from '../../renderer/features/instances/labels';

const root = resolve(import.meta.dirname, '../..');
const LANGUAGES = ['en', 'zh-CN'] as const;
const textsOf = (language: string): Record<string, Record<string, string>> =>
  JSON.parse(readFileSync(join(root, 'resources/translations', language, 'instances.json'), 'utf8'));

/** Kinds that the control plane writes events and finished operations of, as its source says. */
function kindsWritten(): string[] {
  const folder = join(root, 'electron/control-plane/instances');
  const source = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const kinds = source.matchAll(/level:[^;{}]{0,80}?kind: '([\w -]+)'|kind: '([\w -]+)',\s*startedAt/g);
  // Documents of the whole control plane, whose kinds are put together.
  const troubles = ['networks', 'rates'].flatMap((name) => [`${name}-restored`, `${name}-lost`]);
  return [...new Set([...kinds].map(([, event, done]) => event ?? done ?? '')), ...troubles];
}

describe.each(LANGUAGES)('in %s', (language) => {
  const texts = textsOf(language);
  let words: i18n;
  beforeAll(async () => {
    words = i18next.createInstance();
    await words.init({ lng: language, ns: ['instances'], resources: { [language]: { instances: texts } } });
  });
  const t = () => words.getFixedT(language, 'instances');

  it('every step of every operation has a name', () => {
    const steps = Object.values(PLANS).flatMap((plan) => plan.steps.map(({ name }) => name));
    expect(steps.filter((step) => texts['steps']?.[step] === undefined)).toEqual([]);
    expect(Object.keys(PLANS).filter((kind) => texts['kinds']?.[kind] === undefined)).toEqual([]);
  });

  it('every kind of event has a name', () => {
    const kinds = kindsWritten();
    expect(kinds).toEqual(
      expect.arrayContaining(['degraded', 'synchronous', 'rebuilt', 'failover', 'revived', 'drill']),
    );
    expect(kinds.filter((kind) => (texts['events']?.[kind] ?? texts['kinds']?.[kind]) === undefined)).toEqual([]);
  });

  it('known notes and events are told with their figures', () => {
    const note = noteText(t(), 'Fetching PostgreSQL 17.10: 12 of 27 MB');
    expect(note).toMatch(/12.*27 MB/);
    expect(note).not.toContain('Fetching');
    expect(noteText(t(), 'Copying the data: 43 %')).toContain('43 %');
    expect(noteText(t(), 'Something new')).toBe('Something new');
    expect(['Fetching PostgreSQL 17.10: 12 of 24 MB', 'Copying the data: 43 %', 'New', ''].map(noteShare)).toEqual([
      0.5, 0.43, 0, 0,
    ]);
    expect(stepText(t(), { step: 'binaries', note: '' })).toBe(texts['steps']?.['binaries']);
    const failover = { kind: 'failover', text: 'n2 took over from n1. The server process ended' };
    expect(eventText(t(), failover)).toMatch(/n2.*n1/);
    expect(eventDetail(failover)).toBe('The server process ended');
    const drill = 'Drill (kill): served again after 812 ms, 0 of 95 acknowledged commits lost';
    expect(eventText(t(), { kind: 'drill', text: drill })).toMatch(/812.*(0.*95|95.*0)/);
    expect(eventText(t(), { kind: 'drill', text: 'Drill (kill): gone' })).toBe('Drill (kill): gone');
  });
});
