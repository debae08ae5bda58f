import { SegmentedControl } from '@mantine/core';
import { IconChartBar, IconListDetails, IconMap2, IconTable } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './mode-switch.module.css';

export const RESULT_MODES = ['rows', 'record', 'chart', 'map'] as const;
export type ResultMode = (typeof RESULT_MODES)[number];

const ICONS = { rows: IconTable, record: IconListDetails, chart: IconChartBar, map: IconMap2 };

export interface ModeSwitchProps {
  readonly mode: ResultMode;
  /** Whether there is something for a map. */
  readonly hasShapes: boolean;
  readonly onChange: (mode: ResultMode) => void;
}

/** How a result is looked at. */
export function ModeSwitch({ mode, hasShapes, onChange }: ModeSwitchProps) {
  const { t } = useTranslation('results');
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('mode.label')}
      value={mode}
      onChange={(next) => onChange(RESULT_MODES.find((each) => each === next) ?? 'rows')}
      data={RESULT_MODES.filter((each) => each !== 'map' || hasShapes).map((each) => {
        const Icon = ICONS[each];
        return {
          value: each,
          label: (
            <span className={classes.mode} title={t(`mode.${each}`)}>
              <Icon size={16} stroke={1.5} aria-hidden />
              <span className="visually-hidden">{t(`mode.${each}`)}</span>
            </span>
          ),
        };
      })}
    />
  );
}
