import { IconCode, IconTableOptions, IconTableShortcut } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { hasDdl, hasRows } from '../../../../shared/model/catalog-rules';
import { presentError } from '../../../ui/error-presenter';
import { useCommand } from '../../../ui/workbench';
import { Entry, SubMenu } from './entry';
import {
  ROW_SCRIPTS,
  runsAtOnce,
  scriptText,
  SOME_ROWS,
  TABLE_SCRIPTS,
  type ScriptName,
  type ScriptSubject,
} from './scripts';

const CALLABLE = new Set(['function', 'procedure']);

/** *View and edit data*, *View rows ▸* and *Scripts ▸*: texts that open in the query tool. */
export function ScriptEntries({ subject }: { readonly subject: ScriptSubject }) {
  const { t } = useTranslation('objects');
  const run = useCommand();
  const { serverId, database, object } = subject;
  const open = (name: ScriptName): void => {
    scriptText(name, subject).then(
      (sql) => run({ do: 'open-query', serverId, database, sql, run: runsAtOnce(name) }),
      presentError,
    );
  };
  const rows = hasRows(object.kind);
  const scripts: readonly ScriptName[] = [
    ...(hasDdl(object.kind) ? (['create'] as const) : []),
    ...(rows ? TABLE_SCRIPTS : []),
    ...(CALLABLE.has(object.kind) ? (['execute'] as const) : []),
  ];
  return (
    <>
      {rows && database !== '' ? (
        <Entry
          icon={IconTableOptions}
          label={t('menu.viewData')}
          onClick={() => run({ do: 'view-data', serverId, database, object })}
        />
      ) : null}
      {rows ? (
        <SubMenu icon={IconTableShortcut} label={t('menu.viewRows')}>
          {ROW_SCRIPTS.map((name) => (
            <Entry
              key={name}
              icon={IconTableShortcut}
              label={t(`menu.rows.${name}`, { count: SOME_ROWS })}
              onClick={() => open(name)}
            />
          ))}
        </SubMenu>
      ) : null}
      {scripts.length === 0 || database === '' ? null : (
        <SubMenu icon={IconCode} label={t('menu.scripts')}>
          {scripts.map((name) => (
            <Entry key={name} icon={IconCode} label={t(`menu.script.${name}`)} onClick={() => open(name)} />
          ))}
        </SubMenu>
      )}
    </>
  );
}
