import { ActionIcon, Select, Skeleton, Tabs, Tooltip } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LOCAL_PLANE } from '../../../shared/model/plane';
import { ErrorPanel } from '../../ui/error-panel';
import { regionName } from '../../ui/place-names';
import { PlaneSwitch } from '../../ui/plane-switch';
import { useTab, useTabTitle } from '../../ui/workbench';
import { GroupsTab } from './groups-tab';
import classes from './networks-view.module.css';
import { useNetworks, usePlanes } from './use-networks';
import { VpcsTab } from './vpcs-tab';

const TABS = ['groups', 'vpcs'] as const;

/** VPCs with their subnets, and security groups, of a control plane. */
export function NetworksView({ plane: given }: { readonly plane: string | undefined }) {
  const { t } = useTranslation('networks');
  const planes = usePlanes();
  const [wanted, setWanted] = useState(given ?? LOCAL_PLANE);
  const plane = planes === null || planes.some(({ id }) => id === wanted) ? wanted : LOCAL_PLANE;
  const { networks, error, reload } = useNetworks(plane, useTab().visible);
  const [region, setRegion] = useState<string | null>(null);
  useTabTitle(t('title'));
  const inRegion = <T extends { readonly region: string }>(list: readonly T[]) =>
    list.filter((each) => region === null || each.region === region);
  return (
    <div className={classes.view}>
      <header className={classes.header}>
        <h1>{t('title')}</h1>
        <div className={classes.actions}>
          <PlaneSwitch
            planes={planes}
            plane={plane}
            onChange={(next) => {
              setWanted(next);
              setRegion(null);
            }}
          />
          {networks === null ? null : (
            <Select
              aria-label={t('region')}
              placeholder={t('allRegions')}
              data={networks.options.regions.map(({ code, name }) => ({
                value: code,
                label: regionName(t, code, name),
              }))}
              value={region}
              onChange={setRegion}
              clearable
            />
          )}
          <Tooltip label={t('refresh')}>
            <ActionIcon size="lg" variant="default" aria-label={t('refresh')} onClick={() => void reload()}>
              <IconRefresh size={16} stroke={1.5} />
            </ActionIcon>
          </Tooltip>
        </div>
      </header>
      {error === null ? null : <ErrorPanel title={t('failed')} error={error} onRetry={() => void reload()} />}
      {networks === null ? (
        error === null ? (
          <div role="status" aria-label={t('reading')}>
            <Skeleton height={32} />
            <Skeleton height={200} mt="md" />
          </div>
        ) : null
      ) : (
        <Tabs defaultValue={TABS[0]}>
          <Tabs.List aria-label={t('title')}>
            {TABS.map((tab) => (
              <Tabs.Tab key={tab} value={tab}>
                {t(`tabs.${tab}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="groups" className={classes.panel ?? ''}>
            <GroupsTab
              key={plane}
              plane={plane}
              options={networks.options}
              region={region}
              groups={inRegion(networks.groups)}
              reload={reload}
            />
          </Tabs.Panel>
          <Tabs.Panel value="vpcs" className={classes.panel ?? ''}>
            <VpcsTab
              plane={plane}
              options={networks.options}
              region={region}
              vpcs={inRegion(networks.vpcs)}
              reload={reload}
            />
          </Tabs.Panel>
        </Tabs>
      )}
    </div>
  );
}
