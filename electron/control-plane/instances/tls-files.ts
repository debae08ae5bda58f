import { connect, createServer } from 'node:net';
import { installCertificate, installedCertificate } from '../cluster/certificates';
import { TLS_HOST } from './node-of';
import type { OperationContext } from './operation-context';
import { changeNode } from './sync';

/** A port of the loopback address that nobody listens on right now. */
export function freePort(host = TLS_HOST, port = 0): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      const found = typeof address === 'object' && address ? address.port : null;
      probe.close(() => resolve(found));
    });
  });
}

/** Addresses and names that the certificate of an instance holds; the one it was asked for first. */
export function certifiedAddresses(
  context: OperationContext,
  connectAddress: string = context.record().ssl.connectAddress,
): string[] {
  const { networks, publicAddress, taskAddress, certifiedFor = [] } = context.record();
  const hosts = [...networks, publicAddress, taskAddress].flatMap((address) => (address ? [address.host] : []));
  return [...new Set([connectAddress, ...hosts, ...certifiedFor, 'localhost'])];
}

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const YES = 0x53;

/** Whether a server says yes to SSLRequest: then it has read its certificate and key. */
export function answersTls({ host, port }: { host: string; port: number }, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (yes: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(yes);
    };
    const timer = setTimeout(() => done(false), timeoutMs);
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (answer) => done(answer[0] === YES));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}

/** Puts certificate and key into a node's folder and sees to it that it has a port of its own, when the instance speaks TLS. */
export async function installTls(context: OperationContext, id: string): Promise<void> {
  if (!context.record().ssl.enabled) return;
  const authority = await context.authority();
  await installCertificate(context.node(id), await authority.issue(certifiedAddresses(context)));
  await ensureListenPort(context, id);
}

/** A certificate that ends within this time is replaced at the next start. */
const RENEW_MS = 90 * 86_400_000;

/** Before a start: another port where a program took the old one meanwhile, another certificate where it is missing or ends soon. */
export async function refreshTls(context: OperationContext, id: string): Promise<void> {
  if (!context.record().ssl.enabled) return;
  const installed = await installedCertificate(context.node(id));
  if (installed === null || installed.validUntil - Date.now() < RENEW_MS) await installTls(context, id);
  else await ensureListenPort(context, id);
}

async function ensureListenPort(context: OperationContext, id: string): Promise<void> {
  const node = context.record().nodes.find((each) => each.id === id);
  if (!node || !context.record().ssl.enabled) return;
  if (node.listenPort > 0 && (await freePort(TLS_HOST, node.listenPort)) !== null) return;
  const listenPort = await freePort();
  if (listenPort !== null) await changeNode(context, id, { listenPort });
}
