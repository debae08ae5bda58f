import { ActionIcon, Button, Table, Tooltip } from '@mantine/core';
import { IconFolderPlus, IconRefresh, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClientTool } from '../../../shared/model/import';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { presentError } from '../../ui/error-presenter';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { SettingRow, SettingSection } from './setting-row';
import classes from './settings-view.module.css';
import { saveSettings, useSettings } from './store';

const NO_FOLDERS: readonly string[] = [];

/** Client programs that were found, and the folders where to look first. */
export function ToolsSection() {
  const { t } = useTranslation('settings');
  const folders = useSettings((state) => state.settings?.toolFolders ?? NO_FOLDERS);
  const [tools, setTools] = useState<readonly ClientTool[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const look = useCallback(() => {
    api.transfer
      .tools({})
      .then((found) => {
        setTools(found);
        setError(null);
      })
      .catch(setError);
  }, []);
  // Looked for again when a folder was added or taken away.
  useEffect(look, [look, folders]);

  const add = async () => {
    const picked = await api.app.pickFolder({ title: t('tools.add') });
    if (picked !== null && !folders.includes(picked.path)) saveSettings({ toolFolders: [...folders, picked.path] });
  };
  return (
    <SettingSection title={t('tools.title')}>
      <SettingRow label={t('tools.folders')} text={t('tools.foldersText')} words="pg_dump pg_restore psql bin" wide>
        {folders.length === 0 ? null : (
          <ul className={classes.folders}>
            {folders.map((folder) => (
              <li key={folder}>
                <MiddleEllipsis text={folder} tail={20} />
                <Tooltip label={t('tools.remove')}>
                  <ActionIcon
                    aria-label={t('tools.removeFolder', { folder })}
                    onClick={() => saveSettings({ toolFolders: folders.filter((each) => each !== folder) })}
                  >
                    <IconX size={16} stroke={1.5} />
                  </ActionIcon>
                </Tooltip>
              </li>
            ))}
          </ul>
        )}
        <Button
          variant="default"
          leftSection={<IconFolderPlus size={16} stroke={1.5} />}
          onClick={() => void add().catch(presentError)}
        >
          {t('tools.add')}
        </Button>
      </SettingRow>
      <SettingRow label={t('tools.found')} text={t('tools.foundText')} words="pg_dump pg_restore psql" wide>
        {error === null ? null : <ErrorPanel error={error} onRetry={look} />}
        {tools === null || error !== null ? null : <ToolTable tools={tools} />}
        <Button variant="default" leftSection={<IconRefresh size={16} stroke={1.5} />} onClick={look}>
          {t('tools.again')}
        </Button>
      </SettingRow>
    </SettingSection>
  );
}

function ToolTable({ tools }: { readonly tools: readonly ClientTool[] }) {
  const { t } = useTranslation('settings');
  if (tools.length === 0) return <p className={classes.text}>{t('tools.none')}</p>;
  return (
    <Table className={classes.tools}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('tools.name')}</Table.Th>
          <Table.Th>{t('tools.version')}</Table.Th>
          <Table.Th>{t('tools.origin')}</Table.Th>
          <Table.Th>{t('tools.path')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tools.map((tool) => (
          <Table.Tr key={`${tool.origin} ${tool.path} ${tool.name}`}>
            <Table.Td className="mono">{tool.name}</Table.Td>
            <Table.Td>{tool.version}</Table.Td>
            <Table.Td>{t(`tools.origins.${tool.origin}`)}</Table.Td>
            <Table.Td className={classes.path}>
              {tool.path === '' ? '–' : <MiddleEllipsis text={tool.path} tail={24} copyable />}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
