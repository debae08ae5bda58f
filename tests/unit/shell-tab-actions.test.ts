import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keysInForce, reservedReason } from '../../shared/model/keymap';
import { MADE_TAB_ACTIONS, TAB_ACTION_CATALOGUE } from '../../shared/model/tab-actions';

const root = resolve(import.meta.dirname, '../..');
const features = join(root, 'renderer/features');

/** Ids in the files that offer actions; of one that is made, the part before what is filled in. */
const offered = readdirSync(features, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(join(features, file), 'utf8'))
  .filter((text) => text.includes('useTabActions('))
  .flatMap((text) => [...text.matchAll(/\bid: ['`]([a-z]+\.[^'`$]*)/g)].map(([, id = '']) => id));

describe('the catalogue of tab actions', () => {
  it('has every action that a view offers', () => {
    const isKnown = (id: string) => TAB_ACTION_CATALOGUE[id] !== undefined || MADE_TAB_ACTIONS.includes(id);
    expect(offered.length).toBeGreaterThan(50);
    expect(offered.filter((id) => !isKnown(id))).toEqual([]);
    const made = offered.filter((id) => /[-.]$/.test(id));
    const isOffered = (id: string) => offered.includes(id) || made.some((start) => id.startsWith(start));
    expect(Object.keys(TAB_ACTION_CATALOGUE).filter((id) => !isOffered(id))).toEqual([]);
  });

  it.each(['en', 'zh-CN'])('has a name for each in %s', (language) => {
    const named = Object.values(TAB_ACTION_CATALOGUE).map(({ label }) => {
      const [file = '', path = ''] = label.split(':');
      let value: unknown = JSON.parse(
        readFileSync(join(root, 'resources/translations', language, `${file}.json`), 'utf8'),
      );
      for (const key of path.split('.')) value = Object.entries(value ?? {}).find(([each]) => each === key)?.[1];
      return { label, named: typeof value === 'string' };
    });
    expect(named.filter((each) => !each.named)).toEqual([]);
  });

  it('gives no key that is reserved, and tells the keys without the view', () => {
    const keys = Object.keys(TAB_ACTION_CATALOGUE).flatMap((id) => keysInForce(id, undefined, {}));
    expect(keys.filter((own) => reservedReason(own, false) !== null)).toEqual([]);
    expect(keysInForce('query.run', undefined, {})).toContain('f5');
  });
});
