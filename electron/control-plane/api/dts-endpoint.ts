import { z } from 'zod';
import { SSL_MODES } from '../../../shared/model/server';
import { ACCESS_TYPES, endpoint, type Endpoint } from '../migration/endpoint';
import type { SideInput } from '../migration/job-service';
import { invalid, missing, unsupported } from './common';

/** A side of a task as the public `dts` service describes it. */

/** Access types of the public service that mean the same as another one here. */
const ALIASES: Readonly<Record<string, Endpoint['accessType']>> = { ipv6: 'extranet', intranet: 'cvm', vpc: 'cvm' };

export const extraAttributes = z
  .array(z.strictObject({ Key: z.string(), Value: z.string().default('') }))
  .max(100)
  .optional();

/** Fails for a key that is given twice or not known. */
export function readExtras(
  attributes: z.output<typeof extraAttributes>,
  known: readonly string[],
  where: string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { Key, Value } of attributes ?? []) {
    if (!known.includes(Key))
      throw invalid(`${where}.ExtraAttr has the key ${Key}, which is none of ${known.join(', ')}`);
    if (found.has(Key)) throw invalid(`${where}.ExtraAttr has the key ${Key} twice`);
    found.set(Key, Value);
  }
  return found;
}

/** Fails unless it is PostgreSQL: nothing else is migrated here. */
export function mustBePostgres(type: string, name: string): void {
  if (type !== 'postgresql') throw invalid(`${name} is ${type}: only postgresql is migrated here`);
}

const text = z.string().max(4096).optional();

export const endpointInfo = z.strictObject({
  Region: z.string().max(64),
  AccessType: z.string(),
  DatabaseType: z.string(),
  NodeType: z.string(),
  Info: z
    .array(
      z.strictObject({
        Role: text,
        DbKernel: text,
        Host: z.string().max(1024).optional(),
        Port: z.number().int().min(0).max(65_535).optional(),
        User: z.string().max(63).optional(),
        Password: z.string().max(1000).optional(),
        CvmInstanceId: text,
        UniqVpnGwId: text,
        UniqDcgId: text,
        InstanceId: z.string().max(64).optional(),
        CcnGwId: text,
        VpcId: text,
        SubnetId: text,
        EngineVersion: text,
        Account: text,
        AccountRole: text,
        AccountMode: text,
        TmpSecretId: text,
        TmpSecretKey: text,
        TmpToken: text,
        EncryptConn: text,
        SetId: text,
      }),
    )
    .min(1)
    .max(10),
  Supplier: z.string().max(64).optional(),
  ExtraAttr: extraAttributes,
  DatabaseNetEnv: text,
  ConnectType: text,
  CcnOwnerUin: text,
});

/**
 * Keys of an endpoint's `ExtraAttr`, for what the public shape has no field for: `Database` where one logs in; `SslMode` as libpq's sslmode,
 * `SslRootCert`, `SslCert`, `SslKey`, `SslCrl` as files on the machine of the control plane; `SshHost`, `SshPort`, `SshUser`, and
 * `SshPassword` or `SshIdentityFile`, `SshHostKey` for a tunnel; `ConnectTimeout` in seconds; `Options` as libpq's options.
 */
const KEYS = [
  'Database',
  'SslMode',
  'SslRootCert',
  'SslCert',
  'SslKey',
  'SslCrl',
  'SshHost',
  'SshPort',
  'SshUser',
  'SshPassword',
  'SshIdentityFile',
  'SshHostKey',
  'ConnectTimeout',
  'Options',
] as const;

type Info = z.output<typeof endpointInfo>;
type Extra = (key: (typeof KEYS)[number]) => string;

function accessType(given: string, name: string): Endpoint['accessType'] {
  const found = ACCESS_TYPES.find((each) => each === given) ?? ALIASES[given];
  if (!found) throw invalid(`${name}.AccessType is ${given}, which is none of ${ACCESS_TYPES.join(', ')}`);
  return found;
}

