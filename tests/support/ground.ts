import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway } from '../../electron/control-plane/gateway/gateway';
import type { Ground } from '../../electron/control-plane/instances/context';
import { createDiskWatch } from '../../electron/control-plane/instances/disk-watch';
import type { InstanceRecord } from '../../electron/control-plane/instances/record';
import { openRepository } from '../../electron/control-plane/instances/repository';
import { createServerTable } from '../../electron/control-plane/instances/server-table';
import { openNetworks } from '../../electron/control-plane/network/store';
import { prepareStateFolder } from '../../electron/control-plane/state-folder';
import { memoryLog } from './log';

const GIB = 1024 ** 3;

export interface TestGround extends Ground {
  /** Closes the gateway and removes the folder. */
  close(): Promise<void>;
}

/** What instances stand on, with a real gateway and a state folder of its own, and no servers. */
export async function openGround(records: readonly InstanceRecord[]): Promise<TestGround> {
  const log = memoryLog();
  const folder = prepareStateFolder(mkdtempSync(join(tmpdir(), 'howdah-ground-')), null);
  const gateway = createGateway(() => undefined);
  const ground: TestGround = {
    repository: openRepository(folder.instances, folder.zones, log),
    place: { folder, account: null, nodeSecret: 'secret' },
    gateway,
    networks: openNetworks(folder.root, log),
    log,
    servers: createServerTable(),
    traffic: new Map(),
    authority: () => Promise.reject(new Error('no authority here')),
    heavy: (work) => work(),
    diskUsed: (id) => watch.used(id),
    measureDisk: (id) => watch.measure(id),
    machine: () => ({ cpus: 8, memoryBytes: 64 * GIB, diskFreeBytes: 64 * GIB }),
    lagOf: () => null,
    async close() {
      await gateway.close();
      rmSync(folder.root, { recursive: true, force: true });
    },
  };
  const watch = createDiskWatch(ground);
  for (const record of records) await ground.repository.put(record);
  return ground;
}
