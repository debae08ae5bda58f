import { AppError } from '../../../shared/errors';
import type { ServerDefinition } from '../../../shared/model/server';
import type { Logger } from '../../log';
import type { SecretStore } from '../../ports';
import { runPasswordCommand, type PasswordCommand } from '../../adapters/tools/password-command';

export type SecretKind = 'password' | 'sshPassword';

/** What one call brings: `undefined` uses what is stored, `null` uses none, a text is used as it is. */
export interface TypedSecrets {
  readonly password?: string | null | undefined;
  readonly sshPassword?: string | null | undefined;
}

const KEY: Readonly<Record<SecretKind, string>> = { password: 'password', sshPassword: 'ssh-password' };
const secretKey = (id: string, kind: SecretKind): string => `server/${id}/${KEY[kind]}`;
const KINDS: readonly SecretKind[] = ['password', 'sshPassword'];

/** Passwords of servers: stored ones, those typed for this run of the program, and those that a command prints. Never logged. */
export interface Credentials {
  has(id: string, kind: SecretKind): boolean;
  /** The typed one of this run, else the stored one. Fails with `secrets-locked`. */
  get(id: string, kind: SecretKind): Promise<string | null>;
  /** Keeps it: on disk when `remember`, else until the person disconnects. */
  keep(id: string, kind: SecretKind, value: string, remember: boolean): Promise<void>;
  /** Applies what the dialog sends: `undefined` leaves, `null` deletes, a text replaces. */
  apply(id: string, secrets: TypedSecrets): Promise<void>;
  copy(fromId: string, toId: string): Promise<void>;
  /** Forgets what was typed for this run and what commands printed. */
  forgetTyped(id: string): void;
  removeAll(id: string): Promise<void>;
  /** Runs the server's password command, or uses its last output while that is good. */
  fromCommand(server: ServerDefinition, request: PasswordCommand, signal: AbortSignal): Promise<string>;
}

export function createCredentials(secrets: SecretStore, log: Logger): Credentials {
  const typed = new Map<string, string>();
  const printed = new Map<string, { readonly request: string; readonly password: string; readonly at: number }>();
  const forgetTyped = (id: string): void => {
    for (const kind of KINDS) typed.delete(secretKey(id, kind));
    printed.delete(id);
  };
  const apply: Credentials['apply'] = async (id, changes) => {
    for (const kind of KINDS) {
      const value = changes[kind];
      if (value === undefined) continue;
      const key = secretKey(id, kind);
      typed.delete(key);
      if (value !== null && value !== '') await secrets.set(key, value);
      else if (secrets.has(key)) await secrets.delete(key);
    }
  };
  return {
    has: (id, kind) => secrets.has(secretKey(id, kind)),
    async get(id, kind) {
      const key = secretKey(id, kind);
      return typed.get(key) ?? (secrets.has(key) ? secrets.get(key) : null);
    },
    async keep(id, kind, value, remember) {
      const key = secretKey(id, kind);
      if (remember) await secrets.set(key, value);
      else typed.set(key, value);
    },
    apply,
    async copy(fromId, toId) {
      for (const kind of KINDS) {
        if (!secrets.has(secretKey(fromId, kind))) continue;
        const value = await secrets.get(secretKey(fromId, kind));
        if (value !== null) await secrets.set(secretKey(toId, kind), value);
      }
    },
    forgetTyped,
    async removeAll(id) {
      forgetTyped(id);
      try {
        await apply(id, { password: null, sshPassword: null });
      } catch (error) {
        // Removing a server must not depend on the master password; its sealed secrets then stay without an owner.
        if (!(error instanceof AppError) || error.code !== 'secrets-locked') throw error;
        log.write('warn', 'secrets of a removed server stay sealed: the store is locked', { server: id });
      }
    },
    async fromCommand(server, request, signal) {
      const asked = JSON.stringify(request);
      const last = printed.get(server.id);
      const expiry = server.passwordCommandExpiry;
      const good = last?.request === asked && (expiry === null || Date.now() - last.at < expiry * 1000);
      if (last && good) return last.password;
      const password = await runPasswordCommand(request, signal);
      if (server.id !== '') printed.set(server.id, { request: asked, password, at: Date.now() });
      return password;
    },
  };
}
