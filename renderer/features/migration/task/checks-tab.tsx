import { Skeleton } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../../shared/model/migration';
import { formatTime, formatUtc } from '../../../ui/bytes';
import { ChoiceGroup } from '../../../ui/choice-group';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { FindingRow } from '../wizard/finding-row';
import { useFindings } from '../wizard/use-wizard';
import { checkGroups, keyOfFinding } from '../wizard/verify-model';
import classes from './checks-tab.module.css';

const SHOWN = ['notable', 'all'] as const;

export interface ChecksTabProps {
  readonly id: string;
  /** Milliseconds since the epoch; null before the first check. */
  readonly checkedAt: number | null;
}

/** What a task finds is repaired in the wizard, before it runs; here it is read. */
const toRead = (finding: Finding): Finding => ({ ...finding, fix: null });

const isNotable = ({ level }: Finding): boolean => level === 'warning' || level === 'failed';

/** What the last checks found, group by group. */
export function ChecksTab({ id, checkedAt }: ChecksTabProps) {
  const { t, i18n } = useTranslation('migration');
  const { value, error, reload } = useFindings(id);
  const [chosen, setChosen] = useState<string | null>(null);
  const findings = useMemo(() => (value?.findings ?? []).map(toRead), [value]);
  if (error !== null && value === null) {
    return <ErrorPanel title={t('task.checks.failed')} error={error} onRetry={reload} />;
  }
  if (value === null) return <Skeleton height={160} aria-label={t('task.listReading')} />;
  if (findings.length === 0) return <EmptyState title={t('task.checks.none')} text={t('task.checks.noneText')} />;
  const notable = findings.filter(isNotable);
  const shown = SHOWN.find((each) => each === chosen) ?? (notable.length > 0 ? 'notable' : 'all');
  const groups = checkGroups(shown === 'all' ? findings : notable, value.skipped, false);
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <ChoiceGroup
          label={t('task.checks.shown')}
          choices={[
            { value: 'notable', label: t('task.checks.notable'), note: String(notable.length) },
            { value: 'all', label: t('task.checks.all'), note: String(findings.length) },
          ]}
          value={shown}
          onChange={setChosen}
        />
        {checkedAt === null ? null : (
          <span className={classes.quiet} title={formatUtc(checkedAt)}>
            {t('task.checks.at', { time: formatTime(checkedAt, i18n.language) })}
          </span>
        )}
      </div>
      {groups.length === 0 ? <EmptyState title={t('task.checks.clear')} /> : null}
      {groups.map((group) => (
        <section key={group.step} className={classes.group} aria-label={t(`check.groups.${group.step}`)}>
          <h2>
            {t(`check.groups.${group.step}`)}
            {group.skipped ? <span className={classes.quiet}> {t('check.ignored')}</span> : null}
          </h2>
          <ul className={classes.list}>
            {group.findings.map((finding) => (
              <FindingRow
                key={keyOfFinding(finding)}
                jobId={id}
                finding={finding}
                repaired={false}
                onRepaired={reload}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
