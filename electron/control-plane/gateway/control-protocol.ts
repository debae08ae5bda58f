import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { errorInfo } from '../../../shared/errors';
import { route, routeRules, sessionFacts } from './route';

/**
 * What daemon and gateway say to each other over the control channel: one JSON text per line. Both prove first that they know the node
 * secret, each over the other's nonce, so that neither takes orders from or trusts a stranger who found the socket.
 */

/**
 * Rises with every change of what is said here, or of what a running gateway must do that it did not do before: a daemon replaces a gateway
 * of another version.
 */
export const GATEWAY_VERSION = '4';

export const hello = z.object({ nonce: z.string().regex(/^[0-9a-f]{32}$/) });
/** The daemon's answer: its proof, and a nonce for the gateway to prove itself on. */
export const introduction = z.object({ proof: z.string(), nonce: z.string().regex(/^[0-9a-f]{32}$/) });
export const welcome = z.object({ proof: z.string(), pid: z.number().int(), version: z.string() });

export const request = z.discriminatedUnion('do', [
  z.object({ id: z.number().int(), do: z.literal('set'), route }),
  z.object({ id: z.number().int(), do: z.literal('rules'), routeId: z.string(), rules: routeRules }),
  z.object({ id: z.number().int(), do: z.literal('exchange'), routes: z.array(route) }),
  z.object({ id: z.number().int(), do: z.literal('remove'), routeId: z.string() }),
  /** Removes every route that is not named: what an earlier daemon may have left. */
  z.object({ id: z.number().int(), do: z.literal('keep'), routeIds: z.array(z.string()) }),
  z.object({ id: z.number().int(), do: z.literal('cut'), routeIds: z.array(z.string()) }),
  z.object({ id: z.number().int(), do: z.literal('sessions') }),
  /** Whether it still answers. */
  z.object({ id: z.number().int(), do: z.literal('ping') }),
  z.object({ id: z.number().int(), do: z.literal('end') }),
]);
export type Request = z.output<typeof request>;

export const reply = z.object({
  id: z.number().int(),
  failure: z.object({ code: z.enum(['conflict', 'bug']), message: z.string() }).optional(),
  sessions: z.array(sessionFacts).optional(),
  cut: z.number().int().optional(),
});
export type Reply = z.output<typeof reply>;

export const failureOf = (error: unknown): Reply['failure'] => {
  const { code, message } = errorInfo(error);
  return { code: code === 'conflict' ? 'conflict' : 'bug', message };
};

export const controlProof = (secret: string, who: 'daemon' | 'gateway', nonce: string): string =>
  createHmac('sha256', secret).update(`howdah-gateway ${who} ${nonce}`).digest('hex');

export function sameProof(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

const LINE_MAX = 1024 * 1024;

/** Cuts a stream of text into lines; throws when one grows beyond all measure. */
export function lineReader(onLine: (line: string) => void): (chunk: string) => void {
  let held = '';
  return (chunk) => {
    held += chunk;
    for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
      const line = held.slice(0, end);
      held = held.slice(end + 1);
      if (line !== '') onLine(line);
    }
    if (held.length > LINE_MAX) throw new Error('a line of the control channel is too long');
  };
}
