import { Button, MultiSelect, Select, Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../ui/error-panel';
import { FormRow } from '../../ui/form-row';
import { useCommand } from '../../ui/workbench';
import type { SectionProps } from './create-form';
import classes from './create-instance-view.module.css';
import { networkOf } from './form';

/** From which network the private address comes, and who may reach it. */
export function NetworkRows({ form, networks, onChange, problemOf }: SectionProps) {
  const { t } = useTranslation('instances');
  const run = useCommand();
  const { vpcs, groups, error, reload } = networks;
  if (error !== null && vpcs === null) {
    return (
      <FormRow label={t('buy.network')}>
        <ErrorPanel title={t('buy.networksFailed')} error={error} onRetry={reload} />
      </FormRow>
    );
  }
  const { vpc, subnet } = networkOf(form, vpcs ?? []);
  const subnets = vpc?.subnets.filter(({ zone }) => zone === form.zone) ?? [];
  return (
    <>
      <FormRow label={t('buy.network')} required>
        {vpcs === null ? (
          <Skeleton height={28} />
        ) : (
          <div className={classes.pair}>
            <Select
              aria-label={t('buy.vpc')}
              data={vpcs
                .filter(({ region }) => region === form.region)
                .map((each) => ({ value: each.id, label: `${each.name} (${each.cidr})` }))}
              value={vpc?.id ?? null}
              onChange={(vpcId) => onChange({ ...form, vpcId: vpcId ?? '', subnetId: '' })}
              error={problemOf('vpcId')}
            />
            <Select
              aria-label={t('buy.subnet')}
              data={subnets.map((each) => ({ value: each.id, label: `${each.name} (${each.cidr})` }))}
              value={subnet?.id ?? null}
              placeholder={t('buy.noSubnet')}
              onChange={(subnetId) => onChange({ ...form, vpcId: vpc?.id ?? '', subnetId: subnetId ?? '' })}
              error={problemOf('subnetId')}
            />
          </div>
        )}
        <p className={classes.note}>
          {subnet === undefined
            ? t('buy.noSubnetNote')
            : t('buy.networkNote', { cidr: subnet.cidr, count: subnet.availableAddresses })}
        </p>
        <Button size="xs" variant="subtle" px={0} onClick={() => run({ do: 'show-networks', plane: form.plane })}>
          {t('buy.manageNetworks')}
        </Button>
      </FormRow>
      <FormRow label={t('buy.groups')} htmlFor="instance-groups">
        <MultiSelect
          id="instance-groups"
          className={classes.medium ?? ''}
          data={(groups ?? [])
            .filter(({ region }) => region === form.region)
            .map((group) => ({ value: group.id, label: group.name }))}
          value={[...form.securityGroupIds]}
          placeholder={form.securityGroupIds.length === 0 ? t('buy.defaultGroup') : ''}
          onChange={(securityGroupIds) => onChange({ ...form, securityGroupIds })}
          error={problemOf('securityGroupIds')}
          clearable
        />
        <p className={classes.note}>{t('buy.groupsNote')}</p>
      </FormRow>
    </>
  );
}
