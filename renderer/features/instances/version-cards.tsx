import { IconCircleCheck, IconCloudDownload } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceOptions } from '../../../shared/model/instance';
import { LAST_RELEASE } from './model';
import classes from './version-cards.module.css';

export interface VersionCardsProps {
  readonly label: string;
  readonly versions: InstanceOptions['versions'];
  /** Whether the servers run on this machine: only then their binaries are of interest. */
  readonly local: boolean;
  readonly value: number;
  readonly onChange: (major: number) => void;
}

/** Every version with what it brings, how long it is cared for, and whether it is here already. */
export function VersionCards({ label, versions, local, value, onChange }: VersionCardsProps) {
  const { t } = useTranslation('instances');
  const name = useId();
  return (
    <div className={classes.cards} role="radiogroup" aria-label={label}>
      {versions.map(({ major, version, installed }) => {
        const until = LAST_RELEASE[major];
        const Icon = installed ? IconCircleCheck : IconCloudDownload;
        return (
          <label key={major} className={classes.card} data-chosen={major === value || undefined}>
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={major}
              aria-label={`PostgreSQL ${major}`}
              checked={major === value}
              onChange={() => onChange(major)}
            />
            <span className={classes.head}>
              <span className={classes.major}>{major}</span>
              <span className={classes.quiet}>{version}</span>
            </span>
            <span>{t(`versions.${major}`, { defaultValue: '' })}</span>
            {until === undefined ? null : <span className={classes.quiet}>{t('buy.support', { until })}</span>}
            {local ? (
              <span className={classes.here} data-installed={installed || undefined}>
                <Icon size={16} stroke={1.5} aria-hidden />
                {t(installed ? 'buy.installed' : 'buy.fetched')}
              </span>
            ) : null}
          </label>
        );
      })}
    </div>
  );
}
