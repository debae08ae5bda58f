import { Button } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppInfo } from '../../../shared/contract/app';
import { api } from '../../api';
import { presentError } from '../../ui/error-presenter';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { SettingRow, SettingSection } from './setting-row';
import classes from './settings-view.module.css';

/** Where data and logs are. */
export function FoldersSection() {
  const { t } = useTranslation('settings');
  const [folders, setFolders] = useState<AppInfo['folders'] | null>(null);
  useEffect(() => {
    api.app
      .info({})
      .then((info) => setFolders(info.folders))
      .catch(presentError);
  }, []);
  if (folders === null) return null;
  return (
    <SettingSection title={t('folders.title')}>
      {(['data', 'log'] as const).map((folder) => (
        <SettingRow
          key={folder}
          label={t(`folders.${folder}`)}
          text={t(`folders.${folder}Text`)}
          words={folders[folder]}
          wide
        >
          <div className={classes.folder}>
            <MiddleEllipsis text={folders[folder]} tail={24} copyable />
            <Button
              variant="default"
              leftSection={<IconFolderOpen size={16} stroke={1.5} />}
              onClick={() => void api.app.showInFolder({ folder }).catch(presentError)}
            >
              {t('folders.open')}
            </Button>
          </div>
        </SettingRow>
      ))}
    </SettingSection>
  );
}
