import { Button, Modal, TextInput } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RatesView } from '../../../shared/model/plane';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { presentError } from '../../ui/error-presenter';
import { formatMoney } from '../../ui/money';
import { showNotice } from '../../ui/notice';
import { AMOUNTS, isFree, priceForm, priceProblem, ratesOf, type PricesForm } from './prices';
import { SettingRow } from './setting-row';
import classes from './settings-view.module.css';

/** The rate card of the local control plane. While that does not run it is only read when asked for: reading starts it. */
export function PricesRow({ running }: { readonly running: boolean }) {
  const { t, i18n } = useTranslation('settings');
  const [rates, setRates] = useState<RatesView | null>(null);
  const [open, setOpen] = useState(false);
  const read = useCallback(() => {
    api.planes.rates({}).then(setRates).catch(presentError);
  }, []);
  useEffect(() => {
    if (running) read();
  }, [running, read]);
  const money = (amount: number) => formatMoney(amount, rates?.currency ?? '', i18n.language);
  const now =
    rates === null
      ? []
      : isFree(rates)
        ? [t('prices.free')]
        : [
            t('prices.summary', {
              cpu: money(rates.cpuHour),
              memory: money(rates.memoryGbHour),
              storage: money(rates.storageGbHour),
            }),
          ];
  const text = [t('prices.text'), ...now].join(' ');
  return (
    <SettingRow label={t('prices.title')} text={text} words={t('prices.words')}>
      <Button variant="default" onClick={() => (rates === null ? read() : setOpen(true))}>
        {t(rates === null ? 'prices.read' : 'prices.change')}
      </Button>
      {open && rates !== null ? (
        <PricesDialog
          rates={rates}
          onSaved={(saved) => {
            setRates(saved);
            setOpen(false);
            showNotice(t('prices.saved'));
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </SettingRow>
  );
}

interface PricesDialogProps {
  readonly rates: RatesView;
  readonly onSaved: (rates: RatesView) => void;
  readonly onClose: () => void;
}

function PricesDialog({ rates, onSaved, onClose }: PricesDialogProps) {
  const { t } = useTranslation('settings');
  const [form, setForm] = useState(() => priceForm(rates));
  const [left, setLeft] = useState<ReadonlySet<keyof PricesForm>>(new Set());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const fields = ['currency', ...AMOUNTS] as const;
  const problemOf = (field: keyof PricesForm) => {
    const rule = left.has(field) ? priceProblem(form, field) : null;
    return rule === null ? undefined : t(`prices.rules.${rule}`);
  };
  const save = async () => {
    setLeft(new Set(fields));
    if (fields.some((field) => priceProblem(form, field) !== null)) return;
    setBusy(true);
    setError(null);
    try {
      await api.planes.setRates(ratesOf(form));
      onSaved(ratesOf(form));
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('prices.dialog')} size={480}>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void save();
        }}
      >
        <p>{t('prices.note')}</p>
        {fields.map((field) => (
          <TextInput
            key={field}
            label={t(`prices.fields.${field}`)}
            value={form[field]}
            error={problemOf(field)}
            maxLength={field === 'currency' ? 3 : 16}
            {...(field === 'currency' ? { 'data-autofocus': true } : { inputMode: 'decimal' as const })}
            autoComplete="off"
            spellCheck={false}
            onBlur={({ relatedTarget }) => {
              // Not on the way to a button: a message that appears would move it away from under the pointer.
              if (!(relatedTarget instanceof HTMLButtonElement)) setLeft((now) => new Set([...now, field]));
            }}
            onChange={(event) => {
              const text = event.currentTarget.value;
              setForm((now) => ({ ...now, [field]: field === 'currency' ? text.toUpperCase() : text }));
            }}
          />
        ))}
        {error === null ? null : <ErrorPanel error={error} />}
        <div className={classes.formActions}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={busy}>
            {t('prices.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
