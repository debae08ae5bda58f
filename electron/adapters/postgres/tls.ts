import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  checkServerIdentity,
  connect as connectTls,
  rootCertificates,
  type ConnectionOptions,
  type TLSSocket,
} from 'node:tls';
import { AppError } from '../../../shared/errors';
import type { SslSettings } from '../../../shared/model/server';
import { within, type Deadline } from './deadline';
import { errnoOf, networkError } from './errors';

/** SSLRequest: length 8, code 1234.5679. Source: PostgreSQL's protocol documentation, "SSLRequest". */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

const tlsError = (message: string, hint: string, field?: string, cause?: unknown): AppError =>
  new AppError(
    { code: 'tls', message, hint, ...(field ? { field } : {}) },
    cause === undefined ? undefined : { cause },
  );

const isEncryptedKey = (pem: string): boolean =>
  /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);

async function readCertificate(path: string, field: keyof SslSettings): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw tlsError(
      `${path} cannot be read: ${errnoOf(error)}`,
      'Choose a file that exists and that you may read.',
      `server.ssl.${field}`,
      error,
    );
  }
  if (!text.includes('-----BEGIN '))
    throw tlsError(`${path} is not a PEM file`, 'Convert it with openssl to PEM.', `server.ssl.${field}`);
  return text;
}

/** A path typed by the person, else libpq's default file when it exists, else empty. */
async function chosenFile(typed: string, defaultName: string): Promise<string> {
  if (typed !== '') return typed;
  const path = join(homedir(), '.postgresql', defaultName);
  return (await stat(path).catch(() => null))?.isFile() ? path : '';
}

/** libpq's rule: a private key must belong to the user or root, and nobody else may read it. */
async function checkKeyPermissions(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const facts = await stat(path).catch(() => null);
  if (!facts) return;
  const forbidden = facts.uid === 0 && process.getuid?.() !== 0 ? 0o037 : 0o077;
  if ((facts.mode & forbidden) !== 0)
    throw tlsError(`${path} can be read by other users of this machine`, 'Restrict it: chmod 600.', 'server.ssl.key');
}

/**
 * TLS options that mean what libpq means by them. `host` is the name the person typed: what verify-full compares.
 * A root certificate that is given or lies at libpq's default place is checked in every mode. Fails with `tls`.
 */
