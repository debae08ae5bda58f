import type { TFunction } from 'i18next';

/** The name of a region in the person's language; regions the translations don't know keep the API's name. */
export const regionName = (t: TFunction<'instances'>, code: string, name = code): string =>
  t(`regions.${code}`, { defaultValue: name });

/** `ap-guangzhou-3` → `Guangzhou Zone 3`. */
export function zoneName(t: TFunction<'instances'>, code: string, region: string): string {
  const number = code.startsWith(`${region}-`) ? code.slice(region.length + 1) : code;
  return t('zone', { region: regionName(t, region), number });
}
