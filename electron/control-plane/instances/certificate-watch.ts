import { installCertificate, installedCertificate } from '../cluster/certificates';
import { reload } from '../cluster/configuration';
import { contextOf, type Ground } from './context';
import type { OperationContext } from './operation-context';
import type { InstanceRecord } from './record';
import { shouldServe } from './status';
import { certifiedAddresses } from './tls-files';
import type { Turns } from './turns';

type Installed = Awaited<ReturnType<typeof installedCertificate>>;

const TICK_MS = 2_000;
const DAY_MS = 86_400_000;
/** A certificate that ends within this time is replaced. */
const RENEW_MS = 60 * DAY_MS;

/** Whether a certificate is to be replaced: it is missing, ends soon, or is for other addresses than the instance has. Pure. */
export function isDue(installed: Installed, addresses: readonly string[], now: number): boolean {
  if (installed === null || installed.validUntil - now < RENEW_MS) return true;
  return (
    installed.addresses.length !== addresses.length || addresses.some((each) => !installed.addresses.includes(each))
  );
}

/** Every node gets a new certificate where one of them needs it. Sessions go on: servers read it anew when they are told to. */
export async function renewCertificates(context: OperationContext, now: number): Promise<void> {
  const addresses = certifiedAddresses(context);
  // One that is being built gets its certificate with its data.
  const nodes = context.record().nodes.filter(({ state }) => state === 'ready');
  const installed = await Promise.all(nodes.map(({ id }) => installedCertificate(context.node(id))));
  if (!installed.some((each) => isDue(each, addresses, now))) return;
  const authority = await context.authority();
  for (const { id } of nodes) {
    await installCertificate(context.node(id), await authority.issue(addresses));
    await reload(context.node(id));
  }
  const made = await installedCertificate(context.node());
  const until = made ? new Date(made.validUntil).toISOString().slice(0, 10) : '';
  context.log.write('info', 'certificate renewed', { instance: context.record().id, until });
  await context.event({
    level: 'info',
    kind: 'certificate-renewed',
    text: `The certificate was renewed: it is valid until ${until} for ${addresses.join(', ')}`,
  });
}

export interface CertificateWatchDeps {
  readonly ground: Ground;
  readonly turns: Turns;
}

/** Renews certificates in time, and when the addresses of an instance change: looked at at once, then once a day. */
export function startCertificateWatch({ ground, turns }: CertificateWatchDeps): { stop(): void } {
  const { repository, log } = ground;
  /** For which addresses each instance was looked at, and until when that holds. */
  const looked = new Map<string, { key: string; until: number }>();

  const look = async (record: InstanceRecord, now: number): Promise<void> => {
    const { id, ssl, operation, status } = record;
    if (!ssl.enabled || operation || !shouldServe(status)) return;
    const { networks, publicAddress, taskAddress, certifiedFor } = record;
    const key = JSON.stringify([ssl, networks, publicAddress, taskAddress, certifiedFor]);
    const known = looked.get(id);
    if (known?.key === key && now < known.until) return;
    await turns.background(id, async (signal) => {
      const context = contextOf(ground, id, signal);
      if (context.record().operation) return;
      await renewCertificates(context, now);
      looked.set(id, { key, until: now + DAY_MS });
    });
  };

  const timer = setInterval(() => {
    const now = Date.now();
    for (const record of repository.all()) {
      look(record, now).catch((error: unknown) => {
        if (!repository.get(record.id)?.operation) log.bug(`certificate of ${record.id}`, error);
      });
    }
    for (const id of looked.keys()) if (!repository.get(id)) looked.delete(id);
  }, TICK_MS);
  return { stop: () => clearInterval(timer) };
}
