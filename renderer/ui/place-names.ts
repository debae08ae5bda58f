import type { TFunction } from 'i18next';

/** The name of a region in the person's language; regions the translations don't know keep the API's name. */
export const regionName = (t: TFunction, code: string, name = code): string =>
  t(`instances:regions.${code}`, { defaultValue: name });

const numberOf = (code: string, region: string): string =>
  code.startsWith(`${region}-`) ? code.slice(region.length + 1) : code;

/** `ap-guangzhou-3` → `Zone 3`, where the region is known. */
export const zoneNumber = (t: TFunction, code: string, region: string): string =>
  t('instances:zoneNumber', { number: numberOf(code, region) });

/** `ap-guangzhou-3` → `Guangzhou Zone 3`. */
export const zoneName = (t: TFunction, code: string, region: string): string =>
  t('instances:zone', { region: regionName(t, region), number: numberOf(code, region) });
