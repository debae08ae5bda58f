/** A setting, as the palette finds it. */
export interface SettingRowName {
  /** Names the row of the settings page. */
  readonly name: string;
  /** Keys of the translations of `settings`. */
  readonly label: string;
  readonly text: string;
  /** More words under which it is found. */
  readonly more: string;
}

/** Every row of the settings page that can be jumped to, in its order. */
export const SETTING_ROWS: readonly SettingRowName[] = [
  { name: 'theme', label: 'appearance.theme', text: 'appearance.themeText', more: 'light dark 浅色 深色' },
  { name: 'contrast', label: 'appearance.contrast', text: 'appearance.contrastText', more: 'high contrast 对比度' },
  { name: 'language', label: 'appearance.language', text: 'appearance.languageText', more: 'language 语言' },
  { name: 'keys', label: 'shortcuts.title', text: 'shortcuts.text', more: 'keyboard keys hotkeys 快捷键' },
  { name: 'notifyTasks', label: 'notify.label', text: 'notify.text', more: 'notification 通知' },
  { name: 'system', label: 'explorer.system', text: 'explorer.systemText', more: 'pg_catalog information_schema' },
  { name: 'autocommit', label: 'query.autocommit', text: 'query.autocommitText', more: 'transaction commit' },
  { name: 'onError', label: 'query.onError', text: 'query.onErrorText', more: 'stop continue' },
  { name: 'confirm', label: 'query.confirm', text: 'query.confirmText', more: 'guard production' },
  { name: 'historySize', label: 'query.historySize', text: 'query.historySizeText', more: 'history' },
  { name: 'completeAsTyped', label: 'query.completeAsTyped', text: 'query.completeAsTypedText', more: 'autocomplete' },
  { name: 'keywordCase', label: 'query.keywordCase', text: 'query.keywordCaseText', more: 'format upper lower' },
  { name: 'indent', label: 'query.indent', text: 'query.indentText', more: 'format spaces' },
  { name: 'editorFontSize', label: 'query.editorFontSize', text: 'query.editorFontSizeText', more: 'font size zoom' },
  { name: 'nullText', label: 'query.nullText', text: 'query.nullTextText', more: 'null' },
  { name: 'dataLimit', label: 'query.dataLimit', text: 'query.dataLimitText', more: 'rows limit' },
  { name: 'secrets', label: 'secrets.where', text: 'secrets.whereText', more: 'password secret keychain master' },
  { name: 'planes', label: 'planes.more', text: 'planes.moreText', more: 'cloud tencent' },
  { name: 'toolFolders', label: 'tools.folders', text: 'tools.foldersText', more: 'pg_dump pg_restore psql' },
  { name: 'data', label: 'folders.data', text: 'folders.dataText', more: 'folder' },
];
