import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CHECKS } from '../../electron/control-plane/migration/checks/registry';
import { productionServer } from '../../renderer/features/migration/model';
import { effectWords, remedyWords, UNCHECKED_EFFECT } from '../../renderer/features/migration/wizard/finding-words';
import { openAlarms } from '../../renderer/features/migration/wizard/verify-model';
import type { Finding } from '../../shared/model/migration';
import type { EndpointView } from '../../shared/model/migration-api';
import { CHECK_STEPS } from '../../shared/model/migration-words';
import { NEW_SERVER, type ServerView } from '../../shared/model/server';

const texts = z.record(z.string(), z.string());
const words = z.object({ check: z.object({ titles: texts, groups: texts }) });
const findingWords = z.object({ effects: texts, remedies: texts });
const root = resolve(import.meta.dirname, '../..');

const oneFinding: Finding = {
  check: 'slot-wal-kept',
  step: 'SrcParameterCheck',
  level: 'warning',
  side: 'source',
  database: '',
  title: 'Log that is kept for a slot',
  found: 'max_slot_wal_keep_size is -1',
  items: [],
  count: 0,
  effect: 'The log fills the disk.',
  remedy: 'ALTER SYSTEM SET max_slot_wal_keep_size = ...',
  sql: '',
  fix: null,
};

const server: ServerView = {
  ...NEW_SERVER,
  id: 's1',
  name: 'Shop prod',
  host: 'localhost',
  port: 5432,
  user: 'shop',
  hasPassword: true,
  hasSshPassword: false,
  status: { connected: false, version: '', versionNum: 0, user: '', superuser: false, tls: '', problem: '' },
};

describe('the words of the checks', () => {
  it.each(['en', 'zh-CN'])('has a title for every check in %s', (language) => {
    const file = join(root, `resources/translations/${language}/migration.json`);
    const { check } = words.parse(JSON.parse(readFileSync(file, 'utf8')));
    expect(CHECKS.map(({ id }) => id).filter((id) => check.titles[id] === undefined)).toEqual([]);
    expect(CHECK_STEPS.filter((step) => check.groups[step] === undefined)).toEqual([]);
  });

  it('says effect and remedy of every check in Chinese', () => {
    const { effects, remedies } = findingWords.parse(
      JSON.parse(readFileSync(join(root, 'resources/translations/zh-CN/control-plane/findings.json'), 'utf8')),
    );
    const wanted = [...CHECKS.map(({ id }) => id), 'reachable', 'selection-read', 'unchecked'].toSorted();
    expect(Object.keys(effects).toSorted()).toEqual(wanted);
    expect(Object.keys(remedies).toSorted()).toEqual(wanted);
    expect([...Object.values(effects), ...Object.values(remedies)].filter((text) => text.trim() === '')).toEqual([]);
  });

  it('does not say what a check would have meant that could not be made', () => {
    const source = readFileSync(join(root, 'electron/control-plane/migration/checks/run-checks.ts'), 'utf8');
    expect(source).toContain(`'${UNCHECKED_EFFECT}'`);
    const unchecked = { ...oneFinding, effect: UNCHECKED_EFFECT };
    expect(effectWords(unchecked)).toEqual({ key: 'effects.unchecked', varies: false });
    expect(effectWords(oneFinding)).toEqual({ key: 'effects.slot-wal-kept', varies: true });
    expect(remedyWords(oneFinding)).toEqual({ key: 'remedies.slot-wal-kept', varies: true });
  });
});

describe('a start', () => {
  it('counts the alarms that nobody has accepted', () => {
    const findings: Finding[] = [
      oneFinding,
      { ...oneFinding, check: 'wal-senders' },
      { ...oneFinding, check: 'encoding', step: 'ConflictCheck' },
      { ...oneFinding, check: 'money', step: 'ConflictCheck', level: 'info' },
    ];
    expect(openAlarms(findings, [])).toBe(3);
    expect(openAlarms(findings, ['SrcParameterCheck'])).toBe(1);
    expect(openAlarms(findings, ['SrcParameterCheck', 'ConflictCheck'])).toBe(0);
  });

  it('knows a target that is registered as production', () => {
    const production: ServerView = { ...server, id: 's2', host: 'prod.example.org', environment: 'production' };
    const view: EndpointView = {
      accessType: 'extranet',
      region: '',
      instanceId: '',
      host: 'prod.example.org',
      port: 5432,
      user: 'mover',
      database: 'postgres',
      ssl: NEW_SERVER.ssl,
      ssh: null,
      hasPassword: true,
      hasSshPassword: false,
    };
    expect(productionServer(view, [server, production])).toBe(production);
    expect(productionServer({ ...view, port: 5433 }, [server, production])).toBeNull();
    expect(productionServer({ ...view, host: 'localhost' }, [server, production])).toBeNull();
    expect(productionServer(null, [production])).toBeNull();
  });
});
