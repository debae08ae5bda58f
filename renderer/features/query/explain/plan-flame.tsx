import { SegmentedControl } from '@mantine/core';
import { useId, useMemo, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { visibleText } from '../../../ui/visible-text';
import { heatOf, measuresOf, planCost, planShare, planTime, spokenNode, type PlanScene } from './plan-figures';
import classes from './plan-flame.module.css';
import { flamesOf, type FlameFigure } from './plan-flames';

/** The plan as nested bars of time or cost. */
export function PlanFlame({ scene }: { readonly scene: PlanScene }) {
  const { t, i18n } = useTranslation('explain');
  const { plan, measures, selected, onSelect } = scene;
  const timed = measures.totalMs !== null;
  const [wanted, setWanted] = useState<FlameFigure>('time');
  const figure = timed ? wanted : 'cost';
  const id = useId();
  const flames = useMemo(() => flamesOf(plan, measures, figure), [plan, measures, figure]);
  const active = flames.findIndex(({ node }) => node.id === selected);

  const onKeyDown = (event: KeyboardEvent) => {
    const here = flames[active] ?? flames[0];
    if (!here) return;
    const row = flames.filter(({ depth }) => depth === here.depth);
    const at = row.indexOf(here);
    const target =
      active < 0
        ? here
        : event.key === 'ArrowDown'
          ? flames.find(({ node }) => here.node.children.includes(node))
          : event.key === 'ArrowUp'
            ? flames.find(({ node }) => node.children.includes(here.node))
            : event.key === 'ArrowRight'
              ? row[at + 1]
              : event.key === 'ArrowLeft'
                ? row[at - 1]
                : null;
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (target) onSelect(target.node.id);
  };
  return (
    <div className={classes.frame}>
      <div className={classes.bar}>
        {timed ? (
          <SegmentedControl
            size="xs"
            aria-label={t('flame.figure')}
            data={(['time', 'cost'] as const).map((value) => ({ value, label: t(`flame.${value}`) }))}
            value={figure}
            onChange={(value) => setWanted(value === 'cost' ? 'cost' : 'time')}
          />
        ) : (
          <span className={classes.note}>{t('flame.cost')}</span>
        )}
        <span className={classes.note}>{t(`flame.${figure}-text`)}</span>
      </div>
      <div
        className={classes.flames}
        role="listbox"
        aria-label={t('views.flame')}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {flames.map(({ node, depth, left, width }, index) => {
          const of = measuresOf(measures, node);
          const share = figure === 'time' ? of.timeShare : of.costShare;
          const value = figure === 'time' ? of.inclusiveMs : of.inclusiveCost;
          const text = value === null ? '' : figure === 'time' ? planTime(value) : planCost(value, i18n.language);
          return (
            <div
              key={node.id}
              id={`${id}-${index}`}
              className={classes.flame}
              role="option"
              aria-selected={node.id === selected}
              aria-label={spokenNode(node, of, t, i18n.language)}
              title={visibleText(`${node.title} ${node.target}\n${text} · ${planShare(width)}`)}
              data-heat={heatOf(share)}
              data-narrow={width < 0.03 || undefined}
              style={{ left: `${left * 100}%`, width: `${width * 100}%`, top: `${depth * 26}px` }}
              onMouseDown={() => onSelect(node.id)}
            >
              {width < 0.03 ? '' : visibleText(`${node.title} ${node.target}`)}
              {width < 0.1 ? null : <span className={classes.value}>{text}</span>}
            </div>
          );
        })}
      </div>
    </div>
  );
}
