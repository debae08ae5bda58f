import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDetector, PRIMARY_PACE } from '../../electron/control-plane/instances/detection';
import { identify } from '../../electron/control-plane/processes';

let folder: string;
let server: Server;
let open: Socket[] = [];
let answering = false;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'howdah-detection-'));
  mkdirSync(join(folder, 'data/global'), { recursive: true });
  for (const name of ['PG_VERSION', 'global/pg_control']) writeFileSync(join(folder, 'data', name), '17\n');
  answering = false;
  server = createServer((socket) => {
    open.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => answering && socket.write('N'));
  });
  await new Promise<void>((done) => server.listen(join(folder, 'socket'), () => done()));
});
afterEach(() => {
  for (const socket of open) socket.destroy();
  open = [];
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const detector = () =>
  createDetector(
    { identity: identify(process.pid) ?? undefined, data: join(folder, 'data'), socket: join(folder, 'socket') },
    { everyMs: 50, limitMs: 40, tries: 3, stoppedTries: 2 },
  );
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe('a server that takes no new connections', () => {
  it('is seen after several tries', async () => {
    const { look } = detector();
    await expect.poll(() => look(Date.now()), { interval: 10, timeout: 20_000 }).toBe('hung');
  });

  it('is not judged by a machine that is too busy to look at it in time', async () => {
    const { look } = detector();
    for (let times = 0, now = Date.now(); times < 20; times += 1) {
      // As if a second had passed between two looks.
      expect(look((now += 1_000))).toBe('well');
      await pause(45);
    }
  });

  it('is well as long as it answers', async () => {
    answering = true;
    const { look } = detector();
    for (let times = 0; times < 20; times += 1) {
      expect(look(Date.now())).toBe('well');
      await pause(20);
    }
  });

  it('is seen in time for a fail-over within 5 seconds', () => {
    const { everyMs, limitMs, tries } = PRIMARY_PACE;
    expect(everyMs + limitMs * tries).toBeLessThan(3_000);
  });
});
