import type { RatesView } from '../../../shared/model/plane';

/** The prices as they are typed: units of the currency, not hundredths. */
export type PricesForm = Readonly<Record<keyof RatesView, string>>;

export const AMOUNTS = ['cpuHour', 'memoryGbHour', 'storageGbHour'] as const;

/** The most that the control plane takes, in units of the currency. */
const MOST = 10_000_000;

export const priceForm = (rates: RatesView): PricesForm => ({
  currency: rates.currency,
  cpuHour: String(rates.cpuHour / 100),
  memoryGbHour: String(rates.memoryGbHour / 100),
  storageGbHour: String(rates.storageGbHour / 100),
});

const isAmount = (text: string): boolean => /^\d{1,8}(?:\.\d{1,6})?$/.test(text.trim()) && Number(text) <= MOST;

/** The rule that a field breaks, a key of `prices.rules`; null is none. */
export const priceProblem = (form: PricesForm, field: keyof PricesForm): 'currency' | 'amount' | null => {
  if (field === 'currency') return /^[A-Z]{3}$/.test(form.currency.trim()) ? null : 'currency';
  return isAmount(form[field]) ? null : 'amount';
};

/** Hundredths, kept to the sixth digit of what was typed. */
const hundredths = (text: string): number => Number((Number(text) * 100).toFixed(4));

export const ratesOf = (form: PricesForm): RatesView => ({
  currency: form.currency.trim(),
  cpuHour: hundredths(form.cpuHour),
  memoryGbHour: hundredths(form.memoryGbHour),
  storageGbHour: hundredths(form.storageGbHour),
});

export const isFree = (rates: RatesView): boolean => AMOUNTS.every((field) => rates[field] === 0);
