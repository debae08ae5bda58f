import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stagedCount } from '../../../../shared/model/edit-staging';
import { api } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import { showNotice } from '../../../ui/notice';
import type { Edits, Side } from './edit-store';

/** What stands over the page while edits are looked at or saved. */
export type EditDialog = 'review' | 'conflicts' | 'confirm' | null;

export interface Saving {
  readonly dialog: EditDialog;
  /** Name of the server that is asked about; empty when it is not known. */
  readonly server: string;
  readonly production: boolean;
  show(dialog: EditDialog): void;
  /** Saves, after a question where one is due. */
  save(): void;
  /** Saves without a question. */
  saveNow(): Promise<void>;
  decide(sides: ReadonlyMap<number, Side>): void;
}

interface Question {
  readonly ask: boolean;
  readonly server: string;
  readonly production: boolean;
}

/** Whether saving is asked about, and on which server; what can't be found out counts as production. */
async function question(resultId: string): Promise<Question> {
  const { confirm } = (await api.settings.get({})).query;
  if (confirm === 'never') return { ask: false, server: '', production: false };
  try {
    const { serverId } = await api.query.attach({ sessionId: resultId.split('.')[0] ?? '' });
    const server = (await api.servers.list({})).servers.find(({ id }) => id === serverId);
    return {
      ask:
        confirm === 'always' ||
        (server?.environment !== 'none' && server?.environment !== 'development' && server?.environment !== 'test'),
      server: server?.name ?? '',
      production: server?.environment === 'production',
    };
  } catch {
    return { ask: true, server: '', production: false };
  }
}

/** How staged edits get to the server. */
export function useSaving(edits: Edits | null): Saving {
  const { t } = useTranslation('data');
  const [dialog, show] = useState<EditDialog>(null);
  const [asked, setAsked] = useState<Question>({ ask: false, server: '', production: false });
  const saveNow = async (): Promise<void> => {
    if (!edits) return;
    const count = stagedCount(edits.store.getState().staging.now);
    const outcome = await edits.save();
    if (outcome?.saved === true) showNotice(t(outcome.open ? 'savedOpen' : 'saved', { count }));
    else if (outcome) show('conflicts');
  };
  return {
    dialog,
    server: asked.server,
    production: asked.production,
    show,
    saveNow,
    save() {
      if (!edits) return;
      // What is being written is staged when its field is left.
      const focus = document.activeElement;
      if (focus instanceof HTMLTextAreaElement && focus.closest('[data-tools]')) focus.blur();
      const { conflicts, staging } = edits.store.getState();
      if (stagedCount(staging.now) === 0) return;
      if (conflicts.size > 0) {
        show('conflicts');
        return;
      }
      question(edits.resultId)
        .then((found) => {
          setAsked(found);
          if (found.ask) show('confirm');
          else void saveNow();
        })
        .catch(presentError);
    },
    decide(sides) {
      show(null);
      if (!edits) return;
      edits.resolve(sides);
      if (stagedCount(edits.store.getState().staging.now) > 0) void saveNow();
    },
  };
}
