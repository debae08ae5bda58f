import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconCircleDashed } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FindingRow } from './finding-row';
import { LEVEL_ICONS } from './level-icons';
import { keyOfFinding, type CheckGroup } from './verify-model';
import classes from './verify.module.css';

const COUNTED = ['failed', 'warning', 'info', 'pass'] as const;

export interface CheckGroupSectionProps {
  readonly jobId: string;
  readonly group: CheckGroup;
  readonly running: boolean;
  readonly repaired: ReadonlySet<string>;
  readonly onRepaired: (key: string) => void;
  /** Holds until the next verification. */
  readonly onSkip: () => void;
}

/** One group of checks: open where something is to be read, folded where all is well. */
export function CheckGroupSection({ jobId, group, running, repaired, onRepaired, onSkip }: CheckGroupSectionProps) {
  const { t } = useTranslation('migration');
  const telling = group.level === 'failed' || group.level === 'warning';
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = (chosen ?? telling) && group.findings.length > 0;
  const id = useId();
  const Fold = open ? IconChevronDown : IconChevronRight;
  const Icon = group.level === null ? IconCircleDashed : LEVEL_ICONS[group.level];
  return (
    <section className={classes.group} data-step={group.step} data-level={group.level ?? 'none'}>
      <h3 className={classes.groupHead}>
        <UnstyledButton
          className={classes.groupButton ?? ''}
          aria-expanded={open}
          aria-controls={id}
          disabled={group.findings.length === 0}
          onClick={() => setChosen(!open)}
        >
          <Fold size={16} stroke={1.5} aria-hidden />
          <Icon size={16} stroke={1.5} className={classes.levelIcon} aria-hidden />
          <span className={classes.groupName}>{t(`check.groups.${group.step}`)}</span>
          <span className={classes.counts}>
            {group.level === null ? t(running ? 'check.waiting' : 'check.notRun') : null}
            {COUNTED.filter((level) => group.counts[level] > 0).map((level) => (
              <span key={level} data-level={level}>
                {t(`check.counts.${level}`, { count: group.counts[level] })}
              </span>
            ))}
            {group.skipped ? <span>{t('check.ignored')}</span> : null}
          </span>
        </UnstyledButton>
      </h3>
      <div id={id} hidden={!open}>
        {open ? (
          <ul className={classes.findings}>
            {group.findings.map((finding, index) => {
              const key = keyOfFinding(finding);
              return (
                <FindingRow
                  key={`${key} ${index}`}
                  jobId={jobId}
                  finding={finding}
                  repaired={repaired.has(key)}
                  onRepaired={() => onRepaired(key)}
                />
              );
            })}
          </ul>
        ) : null}
      </div>
      {group.counts.warning > 0 && !running ? (
        <Checkbox
          className={classes.ignore ?? ''}
          label={t('check.ignore', { count: group.counts.warning })}
          description={t('check.ignoreNote')}
          checked={group.skipped}
          disabled={group.skipped}
          onChange={onSkip}
        />
      ) : null}
    </section>
  );
}
