import { ActionIcon, Button } from '@mantine/core';
import { IconPlugX, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { SessionLoss } from '../../../shared/model/query';
import { visibleText } from '../../ui/visible-text';
import classes from './loss-notice.module.css';
import { useTabActions } from '../../ui/workbench';
import type { QueryTab } from './store';

const KINDS = ['tables', 'prepared', 'cursors', 'locks', 'channels', 'settings'] as const;

/** What went with the connection, by name, and the way to set again what can be. Nothing is set again by itself. */
export function LossNotice({ tab }: { readonly tab: QueryTab }) {
  const loss = useStore(tab.store, ({ query }) => query?.loss ?? null);
  return loss ? <Notice tab={tab} loss={loss} /> : null;
}

function Notice({ tab, loss }: { readonly tab: QueryTab; readonly loss: SessionLoss }) {
  const { t } = useTranslation('query');
  const running = useStore(tab.store, ({ query }) => query?.running === true);
  const dismiss = () => tab.restore(false);
  const restore = () => tab.restore(true);
  useTabActions([
    { id: 'query.restore', label: t('loss.again'), disabled: running || !loss.restorable, run: restore },
    { id: 'query.dismiss-loss', label: t('loss.forget'), run: dismiss },
  ]);
  const kinds = KINDS.filter((kind) => loss[kind].length > 0);
  return (
    <section className={classes.notice} aria-label={t('loss.label')}>
      <IconPlugX size={16} stroke={1.5} aria-hidden className={classes.icon} />
      <div className={`${classes.text} selectable`}>
        <span className={classes.title}>{t('loss.title')}</span>
        {loss.transaction ? <span>{t('loss.transaction')}</span> : null}
        {kinds.map((kind) => (
          <span key={kind}>
            {t(`loss.${kind}`)} <span className={classes.names}>{loss[kind].map(visibleText).join(', ')}</span>
          </span>
        ))}
      </div>
      {loss.restorable ? (
        <Button size="compact-sm" variant="default" disabled={running} onClick={restore}>
          {t('loss.restore')}
        </Button>
      ) : null}
      <ActionIcon variant="subtle" color="gray" aria-label={t('loss.dismiss')} onClick={dismiss}>
        <IconX size={16} stroke={1.5} aria-hidden />
      </ActionIcon>
    </section>
  );
}
