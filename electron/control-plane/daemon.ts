import { createHmac } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ENDPOINT_FILE, proofText, type EndpointDocument } from '../../shared/model/control-plane';
import { writeFileAtomically } from '../adapters/storage/json-document';
import { ownProgram } from '../adapters/tools/own-program';
import type { Logger } from '../log';
import { serveApi } from './api/http-server';
import { openRates } from './api/rates';
import { serverAccount } from './cluster/account';
import type { GatewayLink } from './gateway/link';
import { machine } from './instances/capacity';
import { createInstances } from './instances/instances';
import { openRepository } from './instances/repository';
import { changeRecord } from './instances/change-record';
import { instanceOfRoute, routeIds } from './instances/traffic';
import { takeLock } from './lock';
import { createMigrationJobs } from './migration/jobs';
import { sourceReads } from './migration/source-reads';
import { openNetworks } from './network/store';
import { identify } from './processes';
import { keyPair, prepareStateFolder, type StateFolder } from './state-folder';

export const DAEMON_VERSION = '0.1.0';

export interface DaemonOptions {
  readonly state: string;
  /** Milliseconds between two looks at the disks of the instances. */
  readonly diskEveryMs: number;
  readonly makeLog: (folder: StateFolder) => Logger;
  /** Starts or finds the gateway of this state folder. */
  readonly connectGateway: (facts: {
    readonly folder: StateFolder;
    readonly secret: string;
    readonly log: Logger;
    readonly onProblem: (routeId: string, problem: string) => void;
  }) => Promise<GatewayLink>;
  /** Called when a client asked the daemon to end. */
  readonly onShutdown: () => void;
}

export interface Daemon {
  readonly endpoint: string;
  readonly secretId: string;
  readonly secretKey: string;
  /** Ends the daemon. Servers and gateway go on. */
  close(): Promise<void>;
}

/** Starts everything in order: state, gateway, instances, API. Fails with `conflict` when a daemon already runs on the folder. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const account = await serverAccount();
  const folder = prepareStateFolder(options.state, account);
  const lock = takeLock(folder.root);
  try {
    const log = options.makeLog(folder);
    const key = await keyPair(folder);
    const repository = openRepository(folder.instances, folder.zones, log);
    const gateway = await options.connectGateway({
      folder,
      secret: key.nodeSecret,
      log,
      onProblem: (routeId, problem) => {
        const id = instanceOfRoute(routeId);
        if (!repository.get(id)) return;
        changeRecord(repository, id, { problem }).catch((error: unknown) => void log.bug('note of the gateway', error));
      },
    });
    const networks = openNetworks(folder.root, log);
    const rates = openRates(folder.root, log);
    const instances = createInstances({
      repository,
      folder,
      account,
      nodeSecret: key.nodeSecret,
      gateway,
      networks,
      log,
      diskEveryMs: options.diskEveryMs,
    });
    await instances.resume();
    // Operations that go on set their routes when they come to it: until then the clients that wait there must not be refused.
    const resumed = instances.list().filter(({ operation }) => operation !== null);
    await gateway.forgetOthers(resumed.flatMap(routeIds));
    const migrations = await createMigrationJobs({
      folder: folder.migrations,
      nodeSecret: key.nodeSecret,
      program: ownProgram('migration-worker.js', import.meta.dirname),
      toolFolders: [],
      instances,
      gateway,
      reads: sourceReads,
      log,
    });
    const api = await serveApi({
      key,
      log,
      deps: (endpoint) => ({
        instances,
        networks,
        rates,
        migrations,
        gateway,
        machine: () => machine(folder.root),
        daemonVersion: DAEMON_VERSION,
        prove: (nonce) => createHmac('sha256', key.secretKey).update(proofText(nonce, endpoint)).digest('hex'),
        shutdown: () => setImmediate(options.onShutdown),
      }),
    });
    const endpointFile = join(folder.root, ENDPOINT_FILE);
    const document: EndpointDocument = {
      endpoint: api.endpoint,
      pid: process.pid,
      start: identify(process.pid)?.start ?? '',
      version: DAEMON_VERSION,
    };
    await writeFileAtomically(endpointFile, `${JSON.stringify(document)}\n`);
    log.write('info', 'control plane is ready', { endpoint: api.endpoint, pid: process.pid });
    return {
      endpoint: api.endpoint,
      secretId: key.secretId,
      secretKey: key.secretKey,
      async close() {
        rmSync(endpointFile, { force: true });
        await api.close();
        await migrations.close();
        await instances.close();
        await gateway.close();
        lock.release();
        log.write('info', 'control plane has ended');
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
