import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SYNC_MODES } from '../../../shared/model/instance';
import { ChoiceGroup } from '../../ui/choice-group';
import { FormRow } from '../../ui/form-row';
import type { SectionProps } from './create-form';
import classes from './create-instance-view.module.css';
import { deploymentOf, withDeployment, withRegion, withZone, zonesOf, type Deployment } from './form';
import { regionName, zoneName } from '../../ui/place-names';
import { NetworkRows } from './network-rows';
import { Problem } from './problem';

/** Where the instance stands: region, one server or two, zones, network. */
export function PlaceSection(section: SectionProps) {
  const { form, options, onChange, problemOf } = section;
  const { t } = useTranslation('instances');
  const zones = zonesOf(form.region, options);
  const deployment = deploymentOf(form);
  const choices = zones.map((zone) => ({ value: zone.code, label: zoneName(t, zone.code, zone.region) }));
  const deploy = (next: Deployment) => onChange(withDeployment(form, next, options));
  return (
    <section className={classes.section} aria-label={t('buy.place')}>
      <FormRow label={t('buy.billing')}>
        <ChoiceGroup
          label={t('buy.billing')}
          choices={[{ value: 'hour', label: t('summary.billingValue') }]}
          value="hour"
          onChange={() => undefined}
        />
        <p className={classes.note}>{t('buy.billingNote')}</p>
      </FormRow>
      <FormRow label={t('columns.region')} htmlFor="instance-region" required>
        <Select
          id="instance-region"
          className={classes.narrow ?? ''}
          data={options.regions.map(({ code, name }) => ({
            value: code,
            label: `${regionName(t, code, name)} (${code})`,
          }))}
          value={form.region}
          onChange={(region) => (region === null ? undefined : onChange(withRegion(form, region, options)))}
          searchable
          error={problemOf('region')}
        />
      </FormRow>
      <FormRow label={t('buy.architecture')} required>
        <ChoiceGroup
          label={t('buy.architecture')}
          choices={[
            { value: 'ha', label: t('types.ha'), note: t('buy.haNote') },
            { value: 'single', label: t('types.single'), note: t('buy.singleNote') },
          ]}
          value={deployment === 'single' ? 'single' : 'ha'}
          onChange={(value) => deploy(value === 'single' ? 'single' : zones.length > 1 ? 'two-zones' : 'one-zone')}
        />
      </FormRow>
      {deployment === 'single' ? null : (
        <FormRow label={t('buy.deployment')} required>
          <ChoiceGroup
            label={t('buy.deployment')}
            choices={(zones.length > 1 ? (['two-zones', 'one-zone'] as const) : (['one-zone'] as const)).map(
              (each) => ({
                value: each,
                label: t(`buy.deployments.${each}`),
              }),
            )}
            value={deployment}
            onChange={(value) => deploy(value === 'two-zones' ? 'two-zones' : 'one-zone')}
          />
          <p className={classes.note}>{t(`buy.deploymentNotes.${deployment}`)}</p>
        </FormRow>
      )}
      <FormRow label={t(deployment === 'two-zones' ? 'buy.primaryZone' : 'buy.zone')} required>
        <ChoiceGroup
          label={t(deployment === 'two-zones' ? 'buy.primaryZone' : 'buy.zone')}
          choices={choices}
          value={form.zone}
          onChange={(zone) => onChange(withZone(form, zone, options))}
        />
        <Problem text={problemOf('zone')} />
      </FormRow>
      {deployment === 'two-zones' ? (
        <FormRow label={t('buy.standbyZone')} required>
          <ChoiceGroup
            label={t('buy.standbyZone')}
            choices={choices.filter(({ value }) => value !== form.zone)}
            value={form.standbyZone ?? ''}
            onChange={(standbyZone) => onChange({ ...form, standbyZone })}
          />
          <Problem text={problemOf('standbyZone')} />
        </FormRow>
      ) : null}
      {deployment === 'single' ? null : (
        <FormRow label={t('buy.syncMode')} required>
          <ChoiceGroup
            label={t('buy.syncMode')}
            choices={SYNC_MODES.map((mode) => ({ value: mode, label: t(`syncModes.${mode}`) }))}
            value={form.syncMode}
            onChange={(value) => onChange({ ...form, syncMode: value === 'Async' ? 'Async' : 'Semi-sync' })}
          />
          <p className={classes.note}>{t(`syncNotes.${form.syncMode}`)}</p>
        </FormRow>
      )}
      <NetworkRows {...section} />
    </section>
  );
}