function sslOf(encrypt: string | undefined, extra: Extra, name: string): Endpoint['ssl'] {
  if (encrypt !== undefined && encrypt !== 'Encrypted' && encrypt !== 'UnEncrypted')
    throw invalid(`${name}.Info.0.EncryptConn is neither Encrypted nor UnEncrypted`);
  const usual = encrypt === 'Encrypted' ? 'require' : encrypt === 'UnEncrypted' ? 'disable' : 'prefer';
  const wanted = extra('SslMode') || usual;
  const mode = SSL_MODES.find((each) => each === wanted);
  if (!mode) throw invalid(`SslMode is ${wanted}, which is none of ${SSL_MODES.join(', ')}`);
  return {
    mode,
    rootCert: extra('SslRootCert'),
    cert: extra('SslCert'),
    key: extra('SslKey'),
    crl: extra('SslCrl'),
    sni: true,
  };
}

function numberOf(given: string, usual: number, most: number, key: string): number {
  if (given === '') return usual;
  const value = Number(given);
  if (!/^\d{1,9}$/.test(given) || value > most) throw invalid(`${key} must be a whole number up to ${most}`);
  return value;
}

function sshOf(extra: Extra): Endpoint['ssh'] {
  if (extra('SshHost') === '') return null;
  return {
    enabled: true,
    host: extra('SshHost'),
    port: numberOf(extra('SshPort'), 22, 65_535, 'SshPort'),
    user: extra('SshUser'),
    auth: extra('SshIdentityFile') === '' ? 'password' : 'identity',
    identityFile: extra('SshIdentityFile'),
    keepAlive: 0,
    hostKey: extra('SshHostKey'),
  };
}

/** `name` is that of the parameter, for messages. Fails with `InvalidParameterValue`, `MissingParameter` or `UnsupportedOperation`. */
export function sideOf(given: Info, name: 'SrcInfo' | 'DstInfo'): SideInput {
  mustBePostgres(given.DatabaseType, `${name}.DatabaseType`);
  if (given.NodeType !== 'simple')
    throw invalid(`${name}.NodeType is ${given.NodeType}: a PostgreSQL server is simple`);
  const type = accessType(given.AccessType, name);
  const [info, ...more] = given.Info;
  if (!info || more.length > 0) throw invalid(`${name}.Info must describe one server`);
  if (info.AccountMode === 'other') throw unsupported('Instances of other accounts are not known on one machine');
  if (!info.User) throw missing(`${name}.Info.0.User`);
  if (type === 'cdb' && !info.InstanceId) throw missing(`${name}.Info.0.InstanceId`);
  if (type !== 'cdb' && !info.Host) throw missing(`${name}.Info.0.Host`);
  if (type !== 'cdb' && !info.Port) throw missing(`${name}.Info.0.Port`);
  const extras = readExtras(given.ExtraAttr, KEYS, name);
  const extra: Extra = (key) => extras.get(key) ?? '';
  const parsed = endpoint.safeParse({
    accessType: type,
    region: given.Region,
    supplier: given.Supplier ?? 'others',
    instanceId: type === 'cdb' ? info.InstanceId : '',
    host: type === 'cdb' ? '' : info.Host,
    port: type === 'cdb' ? 5432 : info.Port,
    user: info.User,
    database: extra('Database') || 'postgres',
    ssl: sslOf(info.EncryptConn, extra, name),
    ssh: sshOf(extra),
    connectTimeout: numberOf(extra('ConnectTimeout'), 10, 600, 'ConnectTimeout'),
    options: extra('Options'),
  });
  if (!parsed.success) throw invalid(`${name} is not valid: ${parsed.error.issues[0]?.message ?? ''}`);
  return {
    endpoint: parsed.data,
    secrets: { password: info.Password ?? null, sshPassword: extras.get('SshPassword') ?? null },
  };
}
