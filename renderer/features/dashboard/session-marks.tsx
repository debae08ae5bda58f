import { ActionIcon, NumberInput, Popover, Tooltip } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTabActions } from '../../ui/workbench';
import classes from './pages.module.css';
import { keepNumber } from './preferences';

/** Minutes after which a session counts as long, and as too long. */
export interface Marks {
  readonly amber: number;
  readonly red: number;
}

export interface SessionMarksProps {
  /** Whether its page is the one in front. */
  readonly open: boolean;
  readonly marks: Marks;
  readonly onChange: (marks: Marks) => void;
}

/** When sessions are marked: behind a button, as it is chosen once and kept. */
export function SessionMarks({ open, marks, onChange }: SessionMarksProps) {
  const { t } = useTranslation('dashboard');
  const [opened, setOpened] = useState(false);
  useTabActions([{ id: 'dashboard.marks', label: t('sessions.marks'), disabled: !open, run: () => setOpened(true) }]);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label={t('sessions.marks')} disabled={opened}>
          <ActionIcon aria-label={t('sessions.marks')} aria-expanded={opened} onClick={() => setOpened(!opened)}>
            <IconAdjustments size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.marks ?? ''} aria-label={t('sessions.marks')}>
        {(['amber', 'red'] as const).map((key) => (
          <NumberInput
            key={key}
            label={t(`sessions.${key}`)}
            value={marks[key]}
            min={1}
            max={10_000}
            hideControls
            onChange={(given) => {
              const next = Number(given);
              if (!(next > 0)) return;
              onChange({ ...marks, [key]: next });
              keepNumber(key, next);
            }}
          />
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
