import { Button, Menu } from '@mantine/core';
import {
  IconBookmark,
  IconBooks,
  IconBraces,
  IconChevronDown,
  IconDeviceFloppy,
  IconFileDots,
  IconFileExport,
  IconFolderOpen,
  IconHistory,
  IconKeyboard,
  IconSettings,
} from '@tabler/icons-react';
import { useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { macroText, SELECTION, type Macro } from '../../../../shared/model/library';
import { shortcutText } from '../../../../shared/model/keymap';
import { api } from '../../../api';
import { presentError } from '../../../ui/error-presenter';
import { showNotice } from '../../../ui/notice';
import type { SqlEditorHandle } from '../../../ui/sql-editor/sql-editor';
import { visibleText } from '../../../ui/visible-text';
import { useCommand, useKeysText, useOnCommand, useTab, useTabActions } from '../../../ui/workbench';
import { ConflictDialog } from './conflict-dialog';
import { Entry, SubMenu } from './menu-parts';
import { SaveQueryDialog } from './save-query-dialog';
import type { TabDraft } from './use-draft';
import { readTexts, NO_TEXTS } from './menu-texts';
import { useTextFile } from './use-text-file';
import { isMac } from '../../../ui/platform';

export interface LibraryMenuProps {
  readonly editor: RefObject<SqlEditorHandle | null>;
  readonly draft: TabDraft;
  readonly serverId: string;
  readonly database: string;
  /** Runs a text, e.g. of a macro. */
  readonly onRun: (sql: string) => void;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
/** A statement on one line, as menus have room for. */
const oneLine = (sql: string): string => visibleText(sql.slice(0, 300).replaceAll(/\s+/g, ' ').trim());

/** Of the run bar: files, saved queries, history, macros, snippets. */
export function LibraryMenu({ editor, draft, serverId, database, onRun }: LibraryMenuProps) {
  const { t } = useTranslation('library');
  const run = useCommand();
  const keysText = useKeysText();
  const { active } = useTab();
  const file = useTextFile({ editor, draft, serverId, database });
  const [texts, setTexts] = useState(NO_TEXTS);
  const [saving, setSaving] = useState<string | null>(null);
  const read = () => readTexts(serverId).then(setTexts, presentError);

  const runMacro = ({ sql }: Macro) => {
    const selected = editor.current?.selection()?.text ?? '';
    if (sql.includes(SELECTION) && selected === '') showNotice(t('macros.nothingSelected'));
    else onRun(macroText(sql, selected));
  };
  useOnCommand('run-macro', ({ id }) => {
    if (!active) return;
    api.library.macros({}).then((macros) => {
      const macro = macros.find((each) => each.id === id);
      if (macro) runMacro(macro);
    }, presentError);
  });
  const saveQuery = () => {
    const text = editor.current?.selection()?.text ?? editor.current?.text() ?? '';
    if (text.trim() === '') {
      showNotice(t('saveQuery.empty'));
      return;
    }
    void read();
    setSaving(text);
  };
  useTabActions([{ id: 'query.save-query', label: t('menu.saveQuery'), run: saveQuery }]);
  const openText = (sql: string, at: { readonly serverId: string; readonly database: string }) =>
    run({ do: 'open-query', serverId: at.serverId, database: at.database, sql });

  return (
    <>
      <Menu position="bottom-start" withinPortal onOpen={() => void read()}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBooks {...icon} />} rightSection={<IconChevronDown {...icon} />}>
            {t('menu.label')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Entry icon={IconFolderOpen} label={t('file.open')} keys={keysText('open-file')} onClick={file.open} />
          <SubMenu icon={IconFileDots} label={t('file.recent')} none={texts.files.length === 0}>
            {texts.files.map(({ token, name, folder }) => (
              <Entry
                key={token}
                label={visibleText(name)}
                note={visibleText(folder)}
                onClick={() => file.openAgain(token)}
              />
            ))}
          </SubMenu>
          <Entry
            icon={IconDeviceFloppy}
            label={draft.fileName === '' ? t('file.save') : t('file.saveNamed', { file: visibleText(draft.fileName) })}
            keys={keysText('save-file')}
            onClick={file.save}
          />
          <Entry
            icon={IconFileExport}
            label={t('file.saveAs')}
            keys={keysText('query.save-as', 'mod+shift+s')}
            onClick={file.saveAs}
          />
          <Menu.Divider />
          <Entry icon={IconBookmark} label={t('menu.saveQuery')} onClick={saveQuery} />
          <SubMenu icon={IconBookmark} label={t('sections.saved')} none={texts.saved.length === 0}>
            {texts.saved.map((query) => (
              <Entry
                key={query.id}
                label={visibleText(query.name)}
                note={visibleText(query.folder)}
                onClick={() =>
                  openText(query.sql, {
                    serverId: query.serverId ?? serverId,
                    database: query.serverId !== null && query.database !== '' ? query.database : database,
                  })
                }
              />
            ))}
          </SubMenu>
          <SubMenu icon={IconBraces} label={t('sections.snippets')} none={texts.snippets.length === 0}>
            {texts.snippets.map(({ id, name, prefix, body }) => (
              <Entry
                key={id}
                label={visibleText(name)}
                keys={prefix}
                onClick={() => editor.current?.insert(body, true)}
              />
            ))}
          </SubMenu>
          <SubMenu icon={IconKeyboard} label={t('sections.macros')} none={texts.macros.length === 0}>
            {texts.macros.map((macro) => (
              <Entry
                key={macro.id}
                label={visibleText(macro.name)}
                keys={macro.keys === '' ? '' : shortcutText(macro.keys, isMac)}
                onClick={() => runMacro(macro)}
              />
            ))}
          </SubMenu>
          <SubMenu icon={IconHistory} label={t('menu.latest')} none={texts.history.length === 0}>
            {texts.history.map((entry) => (
              <Entry key={entry.id} label={oneLine(entry.sql)} onClick={() => editor.current?.insert(entry.sql)} />
            ))}
          </SubMenu>
          <Menu.Divider />
          <Entry
            icon={IconHistory}
            label={t('menu.history')}
            keys={keysText('show-history')}
            onClick={() => run({ do: 'show-history', serverId })}
          />
          <Entry icon={IconSettings} label={t('menu.manage')} onClick={() => run({ do: 'show-library' })} />
        </Menu.Dropdown>
      </Menu>
      <ConflictDialog file={file} />
      <SaveQueryDialog
        sql={saving}
        saved={texts.saved}
        serverId={serverId}
        database={database}
        onClose={() => setSaving(null)}
      />
    </>
  );
}
