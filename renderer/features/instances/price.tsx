import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../shared/errors';
import type { PriceView } from '../../../shared/model/instance';
import { api } from '../../api';
import { formatMoney } from '../../ui/money';
import type { InstanceForm } from './form';

/** Milliseconds of quiet before a price is asked for: figures are typed digit by digit. */
const AFTER = 200;

/** An hour of everything asked for, by the rate card; nothing is written as free. */
export function Price({ form }: { readonly form: InstanceForm }) {
  const { t, i18n } = useTranslation('instances');
  const { plane, zone, classCode, storageGb, count } = form;
  const nodes = form.standbyZone === null ? 1 : 2;
  const [price, setPrice] = useState<PriceView | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const gone = new AbortController();
    const ask = async () => {
      try {
        setPrice(await api.instances.price({ plane, zone, classCode, storageGb, count, nodes }, gone.signal));
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
  }, [plane, zone, classCode, storageGb, count, nodes]);
  if (problem !== '') return <span title={problem}>{t('price.unknown')}</span>;
  if (price === null) return '…';
  if (price.hourly === 0) return t('price.free');
  return t('price.hourly', { amount: formatMoney(price.hourly, price.currency, i18n.language) });
}
