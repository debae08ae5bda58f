import { beforeEach, describe, expect, it } from 'vitest';
import { createDispatch } from '../../electron/ipc/dispatch';
import { contract, type AllHandlers } from '../../shared/contract/index';
import type { FeatureContract } from '../../shared/contract/define';
import { AppError } from '../../shared/errors';

const calls = Object.entries(contract).flatMap(([feature, { calls: named }]) =>
  Object.keys(named).map((name) => [feature, name] as const),
);

/** Handlers that note what reached them. */
function recording(
  reached: { call: string; input: unknown }[],
  act: () => Promise<unknown> = async () => 'done',
): AllHandlers {
  return Object.fromEntries(
    (Object.entries(contract) as [string, FeatureContract][]).map(([feature, { calls: named }]) => [
      feature,
      Object.fromEntries(
        Object.keys(named).map((name) => [
          name,
          (input: unknown) => {
            reached.push({ call: `${feature}.${name}`, input });
            return act();
          },
        ]),
      ),
    ]),
  ) as unknown as AllHandlers;
}

/** A small generator (mulberry32), so that a failing seed can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const FIELDS = [
  'id',
  'serverId',
  'server',
  'name',
  'sql',
  'sessionId',
  'plan',
  'fileToken',
  'from',
  'count',
  '__proto__',
];

function garbage(next: () => number, depth = 0): unknown {
  const pick = Math.floor(next() * (depth > 3 ? 10 : 13));
  switch (pick) {
    case 0:
      return null;
    case 1:
      return undefined;
    case 2:
      return next() * 1e9 - 5e8;
    case 3:
      return Number.NaN;
    case 4:
      return next() > 0.5;
    case 5:
      return '';
    case 6:
      return 'x'.repeat(Math.floor(next() * 5000));
    case 7:
      return '\u0000\uD800';
    case 8:
      return new Date(0);
    case 9:
      return 10n;
    case 10:
      return Array.from({ length: Math.floor(next() * 5) }, () => garbage(next, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: Math.floor(next() * 6) }, () => [
          FIELDS[Math.floor(next() * FIELDS.length)] ?? 'id',
          garbage(next, depth + 1),
        ]),
      );
  }
}

const signal = new AbortController().signal;

describe('dispatch', () => {
  const bugs: unknown[] = [];
  beforeEach(() => void bugs.splice(0));
  const report = (call: string, error: unknown) => {
    bugs.push([call, error]);
    return 'log-1';
  };

  it.each(calls)(
    '%s.%s rejects garbage as invalid input and never as a fault of the program',
    async (feature, name) => {
      const reached: { call: string; input: unknown }[] = [];
      const dispatch = createDispatch(recording(reached), report);
      const seed = 20_261_123;
      const next = random(seed);
      const definition = (contract as Record<string, FeatureContract>)[feature]?.calls[name];
      // What each round was answered that it should not have been, with the round, so that the seed finds it again.
      const wrong: unknown[] = [];
      for (let round = 0; round < 200; round++) {
        reached.length = 0;
        const reply = await dispatch(`${feature}.${name}`, garbage(next), signal);
        // Only what the schema itself accepts may reach a handler, and as the schema made it.
        const right = reply.ok
          ? definition?.input.safeParse(reached[0]?.input).success === true
          : reply.error.code === 'invalid-input' && reached.length === 0;
        if (!right) wrong.push({ seed, round, reply });
      }
      expect(wrong).toEqual([]);
      expect(bugs).toEqual([]);
    },
  );

  it.each(['', 'servers', 'servers.nothing', '__proto__.x', 'toString.call', 'app.info '])(
    'there is no call %j',
    async (name) => {
      const dispatch = createDispatch(recording([]), report);
      expect(await dispatch(name, {}, signal)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    },
  );

  it('names the field that is wrong', async () => {
    const dispatch = createDispatch(recording([]), report);
    expect(await dispatch('settings.update', { theme: 'pink' }, signal)).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', field: 'theme' },
    });
  });

  it('passes an expected failure on as it is, without the log', async () => {
    const error = new AppError({ code: 'not-found', message: 'No such server', field: 'id' });
    const dispatch = createDispatch(
      recording([], () => Promise.reject(error)),
      report,
    );
    expect(await dispatch('servers.list', {}, signal)).toEqual({ ok: false, error: error.info });
    expect(bugs).toEqual([]);
  });

  it('turns an unknown error into a bug with a log id', async () => {
    const dispatch = createDispatch(
      recording([], () => Promise.reject(new TypeError('x is not a function'))),
      report,
    );
    expect(await dispatch('servers.list', {}, signal)).toMatchObject({
      ok: false,
      error: { code: 'bug', logId: 'log-1' },
    });
    expect(bugs).toHaveLength(1);
  });

  it('refuses to start with a handler missing', () => {
    const handlers = { ...recording([]), tasks: {} } as unknown as AllHandlers;
    expect(() => createDispatch(handlers, report)).toThrow('no handler for tasks.list');
  });
});
