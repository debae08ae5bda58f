import { generateKeyPair, randomBytes, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { AppError } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import { inBase, type ClusterNode } from './node';
import { writeOwned } from './owned-file';

/** PEM. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** PEM of the authority's own certificate, for clients to trust. */
  readonly certificate: string;
  /** A server certificate for these addresses and names; the first one is its common name. */
  issue(addresses: readonly string[]): Promise<IssuedCertificate>;
}

const AUTHORITY_FILE = 'authority.pem';
const CERT_FILE = 'server.crt';
const KEY_FILE = 'server.key';
const DAY = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** Apple's clients accept no longer ones, of private authorities neither. */
const SERVER_DAYS = 820;

const makeKeys = promisify(generateKeyPair);

async function newKey(): Promise<string> {
  const { privateKey } = await makeKeys('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

interface Wanted {
  readonly commonName: string;
  readonly days: number;
  readonly extensions: readonly object[];
}

type Name = forge.pki.Certificate['subject'];

const privateKeyOf = (pem: string): forge.pki.rsa.PrivateKey => forge.pki.privateKeyFromPem(pem);

/** A certificate for `key`, signed by the authority, or by itself when there is none yet. */
function sign(wanted: Wanted, key: string, by: { readonly subject: Name; readonly key: string } | null): string {
  const own = privateKeyOf(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e);
  // Positive, as RFC 5280 wants it: the first byte is below 0x80.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  // A day back, for clocks that differ.
  certificate.validity.notBefore = new Date(Date.now() - DAY);
  certificate.validity.notAfter = new Date(Date.now() + wanted.days * DAY);
  certificate.setSubject([{ name: 'commonName', value: wanted.commonName }]);
  certificate.setIssuer(by ? by.subject.attributes : certificate.subject.attributes);
  certificate.setExtensions([...wanted.extensions]);
  certificate.sign(privateKeyOf(by?.key ?? key), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}

const AUTHORITY_EXTENSIONS = [
  { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  { name: 'subjectKeyIdentifier' },
];

const DNS_NAME = 2;
const IP_ADDRESS = 7;

const serverExtensions = (addresses: readonly string[]): object[] => [
  { name: 'basicConstraints', cA: false, critical: true },
  { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
  { name: 'extKeyUsage', serverAuth: true },
  {
    name: 'subjectAltName',
    altNames: addresses.map((address) =>
      isIP(address) === 0 ? { type: DNS_NAME, value: address } : { type: IP_ADDRESS, ip: address },
    ),
  },
];

const BLOCK = /-----BEGIN (CERTIFICATE|PRIVATE KEY)-----[\s\S]+?-----END \1-----\n?/g;

/** Certificate and key of one file, which is written in one step. */
function parseAuthority(text: string): { certificate: string; key: string } | null {
  const blocks = new Map([...text.matchAll(BLOCK)].map(([block, kind]) => [kind, block]));
  const certificate = blocks.get('CERTIFICATE');
  const key = blocks.get('PRIVATE KEY');
  return certificate === undefined || key === undefined ? null : { certificate, key };
}

async function loadOrMake(folder: string): Promise<{ certificate: string; key: string }> {
  const file = join(folder, AUTHORITY_FILE);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new AppError({ code: 'storage', message: `${file} cannot be read` }, { cause: error });
  });
  if (text !== null) {
    await chmod(file, 0o600);
    const found = parseAuthority(text);
    if (found) return found;
    throw new AppError({
      code: 'storage',
      message: `The certificate authority ${file} cannot be read`,
      hint: 'Bring it back from a copy. Without it clients that trust it will not trust new certificates; remove it to begin anew.',
    });
  }
  const key = await newKey();
  const commonName = `Howdah local authority ${randomBytes(4).toString('hex')}`;
  const certificate = sign({ commonName, days: AUTHORITY_DAYS, extensions: AUTHORITY_EXTENSIONS }, key, null);
  await writeFileAtomically(file, `${certificate}${key}`);
  return { certificate, key };
}

/** By folder: two callers at once must not make two. */
const opened = new Map<string, Promise<Authority>>();

async function open(folder: string): Promise<Authority> {
  const { certificate, key } = await loadOrMake(folder);
  const parsed = forge.pki.certificateFromPem(certificate);
  return {
    certificate,
    async issue(addresses) {
      const [commonName] = addresses;
      if (commonName === undefined) throw new Error('a certificate needs an address');
      const own = await newKey();
      const extensions = [
        ...serverExtensions(addresses),
        { name: 'subjectKeyIdentifier' },
        { name: 'authorityKeyIdentifier', keyIdentifier: parsed.generateSubjectKeyIdentifier().getBytes() },
      ];
      const wanted: Wanted = { commonName, days: SERVER_DAYS, extensions };
      return { cert: sign(wanted, own, { subject: parsed.subject, key }), key: own };
    },
  };
}

/** The authority of a control plane, made in `folder` at first use (0600). Fails with `storage` when it is there but unreadable. */
export function openAuthority(folder: string): Promise<Authority> {
  const known = opened.get(folder);
  if (known) return known;
  const made = open(folder);
  opened.set(folder, made);
  made.catch(() => opened.delete(folder));
  return made;
}

/** Puts certificate and key into the node's folder with the rights that the server asks for; the result goes into `ClusterNode.tls`. */
export async function installCertificate(
  node: Pick<ClusterNode, 'base' | 'account'>,
  { cert, key }: IssuedCertificate,
): Promise<NonNullable<ClusterNode['tls']>> {
  await writeOwned(inBase(node, KEY_FILE), key, node.account);
  await writeOwned(inBase(node, CERT_FILE), cert, node.account);
  return { cert: CERT_FILE, key: KEY_FILE };
}

/** When the node's certificate ends and what it is for; null when it has none that can be read. */
export async function installedCertificate(
  node: Pick<ClusterNode, 'base'>,
): Promise<{ readonly validUntil: number; readonly addresses: readonly string[] } | null> {
  try {
    const { validTo, subjectAltName = '' } = new X509Certificate(await readFile(inBase(node, CERT_FILE)));
    const addresses = [...subjectAltName.matchAll(/(?:IP Address|DNS):([^,]+)/g)].map(([, address]) => address ?? '');
    return { validUntil: Date.parse(validTo), addresses };
  } catch {
    return null;
  }
}
