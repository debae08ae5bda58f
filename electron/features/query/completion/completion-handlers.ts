import type { query } from '../../../../shared/contract/query';
import type { Handlers } from '../../../../shared/contract/define';
import { errorInfo } from '../../../../shared/errors';
import { completeStatement } from '../../../../shared/model/completion/complete';
import { meaningAt } from '../../../../shared/model/completion/meaning';
import type { QueryState } from '../../../../shared/model/query';
import type { QueryCore } from '../query-core';
import type { QuerySession } from '../query-session';
import { NameCache } from './name-cache';
import { resolveName } from './resolve-name';

/** Milliseconds that a keystroke may wait for columns that are not known yet; what is known then is offered. */
const PATIENCE_MS = 30;
/** How often what a name means is looked at anew with what was read for it. */
const MEANING_ROUNDS = 2;
/** Command tags of what changes names. */
const CHANGES_NAMES = /^(?:CREATE|ALTER|DROP|SELECT INTO|IMPORT|DO|CALL|ROLLBACK|COMMIT|COMMENT)\b/;

/** Whether a run may have changed names. */
const changedNames = (state: QueryState): boolean =>
  state.messages.some(({ severity, text }) => severity === 'COMMAND' && CHANGES_NAMES.test(text));

/**
 * What can stand at the cursor, and what a name means. Names come over sessions of their own that log in as the registration says;
 * they are looked for on the tab's own search path, as far as what ran there tells.
 */
export function completionHandlers(
  core: QueryCore,
): Pick<Handlers<typeof query>, 'complete' | 'meaning' | 'resolveName'> {
  const caches = new Map<string, NameCache>();
  /** The run of each session whose changes were seen. */
  const seen = new WeakMap<QuerySession, number>();

  const cacheOf = ({ serverId, database }: QuerySession): NameCache => {
    const key = JSON.stringify([serverId, database]);
    const known = caches.get(key);
    if (known) return known;
    // Those of databases that no tab is at any more need not be kept.
    const used = new Set([...core.sessions.values()].map((each) => JSON.stringify([each.serverId, each.database])));
    for (const other of caches.keys()) if (!used.has(other)) caches.delete(other);
    const work = <Result>(
      reading: Parameters<typeof core.aside.use<Result>>[3],
      signal: AbortSignal,
    ): Promise<Result> => core.aside.use(serverId, database, signal, reading);
    const cache = new NameCache(
      (reading) => {
        const { signal } = new AbortController();
        return work((session) => reading(session, signal), signal);
      },
      (error) => {
        // Names are a help: without them key words are still offered.
        const { code, message } = errorInfo(error);
        if (code === 'bug') core.deps.log.bug('query', error);
        else core.deps.log.write('info', 'names could not be read', { reason: message });
      },
    );
    caches.set(key, cache);
    return cache;
  };

  /** Notices once what a run of the tab has done. */
  const follow = (session: QuerySession, cache: NameCache): void => {
    const state = session.state();
    if (state.running || seen.get(session) === state.runId) return;
    seen.set(session, state.runId);
    if (changedNames(state)) cache.outdate();
  };

  return {
    async complete({ sessionId, text, offset }, { signal }) {
      const session = core.sessionOf(sessionId);
      const cache = cacheOf(session);
      follow(session, cache);
      const at = Math.min(offset, text.length);
      let found = completeStatement(text, at, cache.names(session.lookup()));
      if (cache.fill()) {
        await patience(cache.settled(), signal);
        found = completeStatement(text, at, cache.names(session.lookup()));
        cache.fill();
      }
      return { ...found, items: [...found.items], loading: cache.loading };
    },
    async meaning({ sessionId, text, offset }, { signal }) {
      const session = core.sessionOf(sessionId);
      const cache = cacheOf(session);
      follow(session, cache);
      const look = () => meaningAt(text, Math.min(offset, text.length), cache.names(session.lookup()));
      // First the names are needed, then the columns that are asked for by them.
      for (let round = 0; round < MEANING_ROUNDS; round += 1) {
        look();
        await cache.settled();
        signal.throwIfAborted();
      }
      return look();
    },
    async resolveName({ sessionId, path }, { signal }) {
      const session = core.sessionOf(sessionId);
      const cache = cacheOf(session);
      cache.names(session.lookup());
      await cache.settled();
      const schemas = cache.names(session.lookup()).path;
      return core.aside.use(session.serverId, session.database, signal, (aside) =>
        resolveName(aside, path, schemas, signal),
      );
    },
  };
}

/** Waits for the promise, but not long, and not beyond the abort. */
async function patience(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  let stop = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const timer = setTimeout(stop, PATIENCE_MS);
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([promise, over]);
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
}
