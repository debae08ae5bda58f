import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../shared/errors';
import type { PriceView } from '../../../shared/model/instance';
import { api } from '../../api';
import type { InstanceForm } from './form';

/** Milliseconds of quiet before a price is asked for: figures are typed digit by digit. */
const AFTER = 200;

/** An hour of everything asked for, by the rate card; nothing is written as free. */
export function Price({ form }: { readonly form: InstanceForm }) {
  const { t, i18n } = useTranslation('instances');
  const { plane, zone, classCode, storageGb, count } = form;
  const [price, setPrice] = useState<PriceView | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const gone = new AbortController();
    const ask = async () => {
      try {
        setPrice(await api.instances.price({ plane, zone, classCode, storageGb, count }, gone.signal));
        setProblem('');
      } catch (error) {
        if (!gone.signal.aborted) setProblem(errorInfo(error).message);
      }
    };
    const timer = setTimeout(() => void ask(), AFTER);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [plane, zone, classCode, storageGb, count]);
  if (problem !== '') return <span title={problem}>{t('price.unknown')}</span>;
  if (price === null) return '…';
  if (price.hourly === 0) return t('price.free');
  const amount = new Intl.NumberFormat(i18n.language, { style: 'currency', currency: price.currency });
  return t('price.hourly', { amount: amount.format(price.hourly / 100) });
}
