import { openSession } from '../../electron/adapters/postgres/session';
import { ACCOUNT_ACTIONS } from '../../electron/control-plane/api/account-actions';
import { DATABASE_ACTIONS } from '../../electron/control-plane/api/database-actions';
import { asApiError } from '../../electron/control-plane/api/errors';
import { parseRequest } from '../../electron/control-plane/api/parse';
import type { AccountInstances } from '../../electron/control-plane/accounts/work';
import { AppError } from '../../shared/errors';
import type { InstanceStatus } from '../../shared/model/instance';
import type { CloudClient } from './cloud-client';
import type { TestServer } from './postgres';

export const INSTANCE = 'postgres-accounts';
export const ADMIN = 'shop';

/** An instance on a plain test server: the actions of accounts and databases without daemon and gateway. */
export interface AccountsBench {
  /** Calls actions as the official SDK's client does: checked request, coded error. */
  readonly api: CloudClient;
  status: InstanceStatus;
  readonly notes: () => Readonly<Record<string, unknown>>;
}

export async function openAccountsBench(server: TestServer): Promise<AccountsBench> {
  await server.sql(`CREATE ROLE ${ADMIN} LOGIN CREATEDB CREATEROLE`);
  let accounts: Record<string, unknown> = {};
  const bench = { status: 'running' as InstanceStatus };
  const record = () => ({
    id: INSTANCE,
    adminUser: ADMIN,
    createdAt: 1_000_000_000_000,
    status: bench.status,
    accounts,
  });
  const instances = {
    get: (id: string) => (id === INSTANCE ? record() : undefined),
    change: async (_: string, change: { accounts?: typeof accounts }) => void (accounts = change.accounts ?? accounts),
    async withSuperuser(_: string, database: string, work: (session: unknown) => Promise<unknown>) {
      if (bench.status === 'isolated') throw new AppError({ code: 'conflict', message: 'It does not serve' });
      const session = await openSession(server.profile(database));
      try {
        return await work(session);
      } finally {
        await session.end();
      }
    },
  } as unknown as AccountInstances;
  const table = { ...ACCOUNT_ACTIONS, ...DATABASE_ACTIONS };
  const call = async (name: string, body: unknown): Promise<unknown> => {
    const action = table[name];
    if (!action) throw new Error(`no action ${name}`);
    try {
      const context = { region: '', deps: { instances } } as unknown as Parameters<typeof action.handle>[1];
      return await action.handle(parseRequest(action.request, body), context);
    } catch (error) {
      const coded = asApiError(error);
      throw coded ? Object.assign(coded, { code: coded.apiCode }) : error;
    }
  };
  const api = new Proxy({}, { get: (_, name) => (body: unknown) => call(String(name), body) }) as CloudClient;
  return Object.assign(bench, { api, notes: () => accounts });
}
