import { Button, Modal, Textarea } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { editsOf, type Staged } from '../../../../shared/model/edit-staging';
import { api } from '../../../api';
import { useCopy } from '../../../ui/clipboard';
import { ErrorPanel } from '../../../ui/error-panel';
import classes from './edit.module.css';

/** Statements that are drawn; copying takes all. */
const SHOWN = 200;

export interface ReviewDialogProps {
  readonly resultId: string;
  readonly staged: Staged;
  readonly onClose: () => void;
}

/** The statements that saving would run, as they would run. */
export function ReviewDialog({ resultId, staged, onClose }: ReviewDialogProps) {
  const { t } = useTranslation('data');
  const copy = useCopy();
  const [statements, setStatements] = useState<readonly string[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const ending = new AbortController();
    api.query
      .editSql({ resultId, edits: editsOf(staged).edits }, ending.signal)
      .then((answer) => setStatements(answer.statements))
      .catch((thrown: unknown) => {
        if (!ending.signal.aborted) setError(thrown);
      });
    return () => ending.abort();
  }, [resultId, staged]);
  const textOf = (list: readonly string[]): string => list.map((each) => `${each};`).join('\n\n');
  const more = (statements?.length ?? 0) - SHOWN;
  return (
    <Modal opened onClose={onClose} title={t('review.title')} size="var(--wizard-width)">
      <div className={classes.dialog}>
        {error === null ? null : <ErrorPanel error={error} />}
        <Textarea
          readOnly
          autosize
          minRows={6}
          maxRows={22}
          aria-label={t('review.title')}
          classNames={{ input: classes.code ?? '' }}
          value={statements === null ? '' : textOf(statements.slice(0, SHOWN))}
        />
        {more > 0 ? <div className={classes.quiet}>{t('review.more', { count: more })}</div> : null}
        <div className={classes.dialogActions}>
          <Button
            variant="default"
            leftSection={<IconCopy size={16} stroke={1.5} aria-hidden />}
            disabled={statements === null}
            onClick={() => copy(`${textOf(statements ?? [])}\n`)}
          >
            {t('review.copy')}
          </Button>
          <span className={classes.gap} />
          <Button onClick={onClose}>{t('review.close')}</Button>
        </div>
      </div>
    </Modal>
  );
}
