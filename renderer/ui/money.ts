const DIGITS = 4;

/** Hundredths of a currency's unit as a person reads them; without a currency the bare amount. Small rates keep up to four digits. */
export function formatMoney(hundredths: number, currency: string, language: string): string {
  const known = /^[A-Z]{3}$/.test(currency);
  const style = known ? { style: 'currency' as const, currency } : {};
  return new Intl.NumberFormat(language, { ...style, minimumFractionDigits: 2, maximumFractionDigits: DIGITS }).format(
    hundredths / 100,
  );
}
