import type { TFunction } from 'i18next';

type T = TFunction<'instances'>;

/** Projects are numbers; 0 is the one that everything belongs to unless it was put elsewhere. */
export const projectName = (t: T, projectId: number): string =>
  projectId === 0 ? t('projects.default') : t('projects.other', { id: projectId });

/** The step of an operation; what a control plane of another version does keeps its name. */
export const stepName = (t: T, step: string): string => t(`steps.${step}`, { defaultValue: step });

/** Notes that the control plane writes while a step goes on, by how they begin; the figures in them are the same in every language. */
const NOTES = [
  { key: 'fetching', form: /^Fetching PostgreSQL (?<version>\S+): (?<done>\d+) of (?<all>\d+) MB$/ },
  { key: 'fetchingSome', form: /^Fetching PostgreSQL (?<version>\S+): (?<done>\d+) MB$/ },
  { key: 'copying', form: /^Copying the data: (?<share>\d+) %$/ },
] as const;

/** What a step is doing; a note of another form stays as it is. */
export function noteText(t: T, note: string): string {
  for (const { key, form } of NOTES) {
    const groups = form.exec(note)?.groups;
    if (groups) return t(`notes.${key}`, groups);
  }
  return note;
}

/** How much of the step is done by its note, 0 … 1; 0 where it does not tell. */
export function noteShare(note: string): number {
  const groups = NOTES.map(({ form }) => form.exec(note)?.groups).find((each) => each !== undefined);
  const share =
    Number(groups?.['share'] ?? 0) / 100 || Number(groups?.['done'] ?? 0) / Number(groups?.['all'] ?? Infinity);
  return Math.min(1, share);
}

/** The step of what runs, and what it is doing if that takes long. */
export const stepText = (t: T, { step, note }: { readonly step: string; readonly note: string }): string =>
  [stepName(t, step), noteText(t, note)].filter((part) => part !== '').join(' · ');

/** What an operation is called in the log and in notices. */
export const kindName = (t: T, kind: string): string => t(`kinds.${kind}`, { defaultValue: kind });
