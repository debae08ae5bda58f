import { createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** X.509 certificates and revocation lists for tests, made here so that no machine needs openssl. Source: RFC 5280. */

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length =
    size < 0x80
      ? Buffer.from([size])
      : size < 0x100
        ? Buffer.from([0x81, size])
        : Buffer.from([0x82, size >> 8, size & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
};
const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts);
const integer = (bytes: Buffer): Buffer => tlv(0x02, bytes);
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'));
const time = (date: Date): Buffer =>
  tlv(0x17, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`, 'ascii'));
/** A name that is nothing but its common name. */
const name = (commonName: string): Buffer =>
  sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(commonName, 'utf8')))));
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const bits = (bytes: Buffer): Buffer => tlv(0x03, Buffer.from([0]), bytes);

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const signed = (label: string, body: Buffer, key: KeyObject): string =>
  pem(label, sequence(body, ECDSA_SHA256, bits(sign('sha256', body, key))));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value));

export interface Issued {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. */
  readonly key: string;
  readonly serial: Buffer;
}

export interface Authority {
  /** PEM of the authority's own certificate. */
  readonly cert: string;
  /** A certificate for a common name and, for servers, the names and addresses it covers. */
  issue(commonName: string, alternatives?: readonly string[], validDays?: number): Issued;
  /** A revocation list in PEM that holds these certificates. */
  revoke(...issued: readonly Issued[]): string;
}

const DAY = 86_400_000;

export function createAuthority(commonName: string): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = (
    subject: string,
    key: KeyObject,
    serial: Buffer,
    extensions: Buffer[],
    validDays: number,
  ): string => {
    const now = Date.now();
    const begin = new Date(now - 30 * DAY);
    const body = sequence(
      tlv(0xa0, integer(Buffer.from([2]))),
      integer(serial),
      ECDSA_SHA256,
      name(commonName),
      sequence(time(begin), time(new Date(now + validDays * DAY))),
      name(subject),
      key.export({ type: 'spki', format: 'der' }),
      tlv(0xa3, sequence(...extensions)),
    );
    return signed('CERTIFICATE', body, privateKey);
  };
  const newSerial = (): Buffer => Buffer.concat([Buffer.from([0x01]), randomBytes(7)]);
  const isAuthority = extension('551d13', true, sequence(tlv(0x01, Buffer.from([0xff]))));
  return {
    cert: certificate(commonName, publicKey, newSerial(), [isAuthority], 365),
    issue(subject, alternatives = [], validDays = 365) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const serial = newSerial();
      const names = alternatives.map((each) =>
        isIPv4(each) ? tlv(0x87, Buffer.from(each.split('.').map(Number))) : tlv(0x82, Buffer.from(each, 'ascii')),
      );
      const extensions = [
        extension('551d13', true, sequence()),
        ...(names.length > 0 ? [extension('551d11', false, sequence(...names))] : []),
      ];
      const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return {
        cert: certificate(subject, createPublicKey(pair.privateKey), serial, extensions, validDays),
        key,
        serial,
      };
    },
    revoke(...issued) {
      const now = new Date();
      const body = sequence(
        integer(Buffer.from([1])),
        ECDSA_SHA256,
        name(commonName),
        time(new Date(now.getTime() - DAY)),
        time(new Date(now.getTime() + 30 * DAY)),
        ...(issued.length > 0
          ? [sequence(...issued.map(({ serial }) => sequence(integer(serial), time(new Date(now.getTime() - DAY)))))]
          : []),
      );
      return signed('X509 CRL', body, privateKey);
    },
  };
}
