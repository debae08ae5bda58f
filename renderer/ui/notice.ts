import { notifications } from '@mantine/notifications';
import { create } from 'zustand';
import type { Command } from '../../shared/model/command';

/** Something that happened, as the notification centre keeps it. */
export interface Notice {
  readonly id: string;
  readonly kind: 'ok' | 'info' | 'warn' | 'error';
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly title: string;
  /** More words; empty is none. */
  readonly text: string;
  /** Where it happened or what to look at. */
  readonly open: { readonly label: string; readonly command: Command } | null;
  /** The tab that it happened in; null is none. */
  readonly tab: string | null;
  /** How often in a row. */
  readonly times: number;
  readonly seen: boolean;
}

export type NewNotice = Pick<Notice, 'kind' | 'title'> & Partial<Pick<Notice, 'text' | 'open' | 'tab'>>;

/** The newest are kept. */
const KEPT = 500;

export const useNotices = create<{ readonly notices: readonly Notice[] }>()(() => ({ notices: [] }));

let last = 0;

/** Keeps it in the notification centre without showing a toast. The same twice in a row stands once, counted. */
export function keepNotice({ kind, title, text = '', open = null, tab = null }: NewNotice): void {
  useNotices.setState(({ notices }) => {
    const [newest, ...older] = notices;
    const same = newest?.kind === kind && newest.title === title && newest.text === text && newest.tab === tab;
    const notice: Notice = {
      id: same ? newest.id : String(++last),
      kind,
      at: Date.now(),
      title,
      text,
      open,
      tab,
      times: same ? newest.times + 1 : 1,
      seen: false,
    };
    return { notices: [notice, ...(same ? older : notices)].slice(0, KEPT) };
  });
}

/** A toast for something done that needs no action. Errors go through `presentError`. */
export function showNotice(message: string): void {
  notifications.show({ message, autoClose: 4000, withBorder: true, color: 'ok' });
}
