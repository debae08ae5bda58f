import { Box, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Advice } from '../../../../shared/model/plan/advice/advice';
import { PlanAdvice } from './plan-advice';
import { PlanDetails } from './plan-details';
import type { PlanScene } from './plan-figures';
import classes from './plan-side.module.css';

export interface PlanSideProps {
  readonly scene: PlanScene;
  readonly advice: readonly Advice[];
}

/** Beside the plan: everything about the chosen node, and what can be done about the plan. */
export function PlanSide({ scene, advice }: PlanSideProps) {
  const { t } = useTranslation('explain');
  const [page, setPage] = useState<{ readonly name: 'node' | 'advice'; readonly selected: number | null }>({
    name: advice.length > 0 ? 'advice' : 'node',
    selected: scene.selected,
  });
  // Who chooses a node wants to read of it.
  if (page.selected !== scene.selected) setPage({ name: 'node', selected: scene.selected });
  return (
    <aside className={classes.side} aria-label={t('side.label')}>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t('side.label')}
          data={[
            { value: 'node', label: t('side.node') },
            { value: 'advice', label: t('side.advice', { count: advice.length, text: advice.length }) },
          ]}
          value={page.name}
          onChange={(value) => setPage({ name: value === 'node' ? 'node' : 'advice', selected: scene.selected })}
        />
      </div>
      {/* Long texts are scrolled by the keyboard too. */}
      <Box
        component="section"
        className={classes.body ?? ''}
        tabIndex={0}
        aria-label={t(page.name === 'node' ? 'side.node' : 'side.adviceLabel')}
      >
        {page.name === 'node' ? <PlanDetails scene={scene} /> : <PlanAdvice scene={scene} advice={advice} />}
      </Box>
    </aside>
  );
}
