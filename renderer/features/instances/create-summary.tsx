import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { InstanceOptions } from '../../../shared/model/instance';
import { UNNAMED } from '../../../shared/model/instance-rules';
import { formatBytes } from '../../ui/bytes';
import { ErrorPanel } from '../../ui/error-panel';
import classes from './create-summary.module.css';
import { classOf, deploymentOf, networkOf, type InstanceForm } from './form';
import { zoneName } from '../../ui/place-names';
import { footprint, type Footprint, type Wish } from './model';
import { Price } from './price';
import { usePlaneState } from './store';
import type { NetworksOfRegion } from './use-networks';

export interface CreateSummaryProps {
  readonly form: InstanceForm;
  readonly options: InstanceOptions;
  readonly networks: NetworksOfRegion;
  readonly busy: boolean;
  /** An error of the control plane that belongs to no field. */
  readonly refusal: unknown;
}

/** What will run, what it takes of this machine, the price, and *Buy now*. Stays in sight while the form scrolls. */
export function CreateSummary({ form, options, networks, busy, refusal }: CreateSummaryProps) {
  const { t } = useTranslation('instances');
  const list = usePlaneState(form.plane).list ?? [];
  const chosen = classOf(form, options);
  const { machine } = options;
  const version = options.versions.find((each) => each.major === form.major);
  const wish: Wish = {
    cpu: chosen?.cpu ?? 0,
    memoryGb: chosen?.memoryGb ?? 0,
    storageGb: form.storageGb,
    count: form.count,
    nodes: form.standbyZone === null ? 1 : 2,
  };
  const takes = machine === null ? null : footprint(wish, machine, list);
  const { subnet } = networkOf(form, networks.vpcs ?? []);
  const zones = [form.zone, ...(form.standbyZone === null ? [] : [form.standbyZone])];
  const facts = [
    ['what', t('summary.whatValue', { count: form.count, version: version?.version ?? form.major })],
    ['name', form.name === '' ? UNNAMED : form.name],
    ['architecture', t(`summary.architectures.${deploymentOf(form)}`)],
    ['where', [...new Set(zones)].map((zone) => zoneName(t, zone, form.region)).join(' → ')],
    ['network', subnet?.cidr ?? '–'],
    ['specification', t('summary.specificationValue', { cpu: wish.cpu, memory: wish.memoryGb })],
    ['storage', `${form.storageGb} GB`],
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
      {machine === null || takes === null ? null : <OfThisMachine wish={wish} machine={machine} takes={takes} />}
      <div className={classes.price}>
        <span>{t('summary.price')}</span>
        <span className={classes.amount}>
          <Price form={form} />
        </span>
      </div>
      {refusal === null ? null : <ErrorPanel title={t('buy.refused')} error={refusal} />}
      <Button
        type="submit"
        size="md"
        fullWidth
        loading={busy}
        disabled={takes !== null && !(takes.cpuFits && takes.memoryFits)}
      >
        {t('buy.now')}
      </Button>
    </aside>
  );
}

interface OfThisMachineProps {
  readonly wish: Wish;
  readonly machine: NonNullable<InstanceOptions['machine']>;
  readonly takes: Footprint;
}

/** Memory and disk, the standbys included, and what keeps the machine from carrying them. */
function OfThisMachine({ wish, machine, takes }: OfThisMachineProps) {
  const { t } = useTranslation('instances');
  return (
    <>
      <h2>{t('summary.machine')}</h2>
      <dl className={classes.facts}>
        <div>
          <dt>{t('summary.servers')}</dt>
          <dd>{t('summary.serversValue', { count: wish.count * wish.nodes })}</dd>
        </div>
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
    </>
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
