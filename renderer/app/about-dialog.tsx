import { Button, Modal } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api';
import { useCopy } from '../ui/clipboard';
import { presentError } from '../ui/error-presenter';
import classes from './about-dialog.module.css';
import { useShell } from './store';

/** Versions, runtime, folders, licence. */
export function AboutDialog() {
  const { t } = useTranslation('app');
  const copy = useCopy();
  const opened = useShell((state) => state.aboutOpen);
  const info = useShell((state) => state.info);
  if (info === null) return null;
  const runtime = t('about.electron', { electron: info.electron, chrome: info.chrome, node: info.node });
  const facts = [
    [t('about.version'), info.version],
    [t('about.runtime'), runtime],
    [t('about.platform'), info.platform],
  ] as const;
  return (
    <Modal opened={opened} onClose={() => useShell.setState({ aboutOpen: false })} title={t('about.title')} size={480}>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="selectable">{value}</dd>
          </div>
        ))}
        {(['data', 'log'] as const).map((folder) => (
          <div key={folder}>
            <dt>{t(`about.${folder}`)}</dt>
            <dd>
              <span className="selectable mono">{info.folders[folder]}</span>{' '}
              <Button
                size="xs"
                variant="default"
                onClick={() => void api.app.showInFolder({ folder }).catch(presentError)}
              >
                {t('about.open')}
              </Button>
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.licence}>{t('about.licence')}</p>
      <Button
        variant="default"
        leftSection={<IconCopy size={16} stroke={1.5} />}
        onClick={() => copy(`Howdah ${info.version}\n${runtime}\n${info.platform}`)}
      >
        {t('about.copy')}
      </Button>
    </Modal>
  );
}
