import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectNothingLeft } from '../support/migration-mixed';
import { SHORT } from './support/campaign';
import {
  begin,
  clear,
  closeMigrationScene,
  detailOf,
  dts,
  endOf,
  expectMoved,
  openMigrationScene,
  untilJob,
  workersOf,
  type MigrationScene,
} from './support/migration-stage';
import { mayMount, openSmallDisk, type SmallDisk } from './support/small-disk';
import { until } from './support/wait';

/** The structure and some of the rows find room on it. */
const SMALL = 20;
const LARGE = 512;
const LARGE_TABLE =
  "CREATE TABLE shop.large AS SELECT n AS id, repeat('x', 1000) AS word FROM generate_series(1, 20000) n";
const FULL = {
  problem: expect.stringContaining('No space left'),
  hint: expect.stringMatching(/disk .* is full.*room/),
};

describe.skipIf(!mayMount())('the disk of the target is full; takes the right to mount one', () => {
  let scene: MigrationScene;
  let disk: SmallDisk;
  beforeAll(async () => {
    scene = await openMigrationScene();
    await scene.source.sql(LARGE_TABLE, 'shop');
  });
  afterAll(() => closeMigrationScene(scene));
  beforeEach(async () => {
    disk = openSmallDisk(SMALL, scene.target.dataFolder);
    await scene.target.sql(`CREATE TABLESPACE small LOCATION '${disk.path}'`);
    await scene.target.createDatabase('shop', 'TABLESPACE small');
  });
  afterEach(async () => {
    await clear(scene);
    await scene.target.sql('DROP TABLESPACE small');
    disk.close();
  });

  it('a task that does not retry fails with what helps, and ends whole when it is resumed', async () => {
    await begin(scene, { rate: 0, retryMinutes: 0 });
    await untilJob(scene, ['failed']);
    expect(await detailOf(scene)).toMatchObject(FULL);
    await expectNothingLeft(scene.source);
    expect(workersOf(scene)).toEqual([]);
    disk.grow(LARGE);
    await dts(scene).answer('ResumeMigrateJob', { JobId: scene.id });
    expect(await endOf(scene)).toEqual({ status: 'success', missing: [] });
    await expectMoved(scene);
  });

  it.skipIf(SHORT)('a task that retries says what it waits for, and goes on when there is room', async () => {
    await begin(scene, { rate: 0 });
    await until('the task says that it waits', async () => (await detailOf(scene)).problem !== '', 60_000);
    expect(await detailOf(scene)).toMatchObject({ status: 'running', ...FULL });
    disk.grow(LARGE);
    expect(await endOf(scene)).toEqual({ status: 'success', missing: [] });
    await expectMoved(scene);
  });

  it('a task that follows waits for room, and loses nothing of what was written meanwhile', async () => {
    await scene.source.sql('CREATE TABLE shop.grows (id int PRIMARY KEY, word text)', 'shop');
    const objects = {
      mode: 'partial',
      roleMode: 'none',
      databases: [
        { name: 'shop', mode: 'partial', schemas: [{ name: 'shop', mode: 'partial', tables: [{ name: 'grows' }] }] },
      ],
    };
    await begin(scene, { rate: 0, options: { type: 'fullAndIncrement', objects } });
    await untilJob(scene, ['readyComplete']);
    for (let part = 0; part < 4; part += 1) {
      const rows = `SELECT n, repeat('x', 1000) FROM generate_series(${part * 10_000 + 1}, ${part * 10_000 + 10_000}) n`;
      await scene.source.sql(`INSERT INTO shop.grows ${rows}`, 'shop');
    }
    await until('the task says that it waits', async () => /No space left/.test((await detailOf(scene)).problem));
    disk.grow(LARGE);
    const count = async (server: MigrationScene['source']) =>
      (await server.sql('SELECT count(*)::int AS rows, sum(id)::int8::text AS ids FROM shop.grows', 'shop'))[0];
    await expect.poll(() => count(scene.target), { timeout: 90_000 }).toEqual(await count(scene.source));
  });
});
