import { expect, it } from 'vitest';
import { mergeRows } from '../../electron/features/compare/compare-data';
import { nextBatch } from '../../electron/features/compare/read-rows';
import { orderText, rowKeys, sameValue } from '../../electron/features/compare/row-keys';

it('a batch grows while rows are narrow, and fits into 8 MiB or is one row', () => {
  expect(nextBatch(16, 10)).toBe(64);
  expect(nextBatch(1024, 10)).toBe(2000);
  expect(nextBatch(2000, 0)).toBe(2000);
  expect(nextBatch(2000, 1024 * 1024)).toBe(8);
  expect(nextBatch(16, 900 * 1024 * 1024)).toBe(1);
});

it('keys are matched as values only where both sides have values of a kind', () => {
  const kindOf = (source: 'text' | 'integer' | 'numeric' | 'citext', target: typeof source): string | undefined =>
    rowKeys(['k'], { columns: ['v', 'k'], kinds: ['text', source] }, { columns: ['k'], kinds: [target] })[0]?.kind;
  expect(kindOf('numeric', 'integer')).toBe('numeric');
  expect(kindOf('integer', 'integer')).toBe('text');
  expect(kindOf('citext', 'text')).toBe('text');
  expect(kindOf('citext', 'citext')).toBe('citext');
});

it('rows are sorted by bytes in UTF-8 in every encoding', () => {
  const key = { column: 'a"b', kind: 'text' } as const;
  expect(orderText(key, 'UTF8')).toBe('("a""b"::pg_catalog.text) COLLATE pg_catalog."C"');
  expect(orderText(key, 'WIN1251')).toBe(`pg_catalog.convert_to(("a""b"::pg_catalog.text), 'UTF8')`);
});

it('numbers are the same by their value, all else by its text', () => {
  expect(sameValue('float8', '0.10000000000000001', '0.1')).toBe(true);
  expect(sameValue('float8', '0.1', '0.10000001')).toBe(false);
  expect(sameValue('float4', '0.100000001', '0.1')).toBe(true);
  expect(sameValue('float8', 'NaN', 'NaN')).toBe(true);
  expect(sameValue('float8', '-0', '0')).toBe(false);
  expect(sameValue('float8', null, '0')).toBe(false);
  expect(sameValue('numeric', '1.0', '1.00')).toBe(false);
});

it('NULL in a key is no text and comes last', async () => {
  async function* rows(...values: (string | null)[][]) {
    yield* values;
  }
  const kinds: string[] = [];
  await mergeRows(rows(['', 'a'], [null, 'b']), rows(['x', 'a'], [null, 'b']), [0], ({ kind }) => kinds.push(kind));
  expect(kinds).toEqual(['only-source', 'only-target']);
});
