import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutOver, expectCleaned, LOGICAL, startFollow, untilPhase, withoutOurs } from '../support/migration-follow';
import { contentsOf } from '../support/migration-mixed';
import { openJobFolder, removeJobFolder, type TestWorker } from '../support/migration-worker';
import { flowSql, startMixedWriter, type MixedWriter } from '../support/mixed-writer';
import { startServer, type TestServer } from '../support/postgres';

describe.each([
  [10, 18],
  [13, 17],
  [18, 12],
])('from %i to %i', (from, to) => {
  let source: TestServer;
  let target: TestServer;
  let folder: string;
  let writer: MixedWriter | null = null;
  let worker: TestWorker | null = null;
  beforeAll(async () => {
    [source, target] = await Promise.all([
      startServer({ major: from, settings: LOGICAL }),
      startServer({ major: to, settings: LOGICAL }),
    ]);
    folder = await openJobFolder();
    await source.createDatabase('flow');
    await source.sql(flowSql(source), 'flow');
  });
  afterAll(async () => {
    await writer?.stop();
    worker?.kill();
    await Promise.all([source?.stop(), target?.stop()]);
    await removeJobFolder(folder);
  });

  test('what is written while a database moves is on the target, too', async () => {
    let state = from * 7919;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    writer = startMixedWriter({ server: source, database: 'flow', random, empties: 20 });
    await writer.more(10);
    worker = await startFollow(source, target, { folder, database: 'flow' });
    await untilPhase(worker, 'following');
    const { truncates } = writer;
    const before = truncates();
    await writer.more(100);
    while (truncates() === before) await writer.more(10);
    await writer.stop();
    const wanted = withoutOurs(await contentsOf(source, 'flow'));
    await cutOver(worker);
    expect(await contentsOf(target, 'flow')).toEqual(wanted);
    expect(await writer.lostOn(target, 'flow')).toEqual([]);
    await expectCleaned(source, ['flow']);
    await expectCleaned(target, ['flow']);
  });
});
