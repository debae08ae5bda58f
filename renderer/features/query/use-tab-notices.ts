import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { keepNotice } from '../../ui/notice';
import { visibleText } from '../../ui/visible-text';
import { useTab } from '../../ui/workbench';
import type { QueryTab } from './store';

/** Characters of a payload that a notice holds. */
const MOST = 300;

/** Keeps what a session heard while its tab could not be seen, and connections that it lost and got back, with the tab to go to. */
export function useTabNotices(tab: QueryTab, title: string): void {
  const { t } = useTranslation('query');
  const { id, visible } = useTab();
  const sessionId = useStore(tab.store, ({ query }) => query?.sessionId ?? '');
  const heard = useStore(tab.store, ({ query }) => query?.notifications);
  const lost = useStore(tab.store, ({ query }) => query?.transaction === 'lost');
  const last = useRef({ sessionId: '', at: 0, count: 0 });
  useEffect(() => {
    const all = heard ?? [];
    const before = last.current;
    last.current = { sessionId, at: all.at(-1)?.at ?? 0, count: all.length };
    // Only the newest are kept by the session: their number alone does not tell what is new.
    const fresh =
      before.sessionId !== sessionId
        ? []
        : all.filter((each, index) => (all.length > before.count ? index >= before.count : each.at > before.at));
    const [first] = fresh;
    if (visible || first === undefined) return;
    const one = fresh.length === 1;
    keepNotice({
      kind: 'info',
      title: one
        ? t('heard.notice', { title, channel: visibleText(first.channel) })
        : t('heard.more', { title, count: fresh.length }),
      text: one ? visibleText(first.payload.slice(0, MOST)) : '',
      tab: id,
    });
  }, [heard, sessionId, visible, title, id, t]);

  const was = useRef({ sessionId, lost });
  useEffect(() => {
    const before = was.current;
    was.current = { sessionId, lost };
    if (before.sessionId !== sessionId || before.lost === lost) return;
    keepNotice({ kind: lost ? 'error' : 'ok', title: t(lost ? 'notice.lost' : 'notice.again', { title }), tab: id });
  }, [sessionId, lost, title, id, t]);
}
