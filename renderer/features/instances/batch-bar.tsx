import { Button } from '@mantine/core';
import { IconRotateClockwise, IconTag } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { InstanceView } from '../../../shared/model/instance';
import classes from './batch-bar.module.css';
import { allows } from './model';

export interface BatchBarProps {
  readonly chosen: readonly InstanceView[];
  readonly onRestart: (instances: readonly InstanceView[]) => void;
  readonly onLabels: (instances: readonly InstanceView[]) => void;
  readonly onClear: () => void;
}

/** Appears when rows are chosen: what can be done with all of them at once. */
export function BatchBar({ chosen, onRestart, onLabels, onClear }: BatchBarProps) {
  const { t } = useTranslation('instances');
  if (chosen.length === 0) return null;
  const restartable = chosen.filter((instance) => allows('restart', instance));
  const labelled = chosen.filter((instance) => allows('labels', instance));
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('batch.label')}>
      <span>{t('batch.chosen', { count: chosen.length })}</span>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRotateClockwise size={16} stroke={1.5} />}
        disabled={restartable.length === 0}
        onClick={() => onRestart(restartable)}
      >
        {t('batch.restart', { count: restartable.length })}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTag size={16} stroke={1.5} />}
        disabled={labelled.length === 0}
        onClick={() => onLabels(labelled)}
      >
        {t('batch.labels')}
      </Button>
      <Button size="xs" variant="subtle" onClick={onClear}>
        {t('batch.clear')}
      </Button>
    </div>
  );
}
