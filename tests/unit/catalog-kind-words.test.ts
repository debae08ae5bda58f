import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { KINDS, propertiesOf } from '../../electron/features/catalog/kinds/all-kinds';
import type { PropertiesDefinition } from '../../electron/features/catalog/kinds/kind';
import { LISTINGS } from '../../electron/features/catalog/kinds/listing-columns';
import { STATISTICS } from '../../electron/features/catalog/statistics/all-statistics';
import { FOLDER_KINDS, OBJECT_KINDS } from '../../shared/model/catalog';

const words = z
  .record(z.string(), z.unknown())
  .parse(
    JSON.parse(readFileSync(resolve(import.meta.dirname, '../../resources/translations/en/catalog.json'), 'utf8')),
  );

const wordsOf = (section: string): string[] => Object.keys(z.record(z.string(), z.string()).parse(words[section]));

/** Keys that have no text. */
const without = (section: string, keys: readonly string[]): string[] => {
  const known = new Set(wordsOf(section));
  return [...new Set(keys)].filter((key) => !known.has(key));
};

const definitions: PropertiesDefinition[] = [
  ...OBJECT_KINDS.flatMap((kind) => propertiesOf(kind) ?? []),
  ...Object.values(STATISTICS),
];

describe('everything that is told of an object has a text', () => {
  it('its kind, its folder and its marks', () => {
    expect(without('kinds', OBJECT_KINDS)).toEqual([]);
    expect(without('folders', FOLDER_KINDS)).toEqual([]);
    const sql = Object.values(KINDS).flatMap(({ select }) => Object.values(select));
    const marks = sql.flatMap((text) =>
      [...text.matchAll(/(?:THEN|ELSE) '([a-z-]+)'(?=[^,]* AS mark)/g)].map(([, mark]) => mark ?? ''),
    );
    expect(marks).toContain('restrictive');
    expect(without('marks', marks)).toEqual([]);
  });

  it('every kind has properties, and each fact, grid and column its name', () => {
    expect(OBJECT_KINDS.filter((kind) => !propertiesOf(kind))).toEqual([]);
    const items = definitions.flatMap(({ items: plain, guarded }) => [...plain, ...(guarded?.items ?? [])]);
    expect(
      without(
        'properties',
        items.map(([key]) => key),
      ),
    ).toEqual([]);
    const grids = definitions.flatMap((definition) => definition.grids);
    expect(
      without(
        'grids',
        grids.map(({ key }) => key),
      ),
    ).toEqual([]);
    expect(
      without(
        'columns',
        grids.flatMap(({ columns }) => columns),
      ),
    ).toEqual([]);
  });

  it('the columns of every listing', () => {
    const keys = Object.values(LISTINGS).flatMap(({ columns }) => columns.map(([key]) => key));
    expect(without('columns', ['name', 'comment', ...keys])).toEqual([]);
  });
});
