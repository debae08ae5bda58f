import type { TFunction } from 'i18next';

type T = TFunction<'instances'>;

/** Projects are numbers; 0 is the one that everything belongs to unless it was put elsewhere. */
export const projectName = (t: T, projectId: number): string =>
  projectId === 0 ? t('projects.default') : t('projects.other', { id: projectId });

/** The step of an operation; what a control plane of another version does keeps its name. */
export const stepName = (t: T, step: string): string => t(`steps.${step}`, { defaultValue: step });

/** What an operation is called in the log and in notices. */
export const kindName = (t: T, kind: string): string => t(`kinds.${kind}`, { defaultValue: kind });