export async function tlsOptions(ssl: SslSettings, host: string): Promise<ConnectionOptions> {
  const rootPath = ssl.rootCert === 'system' ? 'system' : await chosenFile(ssl.rootCert, 'root.crt');
  const verifyName = ssl.mode === 'verify-full' || rootPath === 'system';
  if (rootPath === '' && (ssl.mode === 'verify-ca' || ssl.mode === 'verify-full'))
    throw tlsError(
      `Mode ${ssl.mode} needs a root certificate`,
      "Choose the file of the authority's certificate, or write system to trust this machine's authorities.",
      'server.ssl.rootCert',
    );
  const certPath = await chosenFile(ssl.cert, 'postgresql.crt');
  const keyPath = certPath === '' ? '' : await chosenFile(ssl.key, 'postgresql.key');
  if (certPath !== '' && keyPath === '')
    throw tlsError('The client certificate has no key', 'Choose its private key.', 'server.ssl.key');
  const crlPath = await chosenFile(ssl.crl, 'root.crl');
  const key = keyPath === '' ? '' : await readCertificate(keyPath, 'key');
  if (key !== '') await checkKeyPermissions(keyPath);
  if (isEncryptedKey(key))
    throw tlsError(
      `${keyPath} is protected by a passphrase`,
      'Choose a key without one: openssl pkey -in KEY -out NEWKEY, and restrict it with chmod 600.',
      'server.ssl.key',
    );
  return {
    ...(rootPath === '' || rootPath === 'system' ? {} : { ca: await readCertificate(rootPath, 'rootCert') }),
    ...(rootPath === 'system' ? { ca: [...rootCertificates] } : {}),
    ...(certPath === '' ? {} : { cert: await readCertificate(certPath, 'cert') }),
    ...(key === '' ? {} : { key }),
    ...(crlPath === '' || rootPath === '' ? {} : { crl: await readCertificate(crlPath, 'crl') }),
    ...(ssl.sni && isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: rootPath !== '',
    checkServerIdentity: (_name, certificate) => (verifyName ? checkServerIdentity(host, certificate) : undefined),
    minVersion: 'TLSv1.2',
  };
}

/**
 * Asks the server whether it speaks TLS. True: it does and waits for the handshake; false: it stays in plain text on this stream.
 * Threat: bytes that follow the one-byte answer were put there by somebody in between (CVE-2021-23222); they are refused.
 */
export async function requestTls(stream: Duplex, deadline: Deadline): Promise<boolean> {
  const answer = new Promise<Buffer>((resolve, reject) => {
    const ended = () =>
      reject(
        new AppError({
          code: 'unreachable',
          message: 'The other side closed the connection',
          hint: 'Check that a PostgreSQL server listens at this port.',
          field: 'server.port',
          retry: true,
        }),
      );
    stream.once('data', (data: Buffer) => {
      stream.off('close', ended);
      stream.off('error', reject);
      resolve(data);
    });
    stream.once('error', reject);
    stream.once('close', ended);
  });
  stream.write(SSL_REQUEST);
  const data = await within(deadline, answer, () => stream.destroy()).catch((error: unknown) => {
    stream.destroy();
    throw networkError(error, 'The server');
  });
  const said = String.fromCharCode(data[0] ?? 0);
  if ((said === 'S' || said === 'N') && data.length === 1) return said === 'S';
  stream.destroy();
  if (said === 'S' || said === 'N')
    throw new AppError({
      code: 'unreachable',
      message: 'Unencrypted data followed the answer to the request for TLS',
      hint: 'Somebody may be changing the connection on its way. Send no password over it.',
    });
  if (said === 'E') throw tlsError('The server refused the request for TLS', 'Choose the mode prefer or disable.');
  throw new AppError({
    code: 'unreachable',
    message: 'The other side does not answer like a PostgreSQL server',
    hint: 'Check the port.',
    field: 'server.port',
  });
}

function handshakeError(error: unknown): AppError {
  const words = error instanceof Error ? error.message : String(error);
  switch (errnoOf(error)) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return tlsError(
        words,
        'The certificate is for another name. Use a name it covers as host, or mode verify-ca.',
        'server.host',
        error,
      );
    case 'CERT_HAS_EXPIRED':
      return tlsError(
        "The server's certificate has expired",
        'Ask for a new certificate on the server.',
        undefined,
        error,
      );
    case 'CERT_REVOKED':
      return tlsError(
        "The server's certificate is revoked",
        'Ask for a new certificate on the server.',
        'server.ssl.crl',
        error,
      );
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
      return tlsError(
        `The server's certificate is not signed by the root certificate: ${words}`,
        "Choose the certificate of the authority that signed the server's certificate.",
        'server.ssl.rootCert',
        error,
      );
    case 'UNABLE_TO_GET_CRL':
      return tlsError(
        'The revocation list does not cover this authority',
        'Choose the list of the authority that signed the certificate.',
        'server.ssl.crl',
        error,
      );
    case 'ERR_OSSL_X509_KEY_VALUES_MISMATCH':
      return tlsError(
        'The private key does not belong to the client certificate',
        'Choose the matching key.',
        'server.ssl.key',
        error,
      );
    default:
      return tlsError(words, 'Check the certificates and the TLS versions that the server allows.', undefined, error);
  }
}

/** Does the handshake over a stream whose server said yes. Fails with `tls`. */
export async function handshake(stream: Duplex, options: ConnectionOptions, deadline: Deadline): Promise<TLSSocket> {
  let socket: TLSSocket | undefined;
  const secured = new Promise<TLSSocket>((resolve, reject) => {
    const made = connectTls({ ...options, socket: stream });
    made.on('error', () => undefined);
    socket = made;
    const closed = () => reject(new Error('The server closed the connection during the TLS handshake'));
    made.once('error', reject);
    made.once('close', closed);
    made.once('secureConnect', () => {
      made.off('error', reject);
      made.off('close', closed);
      resolve(made);
    });
  });
  try {
    return await within(deadline, secured, () => stream.destroy());
  } catch (error) {
    socket?.destroy();
    stream.destroy();
    throw error instanceof AppError ? error : handshakeError(error);
  }
}

/** e.g. `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
export const describeTls = (socket: TLSSocket): string =>
  `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher().standardName ?? socket.getCipher().name}`;
