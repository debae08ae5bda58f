import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconArrowBackUp, IconArrowForwardUp, IconDeviceFloppy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { stagedCount } from '../../../../shared/model/edit-staging';
import { useKeysHint } from '../keys-hint';
import { ErrorPanel } from '../../../ui/error-panel';
import classes from './edit.module.css';
import type { EditState } from './edit-store';

export interface EditBarProps {
  readonly state: EditState;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onReview: () => void;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
  readonly onResolve: () => void;
  /** Shows the row that the server refused. */
  readonly onShow: (row: number, column: number) => void;
}

/** What is staged, and what can be done with it. */
export function EditBar({ state, onUndo, onRedo, onReview, onDiscard, onSave, onResolve, onShow }: EditBarProps) {
  const { t } = useTranslation('data');
  const hint = useKeysHint();
  const { staging, conflicts, refused, saving } = state;
  const { changed, added, deleted } = staging.now;
  const count = stagedCount(staging.now);
  const undone = state.rolledBack ? (
    <div className={classes.rolledBack} role="alert" data-over-toasts>
      <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
      {t('bar.rolledBack')}
    </div>
  ) : null;
  if (count === 0 && staging.future.length === 0) return undone;
  const parts = [
    changed.size > 0 ? t('bar.changed', { count: changed.size }) : '',
    added.length > 0 ? t('bar.added', { count: added.length }) : '',
    deleted.size > 0 ? t('bar.deleted', { count: deleted.size }) : '',
  ].filter((part) => part !== '');
  return (
    <div className={classes.barFrame} data-over-toasts>
      {undone}
      {refused === null ? null : (
        <div className={classes.refused}>
          <ErrorPanel error={refused.error} title={t('bar.refused')} />
          {refused.row === null ? null : (
            <Button size="xs" variant="default" onClick={() => onShow(refused.row ?? 0, refused.column ?? 0)}>
              {t('bar.show')}
            </Button>
          )}
        </div>
      )}
      <div className={classes.bar} role="toolbar" aria-label={t('bar.label')}>
        <span className={classes.counts} role="status">
          {count === 0 ? t('bar.nothing') : parts.join(' · ')}
        </span>
        {conflicts.size > 0 ? (
          <Button
            size="xs"
            variant="light"
            color="error"
            leftSection={<IconAlertTriangle size={16} stroke={1.5} aria-hidden />}
            onClick={onResolve}
          >
            {t('bar.conflicts', { count: conflicts.size })}
          </Button>
        ) : null}
        <Tooltip label={hint(t('bar.undo'), 'data.undo', 'mod+z')}>
          <ActionIcon aria-label={t('bar.undo')} disabled={staging.past.length === 0} onClick={onUndo}>
            <IconArrowBackUp size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={hint(t('bar.redo'), 'data.redo', 'mod+shift+z')}>
          <ActionIcon aria-label={t('bar.redo')} disabled={staging.future.length === 0} onClick={onRedo}>
            <IconArrowForwardUp size={16} stroke={1.5} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <span className={classes.gap} />
        <Button size="xs" variant="default" disabled={count === 0} onClick={onReview}>
          {t('bar.review')}
        </Button>
        <Button size="xs" variant="default" disabled={count === 0 || saving} onClick={onDiscard}>
          {t('bar.discard')}
        </Button>
        <Tooltip label={hint(t('bar.saveHint'), 'data.save', 'mod+s')}>
          <Button
            size="xs"
            leftSection={<IconDeviceFloppy size={16} stroke={1.5} aria-hidden />}
            disabled={count === 0}
            loading={saving}
            onClick={onSave}
          >
            {t('bar.save')}
          </Button>
        </Tooltip>
      </div>
    </div>
  );
}
