import { Box, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { planText } from '../../../../shared/model/plan/plan-text';
import { CopyButton } from '../../../ui/copy-button';
import type { PlanScene } from './plan-figures';
import classes from './plan-text.module.css';

export interface PlanTextProps {
  readonly scene: PlanScene;
  /** As the server gave it. */
  readonly text: string;
}

/** The plan in the words of EXPLAIN's text format, and the JSON it came in. */
export function PlanText({ scene, text }: PlanTextProps) {
  const { t } = useTranslation('explain');
  const [format, setFormat] = useState('text');
  const lines = useMemo(() => planText(scene.plan), [scene.plan]);
  const shown = format === 'json' ? text : lines;
  return (
    <div className={classes.frame}>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t('text.format')}
          data={['text', 'json'].map((value) => ({ value, label: t(`text.${value}`) }))}
          value={format}
          onChange={setFormat}
        />
        <CopyButton text={shown} />
      </div>
      <Box component="pre" className={classes.text ?? ''} tabIndex={0} role="region" aria-label={t(`text.${format}`)}>
        {shown}
      </Box>
    </div>
  );
}
