import { expect, it } from 'vitest';
import type { Relation } from '../../electron/control-plane/migration/follow/change-stream';
import {
  makesTelling,
  truncateNames,
  truncatePattern,
} from '../../electron/control-plane/migration/follow/truncate/truncate-names';
import { withTruncates } from '../../electron/control-plane/migration/follow/truncate/truncate-sink';
import { slotPattern } from '../../electron/control-plane/migration/job-rules';
import { createRecorder } from '../support/change-recorder';

const NAMES = truncateNames('howdah_dts_one_5');
const column = (name: string) => ({ name, typeOid: 25, typeModifier: -1, key: false });
const relationOf = (schema: string, name: string, columns: string[]): Relation => ({
  oid: 1,
  schema,
  name,
  identity: 'default',
  columns: columns.map(column),
});
const LOG = relationOf(NAMES.schema, NAMES.log, ['id', 'content']);
const X = relationOf('s', 'x', ['word']);

function tuple(...values: string[]): Buffer {
  const head = Buffer.alloc(2);
  head.writeInt16BE(values.length);
  const parts = values.map((value) => {
    const text = Buffer.from(value);
    const length = Buffer.alloc(5);
    length.write('t');
    length.writeInt32BE(text.length, 1);
    return Buffer.concat([length, text]);
  });
  return Buffer.concat([head, ...parts]);
}

const OIDS: Readonly<Record<string, number>> = { a: 10, b: 11, c: 12 };
const told = (when: string, name: string, depth = 1, columns = ['id']): string =>
  JSON.stringify({
    when,
    depth,
    oid: OIDS[name],
    schema: 's',
    name,
    identity: 'd',
    columns: columns.map(column),
  });

/** What comes of a transaction: `x` is a row of another table, other words what the triggers write. */
async function comesOf(...rows: string[]): Promise<string[]> {
  const recorder = createRecorder();
  const sink = withTruncates(recorder, NAMES);
  await sink.begin({ xid: 1, commitLsn: 5n, committedAt: 0 });
  for (const row of rows) {
    if (row === 'x') await sink.insert(X, tuple('x'), 0);
    else {
      await sink.insert(LOG, tuple('1', row), 0);
      await sink.delete(LOG, 'key', tuple('1', ''), 0);
    }
  }
  await sink.commit({ commitLsn: 5n, endLsn: 6n, committedAt: 0 });
  return recorder.changes.flatMap((change) => {
    if (change.kind === 'truncate') return [`truncate ${change.tables.join(' ')}`];
    if (change.kind === 'relation') return [`relation ${change.relation.name}`];
    return change.kind === 'insert' ? [change.table] : [];
  });
}

it('empties all tables of a statement at once, where the first of them is empty', async () => {
  expect(
    await comesOf('x', told('BEFORE', 'a'), told('BEFORE', 'b'), told('AFTER', 'a'), 'x', told('AFTER', 'b'), 'x'),
  ).toEqual(['s.x', 'relation a', 'relation b', 'truncate s.a s.b', 's.x', 's.x']);
});

it('tells statements apart', async () => {
  const one = [told('BEFORE', 'a'), told('AFTER', 'a')];
  expect(await comesOf(...one, 'x', ...one)).toEqual(['relation a', 'truncate s.a', 's.x', 'truncate s.a']);
});

it('knows a statement of a trigger from the one that it belongs to', async () => {
  const inner = [told('BEFORE', 'c', 2), told('AFTER', 'c', 2)];
  expect(
    await comesOf(told('BEFORE', 'a'), ...inner, told('BEFORE', 'b'), told('AFTER', 'a'), ...inner, told('AFTER', 'b')),
  ).toEqual(['relation a', 'relation c', 'truncate s.c', 'relation b', 'truncate s.a s.b', 'truncate s.c']);
});

it('empties a table of which only the end is told, and tells it anew when it has changed', async () => {
  expect(await comesOf(told('AFTER', 'a'), told('AFTER', 'a', 1, ['id', 'more']))).toEqual([
    'relation a',
    'truncate s.a',
    'relation a',
    'truncate s.a',
  ]);
});

it('refuses what no trigger of ours writes', async () => {
  await expect(comesOf('{}')).rejects.toThrow('cannot be read');
  await expect(comesOf('{')).rejects.toThrow('cannot be read');
});

it('names what is of a task', () => {
  expect(truncateNames('howdah_dts_a1b2c3d4_4294967295_back')).toMatchObject({
    log: 'truncated_dts_a1b2c3d4_4294967295_back',
    after: '00_howdah_dts_a1b2c3d4_4294967295_back_after',
  });
  expect(truncatePattern(slotPattern('dts-a1b2c3d4'))).toBe(String.raw`truncated\_dts\_a1b2c3d4\_%`);
  expect(
    makesTelling('CREATE TRIGGER t AFTER TRUNCATE ON s.a FOR EACH STATEMENT EXECUTE PROCEDURE howdah_migration.t();'),
  ).toBe(true);
  expect(makesTelling('CREATE TRIGGER t AFTER TRUNCATE ON s.a FOR EACH STATEMENT EXECUTE PROCEDURE s.t();')).toBe(
    false,
  );
});
