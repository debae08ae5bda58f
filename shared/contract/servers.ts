import { z } from 'zod';
import {
  ENVIRONMENTS,
  SSL_MODES,
  type ServerGroup,
  type ServerStatus,
  type ServerView,
  type TestStep,
} from '../model/server';
import { call, push } from './define';

const text = (max: number) => z.string().max(max);
const seconds = z.number().int().min(0).max(86_400);
const colour = z.union([z.literal(''), z.string().regex(/^#[0-9a-fA-F]{6}$/)]);

/** What *Save* and *Test connection* send. Semantic rules (required fields and the like) are in shared/model/server-rules. */
export const serverInput = z.object({
  /** Empty for a new server. */
  id: text(64),
  name: text(256),
  groupId: text(64).nullable(),
  comment: text(10_000),
  environment: z.enum(ENVIRONMENTS),
  background: colour,
  foreground: colour,
  readOnly: z.boolean(),
  host: text(1024),
  port: z.number().int().min(1).max(65_535),
  database: text(63),
  user: text(63),
  role: text(63),
  service: text(256),
  ssl: z.object({
    mode: z.enum(SSL_MODES),
    rootCert: text(4096),
    cert: text(4096),
    key: text(4096),
    crl: text(4096),
    sni: z.boolean(),
  }),
  ssh: z.object({
    enabled: z.boolean(),
    host: text(1024),
    port: z.number().int().min(1).max(65_535),
    user: text(256),
    auth: z.enum(['password', 'identity']),
    identityFile: text(4096),
    keepAlive: seconds,
    hostKey: text(128),
  }),
  databaseRestriction: z.array(text(63)).max(1000),
  passwordCommand: text(4096),
  passwordCommandExpiry: seconds.nullable(),
  applicationName: text(63),
  connectTimeout: seconds,
  statementTimeout: seconds,
  keepAlive: seconds,
  options: text(4096),
  instanceId: text(64).nullable(),
});

/** `undefined` keeps what is stored, `null` clears it, a text replaces it. */
const secret = z.string().max(4096).nullable().optional();
export const serverSecrets = z.object({ password: secret, sshPassword: secret });

const id = z.string().min(1).max(64);

export const servers = {
  calls: {
    list: call<{ groups: ServerGroup[]; servers: ServerView[] }>()(z.object({})),
    /** Creates (empty id) or replaces a registration. Fails with `invalid-input` and a `field`. */
    save: call<ServerView>()(z.object({ server: serverInput, secrets: serverSecrets })),
    remove: call<void>()(z.object({ id })),
    duplicate: call<ServerView>()(z.object({ id })),
    move: call<void>()(z.object({ id, groupId: z.string().nullable() })),
    saveGroup: call<ServerGroup>()(
      z.object({ id: z.string().max(64), name: text(256), parentId: z.string().max(64).nullable() }),
    ),
    /** Removes an empty group; a group with content fails with `conflict`. */
    removeGroup: call<void>()(z.object({ id })),
    /**
     * Runs the connection step by step with what is typed; stored secrets of `id` are used where none is typed.
     * Never fails for a server's reason: the steps tell.
     */
    test: call<{ steps: TestStep[]; newHostKey: string | null }>()(
      z.object({ server: serverInput, secrets: serverSecrets }),
    ),
    /**
     * Opens the maintenance connection. Fails with `authentication` when a password is missing or wrong, with `tunnel` and field
     * `ssh.hostKey` when the host key is new or changed (detail carries the fingerprint).
     */
    connect: call<ServerStatus>()(
      z.object({
        id,
        password: z.string().max(4096).optional(),
        sshPassword: z.string().max(4096).optional(),
        remember: z.boolean(),
        /** Fingerprint that the person has just accepted. */
        acceptHostKey: z.string().max(128).optional(),
      }),
    ),
    disconnect: call<void>()(z.object({ id })),
    /** Names of the databases that may be connected to, for pickers. */
    databases: call<{ name: string; encoding: string; sizeBytes: number | null }[]>()(z.object({ id })),
    createDatabase: call<void>()(z.object({ id, name: z.string().min(1).max(63), encoding: z.string().max(32) })),
  },
  pushes: {
    /** Something in the list or a status changed: ask `list` again. */
    changed: push<Record<string, never>>(),
  },
};
