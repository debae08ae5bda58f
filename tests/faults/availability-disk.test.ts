import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeSync, openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf } from '../support/instance-document';
import { played, SEED, SHORT } from './support/campaign';
import { askNode } from './support/nodes';
import { mayMount } from './support/small-disk';
import { createStage, limitOf, type Scenario, type Scene } from './support/stage';
import { pause } from './support/wait';

/** Each zone is a small disk of its own, so that one can be full and the other not. Mounting one takes root. */
const ZONES = ['ap-guangzhou-3', 'ap-guangzhou-4'] as const;
const MEBIBYTES = 700;
/** Sixteen megabytes of log, and nothing else. */
const GROW_LOG = "SELECT pg_logical_emit_message(false, 'filling', repeat('x', 16 * 1024 * 1024))";
const FILL = 'filled-by-the-test';

const stage = createStage({
  zones: ZONES,
  async prepare(state) {
    for (const zone of ZONES) {
      const folder = join(state, 'zones', zone);
      mkdirSync(folder, { recursive: true, mode: 0o711 });
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEBIBYTES}m,mode=711`, 'tmpfs', folder]);
    }
  },
  async cleanUp(state) {
    // Lazily: servers that are about to be ended still work in it.
    for (const zone of ZONES) execFileSync('umount', ['-l', join(state, 'zones', zone)], { stdio: 'ignore' });
  },
});

/** Takes all the space of the disk that a node lives on; returns how to give it back. */
function fill(scene: Scene, node: string): () => void {
  const zone = documentOf(scene.state, scene.id).nodes.find(({ id }) => id === node)?.zone ?? '';
  const disk = join(scene.state, 'zones', zone);
  const file = join(disk, FILL);
  const descriptor = openSync(file, 'w');
  const block = Buffer.alloc(64 * 1024, 1);
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(disk);
      if (bavail === 0) break;
      writeSync(descriptor, block, 0, Math.min(block.length, bavail * bsize));
    }
  } catch {
    // Full: somebody else took the last of it.
  } finally {
    closeSync(descriptor);
  }
  return () => rmSync(file, { force: true });
}

describe.skipIf(SHORT || !mayMount())(`a disk is full (seed ${SEED}); takes the right to mount one`, () => {
  beforeAll(() => stage.open());
  afterAll(() => stage.close());

  const primaryFull: Record<string, Scenario> = {
    'the disk of the primary is full, and it cannot write its log': {
      longestOutageMs: 30_000,
      async run(scene) {
        const primary = scene.primary();
        const free = fill(scene, primary);
        try {
          // Uses up the segments that are there already.
          const growing = (async () => {
            for (let time = 0; time < 30 && scene.primary() === primary; time += 1)
              await askNode(scene.state, scene.id, primary, GROW_LOG).catch(() => undefined);
          })();
          await scene.untilPrimaryIsNot(primary);
          await growing;
          await scene.writers.nextCommit(20_000);
        } finally {
          free();
        }
      },
    },
    'the disk of the primary is full, and its tables cannot grow': {
      longestOutageMs: 30_000,
      async run(scene) {
        const free = fill(scene, scene.primary());
        try {
          await scene.writers.fill();
          await scene.writers.nextCommit(20_000);
        } finally {
          free();
        }
      },
    },
  };

  it.each(played(primaryFull, []))(
    '%s',
    async (name, what) => expect(await stage.play(name, what)).toEqual([]),
    limitOf(),
  );

  it(
    'the disk of the standby is full',
    async () =>
      expect(
        await stage.play('the disk of the standby is full', {
          longestOutageMs: 30_000,
          async run(scene) {
            const primary = scene.primary();
            const free = fill(scene, scene.standby());
            try {
              await pause(3_000 + scene.random() * 2_000);
              await scene.writers.nextCommit(20_000);
            } finally {
              free();
            }
            if (scene.primary() !== primary) throw new Error('the primary is another one');
          },
        }),
      ).toEqual([]),
    limitOf(),
  );
});
