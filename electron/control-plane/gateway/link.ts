import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import type { Logger } from '../../log';
import {
  identify,
  isAlive,
  pause,
  processIdentity,
  signalProcess,
  waitForEnd,
  type ProcessIdentity,
} from '../processes';
import type { StateFolder } from '../state-folder';
import { GATEWAY_VERSION } from './control-protocol';
import { connectControl, type ControlClient } from './control-client';
import { watchGateway } from './heartbeat';
import type { GatewayControl, Route } from './route';

export interface GatewayLinkOptions {
  readonly folder: StateFolder;
  readonly secret: string;
  readonly log: Logger;
  /** The gateway's program. */
  readonly program: string;
  /** An address of a route that existed before could not be opened again. */
  readonly onProblem: (routeId: string, problem: string) => void;
}

export interface GatewayLink extends GatewayControl {
  /** Takes away the routes that an earlier daemon left and nobody asked for since, but for those in `kept`: somebody is about to. */
  forgetOthers(kept: readonly string[]): Promise<void>;
  /** Leaves the gateway to itself: it goes on. */
  close(): Promise<void>;
}

const CONNECT_MS = 3_000;
const START_MS = 15_000;
const RETRY_MS = 5_000;
/** Longer than a gateway that was asked to end takes at most. */
const END_MS = 5_000;

/**
 * The daemon's side of the gateway: finds the running one or starts it, and starts it again when it ends or does not answer any more. Knows
 * all routes, so that a new gateway process gets them at once, on the same addresses.
 */
