import { Button } from '@mantine/core';
import { IconCopy, IconExternalLink, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../../shared/model/library';
import { formatCount, formatDuration } from '../../ui/bytes';
import { useCopy } from '../../ui/clipboard';
import { SqlViewer } from '../../ui/sql-editor/sql-viewer';
import { visibleText } from '../../ui/visible-text';
import { useTabActions } from '../../ui/workbench';
import classes from './history-view.module.css';

export interface HistoryDetailsProps {
  readonly entry: HistoryEntry;
  readonly onOpen: (entry: HistoryEntry) => void;
  readonly onRemove: (entry: HistoryEntry) => void;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** One run: its text, where and how it went, and what can be done with it. */
export function HistoryDetails({ entry, onOpen, onRemove }: HistoryDetailsProps) {
  const { t, i18n } = useTranslation('library');
  const copy = useCopy();
  useTabActions([
    { id: 'history.open', label: t('history.open'), run: () => onOpen(entry) },
    { id: 'history.copy', label: t('copy'), run: () => copy(entry.sql) },
    { id: 'history.remove', label: t('remove'), run: () => onRemove(entry) },
  ]);
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(entry.at);
  const facts = [
    when,
    `${entry.user} · ${entry.server} · ${entry.database}`,
    t(`outcomes.${entry.outcome}`),
    t('history.rows', { count: entry.rows, rows: formatCount(entry.rows, i18n.language) }),
    formatDuration(entry.ms),
  ];
  return (
    <section className={classes.details} aria-label={t('history.chosen')}>
      <div className={classes.bar}>
        <Button leftSection={<IconExternalLink {...icon} />} onClick={() => onOpen(entry)}>
          {t('history.open')}
        </Button>
        <Button variant="default" leftSection={<IconCopy {...icon} />} onClick={() => copy(entry.sql)}>
          {t('copy')}
        </Button>
        <Button variant="default" leftSection={<IconTrash {...icon} />} onClick={() => onRemove(entry)}>
          {t('remove')}
        </Button>
        <span className={classes.summary}>{visibleText(facts.join(' · '))}</span>
      </div>
      {entry.error === '' ? null : <p className={classes.error}>{entry.error}</p>}
      <div className={classes.text}>
        <SqlViewer text={entry.sql} label={t('history.text')} />
      </div>
    </section>
  );
}
