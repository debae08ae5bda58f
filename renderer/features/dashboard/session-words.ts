import type { TFunction } from 'i18next';
import type { SessionRow } from '../../../shared/model/dashboard';
import { visibleText } from '../../ui/visible-text';
import type { Tone } from '../../ui/status-pill';

const STATES: Readonly<Record<string, { readonly key: string; readonly tone: Tone }>> = {
  active: { key: 'active', tone: 'ok' },
  idle: { key: 'idle', tone: 'neutral' },
  'idle in transaction': { key: 'idleInTransaction', tone: 'warn' },
  'idle in transaction (aborted)': { key: 'aborted', tone: 'error' },
  'fastpath function call': { key: 'fastpath', tone: 'ok' },
  disabled: { key: 'disabled', tone: 'neutral' },
};

export interface StateWords {
  readonly tone: Tone;
  readonly text: string;
}

/** What a session does, as one word. */
export function stateWords(t: TFunction<'dashboard'>, session: SessionRow): StateWords {
  if (session.hidden) return { tone: 'neutral', text: t('notPermitted') };
  if (session.state === null) return { tone: 'neutral', text: '–' };
  const known = STATES[session.state];
  if (known === undefined) return { tone: 'neutral', text: session.state };
  if (session.state === 'active' && session.waitType === 'Lock') return { tone: 'warn', text: t('states.waiting') };
  return { tone: known.tone, text: t(`states.${known.key}`) };
}

/** A wait by the server's names; without a name the session works. */
export const waitText = (t: TFunction<'dashboard'>, type: string, event: string): string =>
  type === '' ? t('waits.cpu') : [type, event].filter((part) => part !== '').join(': ');

/** What a wait means, in plain words; empty when we have none for it. */
export function waitWords(t: TFunction<'dashboard'>, type: string, event: string): string {
  if (type === '') return t('waits.cpuText');
  return t(`waits.events.${event}`, { defaultValue: t(`waits.types.${type}`, { defaultValue: '' }) });
}

/** How long what a session does lasts, as the person would count it: its query, or its open transaction. */
export function lastingMs(session: SessionRow): number | null {
  if (session.state === 'active') return session.queryMs;
  return session.state?.startsWith('idle in transaction') === true ? session.transactionMs : null;
}

/** A query on one line. */
export const oneLine = (query: string): string => visibleText(query.replaceAll(/\s+/g, ' ').trim()).slice(0, 300);

/** Who a session is, in short: `alice@shop, psql`. */
export const whoText = ({ user, database, application }: SessionRow): string =>
  visibleText([`${user ?? '–'}@${database ?? '–'}`, application].filter((part) => part !== '').join(', '));

/** How a session is named for good in lists and choices. */
export const sessionKey = ({ pid, started }: SessionRow): string => `${pid} ${started ?? ''}`;

/** Whether a process takes signals: those that serve the server as a whole have no user, and do not. Ours is not to be ended by itself. */
export const maySignal = ({ own, user, kind }: SessionRow): boolean =>
  !own && (user !== null || kind === 'autovacuum worker');
