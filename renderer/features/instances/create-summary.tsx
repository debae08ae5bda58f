import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { InstanceOptions } from '../../../shared/model/instance';
import { UNNAMED } from '../../../shared/model/instance-rules';
import { formatBytes } from '../../ui/bytes';
import { ErrorPanel } from '../../ui/error-panel';
import classes from './create-summary.module.css';
import { classOf, type InstanceForm } from './form';
import { zoneName } from './labels';
import { footprint } from './model';
import { useInstances } from './store';

export interface CreateSummaryProps {
  readonly form: InstanceForm;
  readonly options: InstanceOptions;
  readonly busy: boolean;
  /** An error of the control plane that belongs to no field. */
  readonly refusal: unknown;
}

/** What will run here, what it takes of this machine, the price, and *Buy now*. Stays in sight while the form scrolls. */
export function CreateSummary({ form, options, busy, refusal }: CreateSummaryProps) {
  const { t } = useTranslation('instances');
  const list = useInstances((state) => state.list) ?? [];
  const chosen = classOf(form, options);
  const { machine } = options;
  const version = options.versions.find((each) => each.major === form.major);
  const wish = {
    cpu: chosen?.cpu ?? 0,
    memoryGb: chosen?.memoryGb ?? 0,
    storageGb: form.storageGb,
    count: form.count,
  };
  const takes = footprint(wish, machine, list);
  const fits = takes.cpuFits && takes.memoryFits;
  const facts = [
    ['what', t('summary.whatValue', { count: form.count, version: version?.version ?? form.major })],
    ['name', form.name === '' ? UNNAMED : form.name],
    ['where', zoneName(t, form.zone, form.region)],
    ['specification', t('summary.specificationValue', { cpu: wish.cpu, memory: wish.memoryGb })],
    ['architecture', t('summary.architectureValue')],
    ['billing', t('summary.billingValue')],
  ] as const;
  return (
    <aside className={classes.summary} aria-label={t('summary.title')}>
      <h2>{t('summary.title')}</h2>
      <dl className={classes.facts}>
        {facts.map(([key, value]) => (
          <div key={key}>
            <dt>{t(`summary.${key}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2>{t('summary.machine')}</h2>
      <dl className={classes.facts}>
        <div>
          <dt>{t('summary.memory')}</dt>
          <dd>
            {t('summary.memoryValue', { need: formatBytes(takes.memory), all: formatBytes(machine.memoryBytes) })}
          </dd>
        </div>
        {takes.memoryTaken === 0 ? null : (
          <div>
            <dt>{t('summary.taken')}</dt>
            <dd>{formatBytes(takes.memoryTaken)}</dd>
          </div>
        )}
        <div>
          <dt>{t('summary.disk')}</dt>
          <dd>{t('summary.diskValue', { need: formatBytes(takes.disk), free: formatBytes(machine.diskFreeBytes) })}</dd>
        </div>
      </dl>
      {takes.cpuFits ? null : <Shortage text={t('summary.cpuShort', { need: wish.cpu, all: machine.cpus })} blocking />}
      {takes.memoryFits ? null : (
        <Shortage
          text={t('summary.memoryShort', {
            need: formatBytes(takes.memory + takes.memoryTaken),
            all: formatBytes(machine.memoryBytes),
          })}
          blocking
        />
      )}
      {takes.diskFits ? null : <Shortage text={t('summary.diskShort')} blocking={false} />}
      <div className={classes.price}>
        <span>{t('summary.price')}</span>
        <span className={classes.amount}>{t('summary.priceValue')}</span>
      </div>
      {refusal === null ? null : <ErrorPanel title={t('buy.refused')} error={refusal} />}
      <Button type="submit" size="md" fullWidth loading={busy} disabled={!fits}>
        {t('buy.now')}
      </Button>
    </aside>
  );
}

function Shortage({ text, blocking }: { readonly text: string; readonly blocking: boolean }) {
  return (
    <p className={classes.shortage} data-blocking={blocking || undefined} role={blocking ? 'alert' : 'note'}>
      <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
      {text}
    </p>
  );
}
