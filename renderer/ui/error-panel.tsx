import { Button } from '@mantine/core';
import { IconAlertCircle, IconCopy, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../shared/errors';
import { useCopy } from './clipboard';
import classes from './error-panel.module.css';
import { errorMarks, errorReport } from './error-text';

export interface ErrorPanelProps {
  /** Anything thrown; an AppError tells most. */
  readonly error: unknown;
  /** What was being done, in the person's words; default: the error's own message is the heading. */
  readonly title?: string;
  readonly onRetry?: () => void;
  /** Default: the shell's clipboard. */
  readonly onCopy?: (text: string) => void;
}

/** An error in its place: what happened, why in the original words, what to do, details to copy, and again. */
export function ErrorPanel({ error, title, onRetry, onCopy }: ErrorPanelProps) {
  const { t } = useTranslation('app');
  const copy = useCopy();
  const [open, setOpen] = useState(false);
  const info = errorInfo(error);
  const marks = errorMarks(info);
  return (
    <div className={classes.panel} role="alert">
      <IconAlertCircle size={16} stroke={1.5} className={classes.icon} aria-hidden />
      <div className={classes.body}>
        <div className={classes.title}>{title ?? info.message}</div>
        {title === undefined ? null : <div className="selectable">{info.message}</div>}
        {marks.length === 0 ? null : <div className={classes.marks}>{marks.join(' · ')}</div>}
        {info.hint === undefined ? null : <div className={classes.hint}>{info.hint}</div>}
        {open && info.detail !== undefined ? <pre className={classes.detail}>{info.detail}</pre> : null}
        <div className={classes.actions}>
          {onRetry === undefined ? null : (
            <Button size="xs" variant="default" leftSection={<IconRefresh size={16} stroke={1.5} />} onClick={onRetry}>
              {t('ui.retry')}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCopy size={16} stroke={1.5} />}
            onClick={() => (onCopy ?? copy)(errorReport(info))}
          >
            {t('ui.copyDetails')}
          </Button>
          {info.detail === undefined ? null : (
            <Button size="xs" variant="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? t('ui.hideDetails') : t('ui.showDetails')}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
