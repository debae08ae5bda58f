import { UnstyledButton } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Advice } from '../../../../shared/model/plan/advice/advice';
import { formatBytes, formatCount } from '../../../ui/bytes';
import { CopyButton } from '../../../ui/copy-button';
import { visibleText } from '../../../ui/visible-text';
import classes from './plan-advice.module.css';
import { planShare, planTime, type PlanScene } from './plan-figures';

/** The values of an advice as its words take them; names say units. */
export function adviceWords(values: Advice['values'], language: string): Record<string, string> {
  const word = (name: string, value: string | number): string => {
    if (typeof value === 'string') return visibleText(value);
    if (name.endsWith('Share')) return planShare(value);
    if (name.endsWith('Ms')) return planTime(value);
    if (name.endsWith('Kb')) return formatBytes(value * 1024);
    return formatCount(value, language);
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, word(name, value)]));
}

export interface PlanAdviceProps {
  readonly scene: PlanScene;
  readonly advice: readonly Advice[];
}

/** What can be done about the plan: why, what to mind, and a statement to copy. Nothing runs from here. */
export function PlanAdvice({ scene, advice }: PlanAdviceProps) {
  const { t, i18n } = useTranslation('explain');
  if (advice.length === 0) {
    const key = scene.plan.analyzed ? (scene.measures.totalMs === null ? 'noTiming' : 'none') : 'notRun';
    return <p className={classes.none}>{t(`advice.${key}`)}</p>;
  }
  return (
    <ul className={classes.list}>
      {advice.map(({ rule, node: id, values, sql }, index) => {
        const node = scene.plan.nodes[id];
        const words = adviceWords(values, i18n.language);
        return (
          <li key={index} className={classes.advice}>
            <div className={classes.title}>
              <IconBulb size={16} stroke={1.5} aria-hidden className={classes.icon} />
              {t(`rules.${rule}.title`, words)}
            </div>
            {node ? (
              <UnstyledButton className={classes.link ?? ''} onClick={() => scene.onSelect(id)}>
                {visibleText(
                  node.target === '' ? node.title : t('spoken.on', { title: node.title, target: node.target }),
                )}
              </UnstyledButton>
            ) : null}
            <p className={classes.text}>{t(`rules.${rule}.text`, words)}</p>
            {sql === '' ? null : (
              <div className={classes.sql}>
                <pre className={classes.code}>{sql}</pre>
                <CopyButton text={sql} label={t('advice.copy')} />
              </div>
            )}
            <p className={classes.caution}>{t(`rules.${rule}.caution`, words)}</p>
          </li>
        );
      })}
    </ul>
  );
}
