import type { TFunction } from 'i18next';

type T = TFunction<'instances'>;

/** The name of a region in the person's language; regions the translations don't know keep the API's name. */
export const regionName = (t: T, code: string, name = code): string => t(`regions.${code}`, { defaultValue: name });

const numberOf = (code: string, region: string): string =>
  code.startsWith(`${region}-`) ? code.slice(region.length + 1) : code;

/** `ap-guangzhou-3` → `Zone 3`, where the region is known. */
export const zoneNumber = (t: T, code: string, region: string): string =>
  t('zoneNumber', { number: numberOf(code, region) });

/** `ap-guangzhou-3` → `Guangzhou Zone 3`. */
export function zoneName(t: T, code: string, region: string): string {
  const number = numberOf(code, region);
  return t('zone', { region: regionName(t, region), number });
}

/** Projects are numbers; 0 is the one that everything belongs to unless it was put elsewhere. */
export const projectName = (t: T, projectId: number): string =>
  projectId === 0 ? t('projects.default') : t('projects.other', { id: projectId });

/** The step of an operation; what a control plane of another version does keeps its name. */
export const stepName = (t: T, step: string): string => t(`steps.${step}`, { defaultValue: step });

/** What an operation is called in the log and in notices. */
export const kindName = (t: T, kind: string): string => t(`kinds.${kind}`, { defaultValue: kind });
