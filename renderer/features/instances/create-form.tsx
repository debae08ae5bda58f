import { Checkbox } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../shared/errors';
import type { InstanceOptions } from '../../../shared/model/instance';
import { api } from '../../api';
import { showNotice } from '../../ui/notice';
import { useCommand, useTab } from '../../ui/workbench';
import { AccountSection } from './account-section';
import classes from './create-instance-view.module.css';
import { CreateSummary } from './create-summary';
import { classOf, failuresOf, fieldOf, networkOf, newForm, withClass, type FormField, type InstanceForm } from './form';
import { LabelSection } from './label-section';
import { PlaceSection } from './place-section';
import { SizeSection } from './size-section';
import { registerWhenRunning } from './store';
import { useClasses } from './use-classes';
import { useNetworks, type NetworksOfRegion } from './use-networks';

/** What every section of the page gets. */
export interface SectionProps {
  readonly form: InstanceForm;
  readonly options: InstanceOptions;
  readonly networks: NetworksOfRegion;
  readonly onChange: (form: InstanceForm) => void;
  /** The message of a field once it was left, or *Buy now* was tried; undefined while it is right. */
  readonly problemOf: (field: FormField) => string | undefined;
  /** A field was left: its rule is checked as one types from now on. */
  readonly onLeave: (field: FormField) => void;
}

export function CreateForm({ options: offered }: { readonly options: InstanceOptions }) {
  const { t } = useTranslation('instances');
  const run = useCommand();
  const { close, setDirty, visible } = useTab();
  const [form, setForm] = useState(() => newForm(offered));
  const [left, setLeft] = useState<ReadonlySet<FormField>>(new Set());
  const [tried, setTried] = useState(false);
  const [register, setRegister] = useState(true);
  const [terms, setTerms] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [touched, setTouched] = useState(false);
  const networks = useNetworks(form.plane, form.region, visible);
  useEffect(() => setDirty(touched), [setDirty, touched]);

  const sold = useClasses(offered, form.zone, form.major);
  const options = useMemo(() => ({ ...offered, classes: sold }), [offered, sold]);
  const [first] = sold;
  // What was chosen is not sold in this zone or for this version.
  if (first !== undefined && classOf(form, options) === undefined) setForm(withClass(form, first));
  const failures = failuresOf(form, options);
  const refused = refusal === null ? undefined : errorInfo(refusal);
  const refusedField = refused === undefined ? undefined : fieldOf(refused);
  const problemOf = (field: FormField): string | undefined => {
    const failure = failures[field];
    if (failure !== undefined && (tried || left.has(field))) {
      return t(`rules.${failure.rule}`, { ...failure.values, example: failure.example });
    }
    return refusedField === field ? refused?.message : undefined;
  };
  const change = (next: InstanceForm) => {
    setForm(next);
    setTouched(true);
    setRefusal(null);
  };
  const section: SectionProps = {
    form,
    options,
    networks,
    onChange: change,
    problemOf,
    onLeave: (field) => setLeft(new Set([...left, field])),
  };

  const buy = async () => {
    setTried(true);
    if (Object.keys(failures).length > 0 || !terms) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    setBusy(true);
    setRefusal(null);
    try {
      const { vpc, subnet } = networkOf(form, networks.vpcs ?? []);
      const { ids } = await api.instances.create({ ...form, vpcId: vpc?.id ?? '', subnetId: subnet?.id ?? '' });
      if (register) {
        registerWhenRunning(form.plane, ids, form.adminPassword, (name) => showNotice(t('buy.registered', { name })));
      }
      setDirty(false);
      run({ do: 'show-instances' });
      close();
    } catch (error) {
      setRefusal(error);
      setBusy(false);
    }
  };

  return (
    <form
      noValidate
      aria-label={t('buy.title')}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void buy();
      }}
    >
      <div className={classes.columns}>
        <div className={classes.form}>
          <PlaceSection {...section} />
          <SizeSection {...section} />
          <AccountSection {...section} />
          <LabelSection {...section} />
          <div>
            <Checkbox
              label={t('buy.register')}
              description={t('buy.registerNote')}
              checked={register}
              onChange={(event) => setRegister(event.currentTarget.checked)}
            />
            <Checkbox
              mt="md"
              label={t('buy.terms')}
              description={t(options.machine === null ? 'buy.termsCloud' : 'buy.termsNote')}
              checked={terms}
              onChange={(event) => setTerms(event.currentTarget.checked)}
              error={tried && !terms ? t('buy.termsMissing') : undefined}
              aria-invalid={tried && !terms}
            />
          </div>
        </div>
        <CreateSummary
          form={form}
          options={options}
          networks={networks}
          busy={busy}
          refusal={refusedField === undefined ? refusal : null}
        />
      </div>
    </form>
  );
}
