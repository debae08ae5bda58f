import { describe, expect, it } from 'vitest';
import { rankAll, rankOf, type Ranked } from '../../renderer/app/palette/rank';

const entry = (label: string, more: Partial<Ranked> = {}): Ranked => ({
  id: label,
  label,
  note: '',
  words: '',
  ...more,
});
const order = (search: string, entries: readonly Ranked[], recent: readonly string[] = []): string[] =>
  rankAll(search, entries, recent, 60).map(({ label }) => label);

describe('the palette', () => {
  it('puts a whole name before a start, a start before a word, a word before a part, and a part before letters', () => {
    const entries = ['a border line', 'on reorder', 'orders', 'order', 'my order', 'o r d e r', 'other'].map((label) =>
      entry(label),
    );
    expect(order('order', entries)).toEqual([
      'order',
      'orders',
      'my order',
      'on reorder',
      'a border line',
      'o r d e r',
    ]);
  });

  it('wants every word of the search, in any order, also from the second line', () => {
    expect(rankOf('server shop', entry('Shop', { note: 'server at 10.0.0.1' }))).toBeGreaterThan(0);
    expect(rankOf('server bank', entry('Shop', { note: 'server at 10.0.0.1' }))).toBe(0);
    expect(order('help', [entry('Getting started', { words: 'Help' }), entry('Open help')])[0]).toBe('Open help');
  });

  it('leaves those in their order whose second line says what was searched for', () => {
    const tabs = ['Start', 'Help', 'Autocommit tab'].map((label) => entry(label, { note: 'Go to tab' }));
    expect(order('go to tab', [entry('Autocommit', { note: 'Go to setting', words: 'tabs commit' }), ...tabs])[0]).toBe(
      'Autocommit tab',
    );
    expect(
      order('go to tab', [entry('Autocommit', { note: 'Go to setting', words: 'tabs commit' }), ...tabs.slice(0, 2)]),
    ).toEqual(['Start', 'Help', 'Autocommit']);
  });

  it('finds by letters that are left out, not by two letters anywhere', () => {
    expect(rankOf('shwtsk', entry('Show tasks'))).toBeGreaterThan(0);
    expect(rankOf('st', entry('Something between'))).toBe(0);
  });

  it('prefers what was used last among those that match alike', () => {
    const entries = [entry('Query on Alpha'), entry('Query on Bravo'), entry('Query on Delta')];
    expect(order('query', entries)[0]).toBe('Query on Alpha');
    expect(order('query', entries, ['Query on Delta', 'Query on Bravo'])).toEqual([
      'Query on Delta',
      'Query on Bravo',
      'Query on Alpha',
    ]);
    // Not before what matches better.
    expect(order('delta', [...entries, entry('Delta')], ['Query on Delta'])[0]).toBe('Delta');
  });

  it('answers a key in time with 10,000 entries', () => {
    const many = Array.from({ length: 10_000 }, (_, at) =>
      entry(`schema_${at % 100}.table number ${at}`, { note: 'Shop' }),
    );
    rankAll('warm', many, [], 60);
    const before = performance.now();
    for (const search of ['t', 'ta', 'table 77', 'number 4 shop', 'schmatbl']) rankAll(search, many, [], 60);
    expect((performance.now() - before) / 5).toBeLessThan(50);
  });
});