export async function connectGateway(options: GatewayLinkOptions): Promise<GatewayLink> {
  const { folder, log } = options;
  const socket = join(folder.run, 'gateway.sock');
  const identityFile = join(folder.run, 'gateway.json');
  const routes = new Map<string, Route>();
  /** Routes whose address was taken when the gateway came back. */
  const homeless = new Set<string>();
  let closing = false;
  let current: Promise<ControlClient> | null = null;

  const earlier = (): ProcessIdentity | null => {
    try {
      const found = processIdentity.parse(JSON.parse(readFileSync(identityFile, 'utf8')));
      return isAlive(found) ? found : null;
    } catch {
      return null;
    }
  };

  const startProcess = async (): Promise<ControlClient> => {
    const child = spawn(
      process.execPath,
      [options.program, '--state', folder.root, '--socket', socket, '--log', join(folder.log, 'gateway.log')],
      {
        cwd: '/',
        detached: true,
        stdio: 'ignore',
        // The runtime may be Electron's: without this it would open a window. Plain Node ignores it.
        env: { PATH: process.env['PATH'] ?? '', ELECTRON_RUN_AS_NODE: '1' },
      },
    );
    child.on('error', (error) => void log.bug('starting the gateway', error));
    child.unref();
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (!identity) throw new AppError({ code: 'tool', message: 'The gateway could not be started' });
    await writeFileAtomically(identityFile, JSON.stringify(identity));
    for (const deadline = Date.now() + START_MS; ; await pause(20)) {
      try {
        return await connectControl(socket, options.secret, CONNECT_MS);
      } catch (error) {
        if (isAlive(identity) && Date.now() < deadline) continue;
        throw new AppError(
          { code: 'tool', message: 'The gateway did not start', hint: `Its log is in ${folder.log}` },
          { cause: error },
        );
      }
    }
  };

  /** After an update: the gateway's sessions end with it, the servers go on. */
  const endOther = async (client: ControlClient, running: ProcessIdentity): Promise<void> => {
    client.send({ do: 'end' }).catch(() => undefined);
    if (await waitForEnd(running, END_MS)) return;
    client.close();
    throw new Error('it does not end when it is asked to');
  };

  /** Invariant: at most one gateway process per state folder; one that lives but does not answer is ended before another starts. */
  const findOrStart = async (): Promise<ControlClient> => {
    const running = earlier();
    if (running) {
      try {
        const found = await connectControl(socket, options.secret, CONNECT_MS);
        if (found.version === GATEWAY_VERSION) {
          log.write('info', 'gateway adopted', { pid: found.pid });
          return found;
        }
        log.write('info', 'gateway of another version is replaced', { pid: found.pid, version: found.version });
        await endOther(found, running);
      } catch (error) {
        log.write('warn', 'the gateway does not answer and is ended', { pid: running.pid, reason: String(error) });
        signalProcess(running, 'SIGKILL');
        await waitForEnd(running, 5_000);
      }
    }
    const started = await startProcess();
    log.write('info', 'gateway started', { pid: started.pid });
    return started;
  };

  const setOn = async (client: ControlClient, wanted: Route): Promise<void> => {
    const { failure } = await client.send({ do: 'set', route: wanted });
    if (failure) throw new AppError({ code: failure.code, message: failure.message });
  };

  const tryAgain = async (client: ControlClient, wanted: Route): Promise<void> => {
    try {
      await setOn(client, wanted);
      if (homeless.delete(wanted.id)) options.onProblem(wanted.id, '');
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      if (!homeless.has(wanted.id)) options.onProblem(wanted.id, error.message);
      homeless.add(wanted.id);
    }
  };

  const connected = (): Promise<ControlClient> => {
    if (current) return current;
    const opening = open().catch((error: unknown) => {
      // Lost while it was given its routes: the next one is on its way already.
      if (current === opening) current = null;
      throw error;
    });
    return (current = opening);
  };
  const open = async (): Promise<ControlClient> => {
    const client = await findOrStart();
    client.onClose(() => {
      current = null;
      if (closing) return;
      log.write('warn', 'the gateway was lost', { pid: client.pid });
      connected().catch((error: unknown) => void log.bug('gateway', error));
    });
    watchGateway(client, () => {
      log.write('warn', 'the gateway does not answer and is replaced', { pid: client.pid });
      const running = earlier();
      if (running) signalProcess(running, 'SIGKILL');
      client.close();
    });
    for (const wanted of routes.values()) await tryAgain(client, wanted);
    return client;
  };

  await connected();
  const retry = setInterval(() => {
    if (closing || (current !== null && homeless.size === 0)) return;
    connected()
      .then(async (client) => {
        for (const id of homeless) {
          const wanted = routes.get(id);
          if (wanted) await tryAgain(client, wanted);
          else homeless.delete(id);
        }
      })
      .catch((error: unknown) => log.write('warn', 'gateway', { reason: String(error) }));
  }, RETRY_MS);

  return {
    async setRoute(wanted) {
      const client = await connected();
      // Known before it is set: if the gateway is lost in this moment, the next one gets it too.
      routes.set(wanted.id, wanted);
      try {
        await setOn(client, wanted);
        homeless.delete(wanted.id);
      } catch (error) {
        if (error instanceof AppError && error.code === 'lost-connection') {
          await setOn(await connected(), routes.get(wanted.id) ?? wanted);
          return;
        }
        // Tried again from time to time, until the caller takes another address or gives the route up.
        homeless.add(wanted.id);
        throw error;
      }
    },
    async setRules(id, rules) {
      const known = routes.get(id);
      if (!known) return;
      routes.set(id, { ...known, rules });
      try {
        const { failure } = await (await connected()).send({ do: 'rules', routeId: id, rules });
        if (failure) throw new AppError({ code: failure.code, message: failure.message });
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'lost-connection') throw error;
        // The next one gets them with its routes.
        await connected();
      }
    },
    async exchange(wanted) {
      await connected();
      for (const each of wanted) routes.set(each.id, each);
      try {
        const { failure } = await (await connected()).send({ do: 'exchange', routes: [...wanted] });
        if (failure) throw new AppError({ code: failure.code, message: failure.message });
        for (const { id } of wanted) homeless.delete(id);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'lost-connection') throw error;
        // The next one gets them as they are known here.
        await connected();
      }
    },
    async removeRoute(id) {
      routes.delete(id);
      homeless.delete(id);
      const { failure } = await (await connected()).send({ do: 'remove', routeId: id });
      if (failure) throw new AppError({ code: failure.code, message: failure.message });
    },
    async forgetOthers(kept) {
      await (await connected()).send({ do: 'keep', routeIds: [...routes.keys(), ...kept] });
    },
    async cut(routeIds) {
      try {
        const { cut, failure } = await (await connected()).send({ do: 'cut', routeIds: [...routeIds] });
        if (failure) throw new AppError({ code: failure.code, message: failure.message });
        return cut ?? 0;
      } catch (error) {
        // Its sessions are gone with it.
        if (error instanceof AppError && error.code === 'lost-connection') return 0;
        throw error;
      }
    },
    async sessions() {
      return (await (await connected()).send({ do: 'sessions' })).sessions ?? [];
    },
    async close() {
      closing = true;
      clearInterval(retry);
      await current?.then((client) => client.close()).catch(() => undefined);
    },
  };
}
