import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureBinaries } from '../../electron/control-plane/cluster/binaries';
import { binariesOf, machineBinaries } from '../../electron/control-plane/cluster/machine-binaries';

const before = { cache: process.env['HOWDAH_CACHE'], registry: process.env['npm_config_registry'] };
const restore = (name: string, value: string | undefined): void => {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
};
let cache = '';
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'howdah-cache-'));
  process.env['HOWDAH_CACHE'] = cache;
});
afterEach(async () => {
  restore('HOWDAH_CACHE', before.cache);
  restore('npm_config_registry', before.registry);
  await rm(cache, { recursive: true, force: true });
});

it('fetches binaries, tells how far it is, and leaves nothing when it is stopped', async () => {
  const stopping = new AbortController();
  const stopped = ensureBinaries(11, { signal: stopping.signal, onProgress: () => stopping.abort() });
  await expect(stopped).rejects.toMatchObject({ info: { code: 'cancelled' } });
  expect(await readdir(join(cache, 'postgres'))).toEqual([]);

  const told: [number, number | null][] = [];
  const found = await ensureBinaries(11, { onProgress: (done, total) => told.push([done, total]) });
  expect(found).toMatchObject({ major: 11, origin: 'embedded' });
  expect(told.length).toBeGreaterThan(10);
  const [done, total] = told.at(-1) ?? [0, 0];
  if (total !== null) expect(done).toBe(total);
  expect(await ensureBinaries(11)).toEqual(found);
  expect(await readdir(join(cache, 'postgres'))).toHaveLength(1);
});

it('takes what the machine has where nothing can be fetched', async () => {
  process.env['npm_config_registry'] = 'http://127.0.0.1:9/';
  const [newest] = await machineBinaries();
  const nodeOf = (major: number) => ({ base: join(cache, 'n1'), major });
  if (newest) {
    expect(await binariesOf(nodeOf(newest.major))).toMatchObject({ major: newest.major, origin: newest.bin });
  }
  await expect(binariesOf(nodeOf(12))).rejects.toMatchObject({ info: { code: 'unreachable' } });
});
