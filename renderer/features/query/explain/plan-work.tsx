import { Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { adviseOn } from '../../../../shared/model/plan/advice/advice';
import { measure } from '../../../../shared/model/plan/measures';
import { OpenPlanDialog } from './open-plan-dialog';
import { PlanBar } from './plan-bar';
import { PlanCompare } from './plan-compare';
import { PlanDiagram } from './plan-diagram';
import type { PlanScene } from './plan-figures';
import { PlanFlame } from './plan-flame';
import { PlanSide } from './plan-side';
import { usePlans, type KeptPlan, type PlanView } from './plan-store';
import { PlanStatistics } from './plan-statistics';
import { PlanSummary } from './plan-summary';
import { PlanTable } from './plan-table';
import { PlanText } from './plan-text';
import { PlanTree } from './plan-tree';
import classes from './plan-work.module.css';

const VIEWS: Readonly<
  Record<PlanView, (props: { readonly scene: PlanScene; readonly text: string }) => React.ReactNode>
> = {
  diagram: PlanDiagram,
  tree: PlanTree,
  flame: PlanFlame,
  table: PlanTable,
  statistics: PlanStatistics,
  text: PlanText,
};

/** A plan and what can be done with it. One node is chosen, in whatever view. */
export function PlanWork({ kept: own }: { readonly kept: KeptPlan }) {
  const { t } = useTranslation('explain');
  const view = usePlans((state) => state.view);
  const side = usePlans((state) => state.side);
  const [opened, setOpened] = useState<KeptPlan | null>(null);
  const [other, setOther] = useState<KeptPlan | null>(null);
  const [asking, setAsking] = useState<'show' | 'compare' | null>(null);
  const [statement, setStatement] = useState(0);
  const [chosen, setChosen] = useState<{ readonly of: string; readonly id: number } | null>(null);
  const kept = opened ?? own;
  const plan = kept.plans[statement] ?? kept.plans[0];
  const measures = useMemo(() => measure(plan), [plan]);
  const advice = useMemo(() => adviseOn(plan, measures), [plan, measures]);
  const key = `${kept.id}/${statement}`;
  const scene: PlanScene = {
    plan,
    measures,
    selected: chosen?.of === key ? chosen.id : null,
    onSelect: (id) => setChosen({ of: key, id }),
  };
  const View = VIEWS[view];
  return (
    <div className={classes.page}>
      <PlanBar
        kept={kept}
        scene={scene}
        other={other}
        isOpened={opened !== null}
        onCompare={setOther}
        onAsk={setAsking}
        onBack={() => setOpened(null)}
      />
      {kept.plans.length > 1 ? (
        <Select
          className={classes.statements ?? ''}
          aria-label={t('statements')}
          data={kept.plans.map((_, index) => ({ value: String(index), label: t('statement', { number: index + 1 }) }))}
          value={String(statement)}
          allowDeselect={false}
          onChange={(value) => setStatement(Number(value ?? 0))}
        />
      ) : null}
      <PlanSummary scene={scene} />
      {other ? (
        <PlanCompare before={other} after={kept} scene={scene} />
      ) : (
        <div className={classes.body}>
          <div className={classes.view} data-plan-view={view}>
            <View key={key} scene={scene} text={kept.text} />
          </div>
          {side ? <PlanSide key={key} scene={scene} advice={advice} /> : null}
        </div>
      )}
      <OpenPlanDialog
        opened={asking !== null}
        onClose={() => setAsking(null)}
        onOpen={(found) => {
          if (asking === 'compare') setOther(found);
          else {
            setOpened(found);
            setStatement(0);
          }
          setAsking(null);
        }}
      />
    </div>
  );
}
