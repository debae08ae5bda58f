import { Button, Checkbox, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../../shared/model/import';
import { ErrorPanel } from '../../ui/error-panel';
import classes from './findings-list.module.css';
import wizard from './import-wizard.module.css';
import { byWeight, isBlocked, type Draft } from './model';
import type { Loaded } from './use-wizard';

const ICONS = { ok: IconCircleCheck, warning: IconAlertTriangle, blocking: IconCircleX } as const;

export interface FindingsListProps {
  readonly draft: Draft;
  readonly findings: Loaded<readonly Finding[]>;
  readonly onChange: (draft: Draft) => void;
}

/** The checks: what was found, what it means, what to do. */
export function FindingsList({ draft, findings, onChange }: FindingsListProps) {
  const { t } = useTranslation('transfer');
  const { value, error, busy, again } = findings;
  const unsafe = draft.from === 'file' ? (draft.preview?.unsafeLines ?? []) : [];
  const connects = draft.from === 'file' ? (draft.preview?.connects ?? []) : [];
  if (value === null && error === null && !busy) return null;
  return (
    <section aria-label={t('checks.title')}>
      <div className={wizard.row}>
        <h3 className={classes.title}>{t('checks.title')}</h3>
        <span className={wizard.muted} role="status">
          {busy ? t('checks.running') : value === null ? '' : t(isBlocked(value) ? 'checks.blocked' : 'checks.clear')}
        </span>
        <span className={wizard.grow} />
        <Button
          size="xs"
          variant="subtle"
          leftSection={<IconRefresh size={16} stroke={1.5} />}
          disabled={busy}
          onClick={again}
        >
          {t('checks.again')}
        </Button>
      </div>
      {error === null ? null : <ErrorPanel error={error} onRetry={again} />}
      {busy ? <Skeleton height={160} /> : null}
      {value === null ? null : (
        <ul className={classes.list}>
          {byWeight(value).map((finding) => {
            const Icon = ICONS[finding.level];
            return (
              <li key={`${finding.key} ${finding.found}`} className={classes.finding} data-level={finding.level}>
                <Icon size={16} stroke={1.5} aria-hidden />
                <span className={classes.name}>
                  {t(`findings.${finding.key}`)}
                  <span className="visually-hidden">{t(`checks.levels.${finding.level}`)}</span>
                </span>
                <span className={classes.text}>
                  {finding.found}
                  {finding.fix === '' ? null : <span className={classes.fix}>{finding.fix}</span>}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {unsafe.length + connects.length > 0 ? (
        <div className={classes.unsafe}>
          <pre className={wizard.code}>
            {[...unsafe.map(({ line, text }) => `${line}: ${text}`), ...connects].slice(0, 100).join('\n')}
          </pre>
          <Checkbox
            label={t('checks.allow')}
            checked={draft.options.allowUnsafeCommands}
            onChange={(event) =>
              onChange({ ...draft, options: { ...draft.options, allowUnsafeCommands: event.currentTarget.checked } })
            }
          />
        </div>
      ) : null}
    </section>
  );
}
