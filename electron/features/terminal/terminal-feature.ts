import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import type { terminal } from '../../../shared/contract/terminal';
import type { Emit, Handlers } from '../../../shared/contract/define';
import { AppError, throwIfAborted } from '../../../shared/errors';
import { openLocalForward, type LocalForward } from '../../adapters/postgres/local-forward';
import { connectionEnv } from '../../adapters/tools/connection-env';
import { chooseTerminalPsql, locateTools } from '../../adapters/tools/locate';
import { makePrivateFolder, sweepPrivateFolders } from '../../adapters/tools/private-folder';
import type { Logger } from '../../log';
import type { ConnectionProfile, Connections } from '../../ports';
import { runTerminal, type RunningTerminal } from './running-terminal';

export interface TerminalFeature {
  readonly handlers: Handlers<typeof terminal>;
  /** Ends every psql. */
  close(): Promise<void>;
}

export interface TerminalDeps {
  readonly connections: Connections;
  readonly toolFolders: () => readonly string[];
  readonly emit: Emit<typeof terminal>;
  readonly log: Logger;
  /** Folder of this program alone for files that psql reads. */
  readonly tempFolder: string;
}

interface Held {
  readonly serverId: string;
  readonly running: RunningTerminal;
}

/** Of our own environment: what a program in a terminal needs, and nothing that speaks of servers or secrets. */
const INHERITED =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|TEMP|TMP|EDITOR|VISUAL|PAGER|LESS|PSQL_\w+|PSQLRC|SystemRoot|APPDATA|USERPROFILE)$/;

const inherited = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && INHERITED.test(name) ? [[name, value]] : [],
    ),
  );

/** A read-only registration stays one; a person who types SET can leave it, as with any psql. */
const guarded = (profile: ConnectionProfile): ConnectionProfile =>
  profile.readOnly ? { ...profile, options: `${profile.options} -c default_transaction_read_only=on`.trim() } : profile;

/** psql in pseudo-terminals. */
export function createTerminalFeature(deps: TerminalDeps): TerminalFeature {
  const terminals = new Map<string, Held>();
  void sweepPrivateFolders(deps.tempFolder);
  const stopListening = deps.connections.onDisconnect((serverId) => {
    for (const held of terminals.values()) if (held.serverId === serverId) held.running.end();
  });
  const runningOf = (terminalId: string): RunningTerminal => {
    const held = terminals.get(terminalId);
    if (!held) throw new AppError({ code: 'not-found', message: 'psql has ended' });
    return held.running;
  };

  const start: Handlers<typeof terminal>['start'] = async ({ serverId, database, columns, rows }, { signal }) => {
    const psql = chooseTerminalPsql(await locateTools(deps.toolFolders(), signal));
    if (!psql) {
      throw new AppError({
        code: 'tool',
        message: 'There is no psql on this machine',
        hint: 'Install the client programs of PostgreSQL (Debian: postgresql-client), or name their folder in the settings.',
      });
    }
    const profile = guarded(await deps.connections.profile(serverId, database, signal));
    const folder = await makePrivateFolder(deps.tempFolder);
    let forward: LocalForward | null = null;
    try {
      // Lives as long as psql, not as long as the call.
      if (profile.ssh.enabled) forward = await openLocalForward(profile, new AbortController().signal);
      // Threat: the list of processes shows arguments to everybody, and psql hands its environment to what it starts (\!, the pager): the
      // password is in a file of a private folder, good for this server only. It stays while psql runs, for its \connect.
      const env = await connectionEnv(profile, profile.applicationName, folder, forward, {
        passwordFor: 'this-server',
      });
      throwIfAborted(signal);
      const terminalId = randomBytes(8).toString('hex');
      const running = await runTerminal(
        { program: psql.path, args: [], env: { ...inherited(), ...env }, cwd: homedir(), columns, rows },
        {
          output: (data) => deps.emit('output', { terminalId, data }),
          ended: (end) => deps.emit('ended', { terminalId, ...end }),
        },
      );
      terminals.set(terminalId, { serverId, running });
      void running.over.then(async () => {
        terminals.delete(terminalId);
        forward?.close();
        await folder.remove().catch((error: unknown) => deps.log.bug('terminal', error));
      });
      return { terminalId, program: `psql ${psql.version}` };
    } catch (error) {
      forward?.close();
      await folder.remove();
      throw error;
    }
  };

  return {
    handlers: {
      start,
      write: async ({ terminalId, data }) => runningOf(terminalId).write(data),
      async attach({ terminalId, ...size }) {
        const running = runningOf(terminalId);
        running.attached();
        running.resize(size);
      },
      resize: async ({ terminalId, ...size }) => runningOf(terminalId).resize(size),
      drawn: async ({ terminalId, bytes }) => runningOf(terminalId).drawn(bytes),
      async end({ terminalId }) {
        const held = terminals.get(terminalId);
        held?.running.end();
        await held?.running.over;
      },
    },
    async close() {
      stopListening();
      const all = [...terminals.values()];
      for (const { running } of all) running.end();
      await Promise.all(all.map(({ running }) => running.over));
    },
  };
}
