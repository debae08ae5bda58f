/** libpq's `sslmode`. */
export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

export const ENVIRONMENTS = ['none', 'development', 'test', 'production'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Certificate and key files by path; the dialog gets the paths from the native file dialog. */
export interface SslSettings {
  readonly mode: SslMode;
  readonly rootCert: string;
  readonly cert: string;
  readonly key: string;
  readonly crl: string;
  readonly sni: boolean;
}

export interface SshTunnel {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly auth: 'password' | 'identity';
  readonly identityFile: string;
  /** Seconds between keep-alive packets; 0 is off. */
  readonly keepAlive: number;
  /** SHA-256 fingerprint (base64, no padding) that the person confirmed; empty until the first connection. */
  readonly hostKey: string;
}

/** One registered server as the person described it. Secrets are never part of it. */
export interface ServerDefinition {
  readonly id: string;
  readonly name: string;
  /** Id of the group that holds it; null is the root. */
  readonly groupId: string | null;
  readonly comment: string;
  readonly environment: Environment;
  /** Tree label colours as `#rrggbb`; empty is none. */
  readonly background: string;
  readonly foreground: string;
  /** Sessions are opened with `default_transaction_read_only=on`. */
  readonly readOnly: boolean;
  /** Host name, address, or the folder of a Unix socket (starts with `/`). Empty only with a service. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** `SET ROLE` after connecting; empty is none. */
  readonly role: string;
  /** Name in pg_service.conf; empty is none. */
  readonly service: string;
  readonly ssl: SslSettings;
  readonly ssh: SshTunnel;
  /** Databases to list; empty is all. */
  readonly databaseRestriction: readonly string[];
  /** Program and arguments whose standard output is the password; run without a shell. Empty is none. */
  readonly passwordCommand: string;
  /** Seconds a password from the command stays good; 0 asks at every connection, null keeps it for the program's run. */
  readonly passwordCommandExpiry: number | null;
  readonly applicationName: string;
  /** Seconds; 0 is no limit. */
  readonly connectTimeout: number;
  /** Seconds; 0 is the server's setting. */
  readonly statementTimeout: number;
  /** Seconds between TCP keep-alives; 0 is off. */
  readonly keepAlive: number;
  /** libpq's `options`, e.g. `-c geqo=off`. */
  readonly options: string;
  /** Set when the server is an instance of the control plane. */
  readonly instanceId: string | null;
}

export interface ServerGroup {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
}

export interface ServerStatus {
  readonly connected: boolean;
  /** `server_version`, e.g. `17.10`; empty when never connected. */
  readonly version: string;
  /** `server_version_num`, e.g. 170010; 0 when never connected. */
  readonly versionNum: number;
  readonly user: string;
  readonly superuser: boolean;
  /** e.g. `TLSv1.3 TLS_AES_256_GCM_SHA384`; empty is plain text. */
  readonly tls: string;
  /** Why the last connection ended or failed; empty is nothing. */
  readonly problem: string;
}

/** What the renderer knows of a server: the definition and whether secrets are stored, never the secrets. */
export interface ServerView extends ServerDefinition {
  readonly hasPassword: boolean;
  readonly hasSshPassword: boolean;
  readonly status: ServerStatus;
}

export const CONNECTION_STEPS = ['name', 'tunnel', 'tcp', 'tls', 'authentication', 'database', 'role'] as const;
export type ConnectionStep = (typeof CONNECTION_STEPS)[number];

/** One line of *Test connection*. */
export interface TestStep {
  readonly step: ConnectionStep;
  readonly state: 'ok' | 'failed' | 'skipped' | 'not-reached';
  /** What was found, e.g. `TLSv1.3`, or the server's message when it failed. */
  readonly detail: string;
  /** The next thing to try when it failed; empty otherwise. */
  readonly hint: string;
  /** Milliseconds. */
  readonly ms: number;
}

export const NEW_SERVER: ServerDefinition = {
  id: '',
  name: '',
  groupId: null,
  comment: '',
  environment: 'none',
  background: '',
  foreground: '',
  readOnly: false,
  host: '',
  port: 5432,
  database: 'postgres',
  user: 'postgres',
  role: '',
  service: '',
  ssl: { mode: 'prefer', rootCert: '', cert: '', key: '', crl: '', sni: true },
  ssh: {
    enabled: false,
    host: '',
    port: 22,
    user: '',
    auth: 'password',
    identityFile: '',
    keepAlive: 0,
    hostKey: '',
  },
  databaseRestriction: [],
  passwordCommand: '',
  passwordCommandExpiry: null,
  applicationName: 'Howdah',
  connectTimeout: 10,
  statementTimeout: 0,
  keepAlive: 60,
  options: '',
  instanceId: null,
};
