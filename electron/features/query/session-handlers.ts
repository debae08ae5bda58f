import { randomBytes } from 'node:crypto';
import type { query } from '../../../shared/contract/query';
import type { Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import type { QueryCore } from './query-core';
import { QuerySession } from './query-session';

type SessionCalls =
  | 'open'
  | 'close'
  | 'attach'
  | 'run'
  | 'cancel'
  | 'state'
  | 'setMode'
  | 'transact'
  | 'setRole'
  | 'arrange';

/** Sessions of tabs and what runs in them. */
export function sessionHandlers(core: QueryCore): Pick<Handlers<typeof query>, SessionCalls> {
  const { deps, sessions, sessionOf } = core;
  const notYet = (): never => {
    throw new AppError({ code: 'unsupported', message: 'Not yet' });
  };
  return {
    async open({ serverId, database }, { signal }) {
      const id = randomBytes(8).toString('hex');
      const session = new QuerySession(id, serverId, database, {
        connections: deps.connections,
        tempFolder: deps.tempFolder,
        changed: (state) => deps.emit('state', state),
        bug: (error) => deps.log.bug('query', error),
      });
      const info = await session.open(signal);
      sessions.set(id, session);
      return info;
    },
    async close({ sessionId }) {
      const session = sessions.get(sessionId);
      sessions.delete(sessionId);
      await session?.close();
    },
    run: async ({ sessionId, sql }) => ({ runId: sessionOf(sessionId).run(sql) }),
    cancel: async ({ sessionId }) => sessionOf(sessionId).cancel(),
    state: async ({ sessionId }) => sessionOf(sessionId).state(),
    attach: async () => notYet(),
    setMode: async () => notYet(),
    transact: async () => notYet(),
    setRole: async () => notYet(),
    arrange: async () => notYet(),
  };
}
