import type { SshTunnel, SslSettings } from '../shared/model/server';
import type { Shape } from '../shared/model/compare-shape';
import type { HistoryEntry } from '../shared/model/library';
import type { TaskLogLine } from '../shared/model/task';

/**
 * What features take from each other and from the host, as interfaces: made in main.ts (or cli.ts, or a test) and handed in.
 * Types only.
 */

/** Everything one connection needs, secrets included. Never leaves this process and is never logged. */
export interface ConnectionProfile {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Null: none known (trust, peer, certificate, or .pgpass was looked at without success). */
  readonly password: string | null;
  readonly role: string;
  readonly ssl: SslSettings;
  readonly ssh: SshTunnel;
  readonly sshPassword: string | null;
  readonly applicationName: string;
  /** Seconds; 0 is no limit. */
  readonly connectTimeout: number;
  /** Seconds; 0 is the server's setting. */
  readonly statementTimeout: number;
  /** Seconds; 0 is off. */
  readonly keepAlive: number;
  readonly options: string;
  readonly readOnly: boolean;
}

/** How catalog, query and transfer reach a registered server. */
export interface Connections {
  /**
   * The profile for a database of a registered server (null: its maintenance database). Resolves services, .pgpass, stored secrets and
   * the password command. Fails with `not-found`, `secrets-locked`, or `authentication` when a password is needed and none is known.
   */
  profile(serverId: string, database: string | null, signal: AbortSignal): Promise<ConnectionProfile>;
  /** Name under which the person knows the server. */
  name(serverId: string): string;
  /** Runs when the person disconnects or removes a server: sessions to it must end. Returns the function that stops listening. */
  onDisconnect(listener: (serverId: string) => void): () => void;
  /** Tells that a session of this server was lost, so that the tree shows it. */
  reportLost(serverId: string, reason: string): void;
}

/** Where runs of query tabs are noted. Never fails, never waits. */
export interface QueryHistory {
  record(entry: Omit<HistoryEntry, 'id'>): void;
}

/** Reads what a database, or one schema of it (`as`: under another name), is made of, for a comparison. Fails as sessions do. */
export type ShapeReader = (
  profile: ConnectionProfile,
  scope: { readonly schema: string | null; readonly as: string | null },
  signal: AbortSignal,
) => Promise<Shape>;

/** Secrets by key, e.g. `server/<id>/password`. `get` of a stored secret and `set` fail with `secrets-locked` while locked. */
export interface SecretStore {
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  has(key: string): boolean;
}

/** The operating system's keychain, as the host knows it: encrypts small texts under a key of the person's session. */
export interface Keychain {
  readonly available: boolean;
  /** e.g. `gnome_libsecret`, `keychain`, `dpapi`; empty when not available. */
  readonly backend: string;
  encrypt(text: string): Buffer;
  /** Throws when the blob was made under another key. */
  decrypt(blob: Buffer): string;
}

/** Paths that the native dialogs returned, kept in main; the renderer knows the tokens only. */
export interface FileTokens {
  add(path: string, purpose: 'read' | 'write'): string;
  /** Fails with `not-found` for a token that was never given or has the other purpose. */
  path(token: string, purpose: 'read' | 'write'): string;
}

/** The inside of a running task. Methods are cheap: the runner throttles what it sends. */
export interface TaskControl {
  readonly id: string;
  readonly signal: AbortSignal;
  log(level: TaskLogLine['level'], text: string): void;
  /** Starts a step (and ends the one before it, if it still runs). */
  step(key: string): void;
  /** Fraction of the running step, 0 … 1; null when it can't be known. */
  progress(fraction: number | null, note?: string): void;
  bytes(done: number, total: number): void;
  skipStep(key: string): void;
}

export interface TaskRequest {
  readonly kind: string;
  readonly title: string;
  readonly steps: readonly { readonly key: string; readonly weight: number }[];
}

/** Runs long work in the one task shape. */
export interface TaskRunner {
  /** Returns at once; the task's end is in its state. A thrown AppError becomes `failed` (or `cancelled`) with that error. */
  start(request: TaskRequest, work: (control: TaskControl) => Promise<void>): string;
}
