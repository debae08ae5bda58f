import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core';
import { IconCloudPlus, IconPencil, IconTrash } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaneView } from '../../../shared/model/plane';
import { api, listen } from '../../api';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { presentError } from '../../ui/error-presenter';
import { showNotice } from '../../ui/notice';
import { StatusPill } from '../../ui/status-pill';
import { useLive } from '../../ui/use-live';
import { PlaneDialog } from './planes-dialog';
import { PricesRow } from './prices-row';
import { SettingRow, SettingSection } from './setting-row';

const read = () => api.planes.list({});
const follow = (changed: () => void) => listen('planes', 'changed', changed);

/** Where instances are made and run: this machine, and the accounts of clouds that were registered. */
export function PlanesSection() {
  const { t } = useTranslation('settings');
  const planes = useLive(read, follow);
  const [editing, setEditing] = useState<PlaneView | 'new' | null>(null);
  const [removing, setRemoving] = useState<PlaneView | null>(null);
  if (planes === null) return null;
  const names = planes.filter(({ local }) => !local);
  return (
    <SettingSection title={t('planes.title')}>
      {planes.map((plane) =>
        plane.local ? (
          <LocalPlane key={plane.id} plane={plane} />
        ) : (
          <SettingRow
            key={plane.id}
            label={plane.name}
            text={[plane.endpoint, plane.region].filter((part) => part !== '').join(' · ')}
            words={t('planes.words')}
          >
            <Tooltip label={t('planes.edit')}>
              <ActionIcon
                size="lg"
                aria-label={t('planes.editOne', { name: plane.name })}
                onClick={() => setEditing(plane)}
              >
                <IconPencil size={16} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t('planes.remove')}>
              <ActionIcon
                size="lg"
                aria-label={t('planes.removeOne', { name: plane.name })}
                onClick={() => setRemoving(plane)}
              >
                <IconTrash size={16} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </SettingRow>
        ),
      )}
      <SettingRow label={t('planes.more')} text={t('planes.moreText')} words={t('planes.words')}>
        <Button
          variant="default"
          leftSection={<IconCloudPlus size={16} stroke={1.5} />}
          onClick={() => setEditing('new')}
        >
          {t('planes.add')}
        </Button>
      </SettingRow>
      {editing === null ? null : (
        <PlaneDialog
          plane={editing === 'new' ? null : editing}
          others={names.filter((each) => each !== editing).map(({ name }) => name)}
          onClose={() => setEditing(null)}
        />
      )}
      {removing === null ? null : (
        <ConfirmDialog
          opened
          title={t('planes.removeTitle', { name: removing.name })}
          deed={t('planes.removeDeed')}
          danger
          onConfirm={async () => {
            await api.planes.remove({ id: removing.id });
            showNotice(t('planes.removed', { name: removing.name }));
          }}
          onClose={() => setRemoving(null)}
        >
          {t('planes.removeText')}
        </ConfirmDialog>
      )}
    </SettingSection>
  );
}

/** The daemon of this machine: always there, and started when it is needed, or at login. */
function LocalPlane({ plane }: { readonly plane: PlaneView }) {
  const { t } = useTranslation('settings');
  const [login, setLogin] = useState<{ enabled: boolean; available: boolean } | null>(null);
  const look = useCallback(() => {
    api.instances.startAtLogin({}).then(setLogin).catch(presentError);
  }, []);
  useEffect(look, [look]);
  const change = (enabled: boolean) => {
    setLogin((now) => (now === null ? null : { ...now, enabled }));
    api.instances.setStartAtLogin({ enabled }).catch(presentError).finally(look);
  };
  return (
    <>
      <SettingRow label={t('planes.local')} text={t('planes.localText')} words={t('planes.words')}>
        <StatusPill tone={plane.endpoint === '' ? 'neutral' : 'ok'}>
          {plane.endpoint === '' ? t('planes.stopped') : t('planes.running', { endpoint: plane.endpoint })}
        </StatusPill>
      </SettingRow>
      <SettingRow
        label={t('planes.login')}
        text={login?.available === false ? t('planes.noLogin') : t('planes.loginText')}
        words={t('planes.words')}
      >
        <Switch
          aria-label={t('planes.login')}
          checked={login?.enabled ?? false}
          disabled={login?.available !== true}
          onChange={(event) => change(event.currentTarget.checked)}
        />
      </SettingRow>
      <PricesRow running={plane.endpoint !== ''} />
    </>
  );
}
