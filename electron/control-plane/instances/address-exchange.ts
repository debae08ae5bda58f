import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../../shared/errors';
import { letFollow } from '../cluster/admin-account';
import { asSuperuser, openSuperuser } from '../cluster/session';
import { renewCertificates } from './certificate-watch';
import { contextOf, mustGet, type Ground } from './context';
import type { Instances } from './instance-service';
import { isFree } from './networking';
import type { InstanceRecord } from './record';
import { setTraffic } from './serve';
import { shouldServe } from './status';
import { clientRouteIds, routesOf } from './traffic';
import type { Turns } from './turns';

/** Ports of addresses for tasks are looked for from here upwards, on the host of the instance's first address. */
const FIRST_TASK_PORT = 25_432;
const TASK_TRIES = 200;
/** How long sessions that were told to end may take. */
const END_MS = 20_000;
const END_POLL_MS = 50;

/** What two instances give each other: where clients reach them, and who may come in there. */
export type Addresses = Pick<InstanceRecord, 'networks' | 'publicAddress' | 'securityGroupIds'>;

export const addressesOfRecord = ({ networks, publicAddress, securityGroupIds }: InstanceRecord): Addresses => ({
  networks,
  publicAddress,
  securityGroupIds,
});

/** Ends every session of clients on the serving node but those whose `application_name` begins so, and waits until they are gone. */
async function endSessions(ground: Ground, id: string, spared: string, signal: AbortSignal): Promise<void> {
  const session = await openSuperuser(contextOf(ground, id, signal).node(), signal);
  try {
    for (const deadline = Date.now() + END_MS; ;) {
      const left = await session.query(
        `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
            AND pg_catalog."left"(application_name, pg_catalog.length($1)) <> $1
            AND application_name <> 'howdah control plane'`,
        [spared],
        signal,
      );
      if (left.length === 0) return;
      if (Date.now() > deadline) break;
      await pause(END_POLL_MS);
    }
  } finally {
    await session.end();
  }
  throw new AppError({
    code: 'conflict',
    message: `${id}: sessions of clients do not end`,
    hint: 'Look for statements that do not react (pg_stat_activity), then try again.',
    retry: true,
  });
}

/** Addresses that change hands, with the clients waiting. Everything may be done twice, and is on disk when it resolves. */
export function createAddressExchange(
  ground: Ground,
  turns: Turns,
  ending: AbortSignal,
): Pick<Instances, 'taskAddress' | 'certifyFor' | 'holdClients' | 'letClients' | 'exchangeAddresses'> {
  const { repository, gateway, networks, traffic } = ground;

  const mustBeFree = (record: InstanceRecord): void => {
    if (record.operation || !shouldServe(record.status) || record.status === 'network changing') {
      throw new AppError({
        code: 'conflict',
        message: `The instance ${record.id} is ${record.operation?.kind ?? record.status}: its address cannot change hands now`,
        hint: 'Wait until it runs.',
        retry: true,
      });
    }
  };

  return {
    async taskAddress(id) {
      const known = mustGet(repository, id).taskAddress;
      if (known) return known;
      return turns.foreground(id, async () => {
        const record = mustGet(repository, id);
        if (record.taskAddress) return record.taskAddress;
        const [first] = record.networks;
        if (!first) throw new AppError({ code: 'conflict', message: `The instance ${id} has no address yet` });
        const context = contextOf(ground, id, ending);
        const taken = new Set(repository.all().map(({ taskAddress }) => taskAddress?.port));
        for (let port = FIRST_TASK_PORT; port < FIRST_TASK_PORT + TASK_TRIES; port += 1) {
          if (taken.has(port) || !(await isFree(first.host, port))) continue;
          const address = { host: first.host, port };
          await context.update({ taskAddress: address });
          const problem = await setTraffic(context, traffic.get(id) ?? 'open');
          if (problem === '') {
            // Instances that an older control plane has made.
            await asSuperuser(context.node(), (session) => letFollow(session, record.adminUser), ending).catch(
              (error: unknown) =>
                ground.log.write('warn', 'the account of an instance may not follow it', { id, reason: String(error) }),
            );
            return address;
          }
          await context.update({ taskAddress: null });
          throw new AppError({ code: 'conflict', message: problem, retry: true });
        }
        throw new AppError({ code: 'conflict', message: `No port for tasks is free on ${first.host}`, retry: true });
      });
    },

    async certifyFor(id, names) {
      const record = mustGet(repository, id);
      const context = contextOf(ground, id, ending);
      await context.update({ certifiedFor: [...new Set([...(record.certifiedFor ?? []), ...names])] });
      if (record.ssl.enabled) await turns.foreground(id, () => renewCertificates(context, Date.now()));
    },

    async holdClients(id, taskId, spared) {
      const record = mustGet(repository, id);
      const by = record.heldBy ?? '';
      if (by !== '' && by !== taskId)
        throw new AppError({ code: 'conflict', message: `The clients of ${id} are held by the task ${by}` });
      mustBeFree(record);
      const context = contextOf(ground, id, ending);
      await context.update({ heldBy: taskId });
      await setTraffic(context, traffic.get(id) ?? 'open');
      await gateway.cut(clientRouteIds(record));
      // A session whose client is cut off may still be in the middle of a statement, and commit it.
      await endSessions(ground, id, spared, ending);
    },

    async letClients(id, taskId) {
      const record = repository.get(id);
      if (!record || record.heldBy !== taskId) return;
      const context = contextOf(ground, id, ending);
      await context.update({ heldBy: '' });
      await setTraffic(context, traffic.get(id) ?? 'open');
    },

    async exchangeAddresses(first, second) {
      const sides = [first, second].map(({ id, addresses }) => ({ context: contextOf(ground, id, ending), addresses }));
      for (const { context, addresses } of sides) await context.update({ ...addresses });
      await gateway.exchange(
        sides.flatMap(({ context }) =>
          routesOf(context.record(), context.node(), traffic.get(context.record().id) ?? 'open', networks),
        ),
      );
    },
  };
}
