import i18next from 'i18next';
import type { Command } from '../../../../shared/model/command';
import type { TextFile } from '../../../../shared/model/library';
import { api } from '../../../api';

/** A file of SQL that was read. */
export interface OpenedFile {
  readonly file: TextFile;
  readonly text: string;
}

export interface QueryPlace {
  readonly serverId: string;
  readonly database: string;
}

export const sqlFilters = () => [
  { name: i18next.t('library:file.kind'), extensions: ['sql', 'psql', 'pgsql', 'ddl', 'txt'] },
  { name: i18next.t('library:file.all'), extensions: ['*'] },
];

/** Reads a file by its token. Fails with `file`. */
export async function readFileOf(fileToken: string): Promise<OpenedFile> {
  const { text, name, writeToken, lineEnd } = await api.library.readFile({ fileToken });
  return { file: { token: writeToken, name, lineEnd }, text };
}

/** Asks for a file and reads it; null when the person has changed their mind. */
export async function askForFile(): Promise<OpenedFile | null> {
  const picked = await api.app.pickFile({
    title: i18next.t('library:file.openTitle'),
    filters: sqlFilters(),
    purpose: 'import',
  });
  return picked && readFileOf(picked.token);
}

/** Opens a tab of its own for a file: the text is kept first, so that the tab finds it. */
export async function showFile(
  { file, text }: OpenedFile,
  place: QueryPlace,
  run: (command: Command) => void,
): Promise<void> {
  const draftId = crypto.randomUUID();
  await api.library.saveDraft({ id: draftId, text, cursor: 0, fileToken: file.token, changed: false });
  run({ do: 'open-query', ...place, draftId });
}

/** Asks for a file and shows it in a tab of a server. */
export async function openFileOn(place: QueryPlace, run: (command: Command) => void): Promise<void> {
  const opened = await askForFile();
  if (opened !== null) await showFile(opened, place, run);
}
