import { useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { AppError } from '../../../../shared/errors';
import type { TextFile } from '../../../../shared/model/library';
import { api } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import type { SqlEditorHandle } from '../../../ui/sql-editor/sql-editor';
import { useCommand, useOnCommand, useTab, useTabActions } from '../../../ui/workbench';
import { askForFile, readFileOf, showFile, sqlFilters, type OpenedFile } from './open-file';
import type { TabDraft } from './use-draft';

export interface TextFileDeeds {
  open(): void;
  /** One of those opened before. */
  openAgain(token: string): void;
  save(): void;
  saveAs(): void;
  /** The file that somebody else has changed meanwhile; null is none. */
  readonly conflict: TextFile | null;
  /** What is done about it. */
  settle(how: 'mine' | 'theirs' | 'later'): Promise<void>;
}

interface Options {
  readonly editor: RefObject<SqlEditorHandle | null>;
  readonly draft: TabDraft;
  readonly serverId: string;
  readonly database: string;
}

/** Files of a query tab: opened into it while it is empty, else into a tab of their own. */
export function useTextFile({ editor, draft, serverId, database }: Options): TextFileDeeds {
  const { t } = useTranslation('library');
  const run = useCommand();
  const { active } = useTab();
  const [conflict, setConflict] = useState<TextFile | null>(null);

  const show = async (opened: OpenedFile | null): Promise<void> => {
    if (opened === null) return;
    const handle = editor.current;
    if (handle === null || draft.file !== null || handle.text().trim() !== '') {
      await showFile(opened, { serverId, database }, run);
      return;
    }
    handle.setText(opened.text);
    draft.bind(opened.file, handle.text());
    handle.focus();
  };
  const write = async (file: TextFile, force: boolean): Promise<void> => {
    const text = editor.current?.text();
    if (text === undefined) return;
    await api.library.writeFile({ fileToken: file.token, text, lineEnd: file.lineEnd, force });
    draft.bind(file, text);
  };
  const saveAs = async (): Promise<void> => {
    const picked = await api.app.pickSaveFile({
      title: t('file.saveTitle'),
      suggestedName: draft.fileName === '' ? t('file.suggested') : draft.fileName,
      filters: sqlFilters(),
    });
    if (picked) await write({ ...picked, lineEnd: draft.file?.lineEnd ?? 'lf' }, true);
  };
  const save = async (): Promise<void> => {
    const { file } = draft;
    if (file === null) {
      await saveAs();
      return;
    }
    try {
      await write(file, false);
    } catch (error) {
      if (error instanceof AppError && error.code === 'conflict') setConflict(file);
      else throw error;
    }
  };
  const doing = (work: () => Promise<void>) => (): void => {
    work().catch(presentError);
  };
  const open = doing(async () => show(await askForFile()));
  const deeds = {
    open,
    openAgain: (token: string) => doing(async () => show(await readFileOf(token)))(),
    save: doing(save),
    saveAs: doing(saveAs),
  };
  useOnCommand('open-file', () => {
    if (active) deeds.open();
  });
  useOnCommand('save-file', () => {
    if (active) deeds.save();
  });
  useTabActions([{ id: 'query.save-as', label: t('file.saveAs'), keys: 'mod+shift+s', run: deeds.saveAs }]);
  return {
    ...deeds,
    conflict,
    async settle(how) {
      const file = conflict;
      if (file !== null && how === 'mine') await write(file, true);
      if (file !== null && how === 'theirs') {
        const read = await readFileOf(file.token);
        editor.current?.setText(read.text);
        draft.bind(read.file, editor.current?.text() ?? read.text);
      }
      setConflict(null);
    },
  };
}
