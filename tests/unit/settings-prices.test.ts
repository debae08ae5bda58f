import { describe, expect, it } from 'vitest';
import { isFree, priceForm, priceProblem, ratesOf } from '../../renderer/features/settings/prices';
import { formatMoney } from '../../renderer/ui/money';

const free = { currency: 'CNY', cpuHour: 0, memoryGbHour: 0, storageGbHour: 0 };

describe('prices', () => {
  it('are typed in units and kept in hundredths', () => {
    expect(isFree(free)).toBe(true);
    const form = { ...priceForm(free), cpuHour: '0.35', memoryGbHour: '0.07', storageGbHour: ' 0.0015 ' };
    const rates = ratesOf(form);
    expect(rates).toEqual({ currency: 'CNY', cpuHour: 35, memoryGbHour: 7, storageGbHour: 0.15 });
    expect(ratesOf(priceForm(rates))).toEqual(rates);
    expect(isFree(rates)).toBe(false);
  });

  it('are checked', () => {
    const problem = (change: object) => {
      const form = { ...priceForm(free), ...change };
      return (['currency', 'cpuHour', 'memoryGbHour', 'storageGbHour'] as const).map((field) =>
        priceProblem(form, field),
      );
    };
    expect(problem({})).toEqual([null, null, null, null]);
    expect(problem({ currency: 'cny', cpuHour: '', memoryGbHour: '-1', storageGbHour: '10000001' })).toEqual([
      'currency',
      'amount',
      'amount',
      'amount',
    ]);
    expect(problem({ cpuHour: '1e5', memoryGbHour: '0x10' }).slice(1, 3)).toEqual(['amount', 'amount']);
  });

  it('are shown with their currency, and without one as a number', () => {
    expect(formatMoney(35, 'CNY', 'en')).toBe('CN¥0.35');
    expect(formatMoney(0.15, 'USD', 'en')).toBe('$0.0015');
    expect(formatMoney(1234, '', 'en')).toBe('12.34');
  });
});
