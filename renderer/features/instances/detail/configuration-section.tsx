import { useTranslation } from 'react-i18next';
import { formatBytes, formatPercent } from '../../../ui/bytes';
import { formatMoney } from '../../../ui/money';
import { ProgressBar } from '../../../ui/progress-bar';
import { allows } from '../model';
import classes from './configuration-section.module.css';
import type { AskingProps } from './detail-props';
import { Fact, Facts, Section } from './section';
import { SmallButton } from './small-button';

const GIB = 1024 ** 3;
/** From this share of the disk on the instance is close to becoming read-only. */
const NEARLY_FULL = 0.9;

/** Version, specification, disk with its use, and what has been metered. */
export function ConfigurationSection({ detail, onAsk }: AskingProps) {
  const { t, i18n } = useTranslation('instances');
  const share = detail.diskUsed === null ? null : detail.diskUsed / (detail.storageGb * GIB);
  const hours = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  return (
    <Section
      title={t('configurationCard.title')}
      actions={
        <SmallButton disabled={!allows('adjust', detail)} onClick={() => onAsk('adjust')}>
          {t('actions.adjust')}
        </SmallButton>
      }
    >
      <Facts>
        <Fact label={t('columns.version')}>
          PostgreSQL {detail.version}
          {detail.kernelVersion === '' ? '' : ` (${detail.kernelVersion})`}
        </Fact>
        <Fact label={t('buy.specification')}>
          {detail.classCode} · {t('configuration', { cpu: detail.cpu, memory: detail.memoryGb })}
        </Fact>
        <Fact label={t('buy.disk')}>{`${detail.storageGb} GB`}</Fact>
        {detail.diskUsed === null || share === null ? null : (
          <Fact label={t('configurationCard.used')}>
            <span className={classes.bar}>
              <ProgressBar
                fraction={share}
                label={t('configurationCard.used')}
                tone={share >= 1 ? 'error' : share >= NEARLY_FULL ? 'warn' : 'accent'}
              />
            </span>
            {formatBytes(detail.diskUsed)} ({formatPercent(share)})
          </Fact>
        )}
        <Fact label={t('buy.backup')}>{t('buy.backupNote', { free: detail.freeBackupGb })}</Fact>
        <Fact label={t('columns.billing')}>{t('summary.billingValue')}</Fact>
        {detail.instanceHours === null || detail.gbHours === null ? null : (
          <Fact label={t('configurationCard.metered')}>
            {t('configurationCard.meteredValue', {
              instance: hours.format(detail.instanceHours),
              disk: hours.format(detail.gbHours),
            })}
            {detail.cost === null || detail.cost.amount === 0
              ? ''
              : ` · ${t('configurationCard.cost', { amount: formatMoney(Math.round(detail.cost.amount), detail.cost.currency, i18n.language) })}`}
          </Fact>
        )}
      </Facts>
    </Section>
  );
}
