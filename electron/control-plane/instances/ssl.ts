import { installCertificate } from '../cluster/certificates';
import { reload } from '../cluster/configuration';
import { AppError } from '../../../shared/errors';
import { checkpoint } from './checkpoint';
import { keepSettings } from './kept-settings';
import { asBefore } from './lifecycle';
import { factOf, type OperationContext, type OperationPlan } from './operation-context';
import { primaryOf } from './record';
import { holdTraffic, openTraffic, startPrimary, startStandbys, stop, stopStandbys } from './serve';
import { answersTls, certifiedAddresses } from './tls-files';

/**
 * TLS on, off, or with another certificate. The server must listen on a network address for it (PostgreSQL offers no TLS on Unix sockets), which
 * takes a restart; another certificate alone does not. Fact: `connectAddress` before; empty was off.
 */

const STATUS = 'job running';
const HANDSHAKE_MS = 5_000;

const wanted = (context: OperationContext): string => context.record().operation?.input.connectAddress ?? '';
const wasOn = (context: OperationContext): boolean => factOf(context, 'connectAddress') !== '';

async function issueFor(context: OperationContext, connectAddress: string): Promise<void> {
  if (connectAddress === '') return;
  const authority = await context.authority();
  for (const { id } of context.record().nodes) {
    const issued = await authority.issue(certifiedAddresses(context, connectAddress));
    await installCertificate(context.node(id), issued);
  }
}

const configure = (context: OperationContext, connectAddress: string): Promise<void> =>
  context.update({ ssl: { enabled: connectAddress !== '', connectAddress } });

/** All servers begin again, with or without TLS. */
async function beginAgain(context: OperationContext, change: () => Promise<void>): Promise<void> {
  await holdTraffic(context);
  // While they are stopped: their ports, and with them the names of their sockets, change.
  await stop(context);
  await stopStandbys(context);
  await change();
  await startPrimary(context);
  await openTraffic(context);
  await startStandbys(context);
}

async function checkHandshake(context: OperationContext): Promise<void> {
  const { listen } = context.node();
  if (!listen || (await answersTls(listen, HANDSHAKE_MS))) return;
  throw new AppError({ code: 'tls', message: 'The server does not offer TLS with its new certificate' });
}

export const SSL: OperationPlan = {
  steps: [
    { name: 'certificate', status: STATUS, run: (context) => issueFor(context, wanted(context)) },
    { name: 'checkpoint', status: STATUS, run: checkpoint },
    {
      name: 'apply',
      status: STATUS,
      async run(context) {
        const on = wanted(context) !== '';
        if (on && wasOn(context) && context.record().ssl.enabled) {
          await configure(context, wanted(context));
          for (const { id } of context.record().nodes) await reload(context.node(id));
        } else await beginAgain(context, () => configure(context, wanted(context)));
        if (on) await checkHandshake(context);
        await keepSettings(context.node());
      },
    },
  ],
  async done(context) {
    return { status: 'running', problem: await openTraffic(context) };
  },
  async failed(context, reason) {
    const problem = `The change of TLS failed: ${reason}`;
    const before = factOf(context, 'connectAddress');
    if (context.record().operation?.step !== 'apply') return { status: 'running', problem };
    try {
      await issueFor(context, before);
      await beginAgain(context, () => configure(context, before));
      return { status: 'running', problem };
    } catch {
      context.servers.stopped(context.record().id, primaryOf(context.record()).id);
      const result = await asBefore(context, problem);
      return { status: result.running ? 'running' : 'limited run', problem: result.problem };
    }
  },
};
