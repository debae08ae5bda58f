import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSecretStore, type SecretVault } from '../../electron/adapters/storage/secret-store';
import { createServersFeature, type ServersFeature } from '../../electron/features/servers/servers-feature';
import { createLogger } from '../../electron/log';
import { NEW_SERVER, type ServerDefinition } from '../../shared/model/server';
import type { TestServer } from './postgres';

export const MASTER = 'correct horse battery';

/** The servers feature as main.ts makes it, on a folder of its own; secrets in memory, or under a master password. */
export interface ServersDesk {
  readonly folder: string;
  readonly feature: ServersFeature;
  readonly vault: SecretVault;
  /** How often the window was told to ask again. */
  pushes(): number;
  /** Everything on disk: the documents, the sealed secrets and the log. */
  everythingWritten(): Promise<string>;
  /** Ends it and starts it anew on the same folder, as a restart of the program does; secrets are then locked. */
  restart(): Promise<ServersDesk>;
  close(): Promise<void>;
}

const NO_KEYCHAIN = {
  available: false,
  backend: '',
  encrypt: (): Buffer => {
    throw new Error('no keychain');
  },
  decrypt: (): string => {
    throw new Error('no keychain');
  },
};

export interface DeskOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Seals secrets on disk; takes a second, as it should. */
  readonly sealed?: boolean;
  /** A folder that an earlier desk has left. */
  readonly folder?: string;
}

export async function openServersDesk(options: DeskOptions = {}): Promise<ServersDesk> {
  const { env = {}, sealed = false, folder: existing } = options;
  const folder = existing ?? (await mkdtemp(join(tmpdir(), 'howdah-servers-')));
  const log = createLogger(join(folder, 'howdah.log'));
  const vault = openSecretStore({ file: join(folder, 'secrets.json'), keychain: NO_KEYCHAIN, log });
  if (!existing && sealed) await vault.keepUnderMasterPassword(MASTER, false);
  if (!sealed) await vault.keepInSession();
  let count = 0;
  const feature = createServersFeature({ folder, secrets: vault, emit: () => count++, log, env });
  return {
    folder,
    feature,
    vault,
    pushes: () => count,
    async everythingWritten() {
      const names = await readdir(folder);
      return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
    },
    async restart() {
      await feature.close();
      return openServersDesk({ env, sealed, folder });
    },
    async close() {
      await feature.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What the contract's handlers take beside their input. */
export const context = (signal: AbortSignal = new AbortController().signal): { signal: AbortSignal } => ({ signal });

/** A registration as the dialog sends it. */
export const definition = (change: Partial<ServerDefinition>) => ({
  ...NEW_SERVER,
  ...change,
  databaseRestriction: [...(change.databaseRestriction ?? [])],
});

export const registrationOf = (server: TestServer, change: Partial<ServerDefinition> = {}) =>
  definition({ name: `PostgreSQL ${server.major}`, host: '127.0.0.1', port: server.port, ...change });
