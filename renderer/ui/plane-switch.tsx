import { Select } from '@mantine/core';
import { IconCloud } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PlaneView } from '../../shared/model/plane';

export interface PlaneSwitchProps {
  readonly planes: readonly PlaneView[] | null;
  readonly plane: string;
  readonly onChange: (plane: string) => void;
}

/** Which control plane the page speaks of; not there while there is only one. */
export function PlaneSwitch({ planes, plane, onChange }: PlaneSwitchProps) {
  const { t } = useTranslation('instances');
  if (planes === null || planes.length < 2) return null;
  return (
    <Select
      aria-label={t('planes.label')}
      leftSection={<IconCloud size={16} stroke={1.5} aria-hidden />}
      data={planes.map((each) => ({ value: each.id, label: each.local ? t('planes.local') : each.name }))}
      value={plane}
      onChange={(chosen) => (chosen === null ? undefined : onChange(chosen))}
    />
  );
}
