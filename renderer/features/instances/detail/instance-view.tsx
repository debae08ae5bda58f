import { Button, Skeleton, Tabs } from '@mantine/core';
import { IconServerOff } from '@tabler/icons-react';
import { Suspense, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { errorInfo } from '../../../../shared/errors';
import type { InstanceStatus } from '../../../../shared/model/instance';
import { EmptyState } from '../../../ui/empty-state';
import { ErrorPanel } from '../../../ui/error-panel';
import { useCommand, useTab, useTabTitle } from '../../../ui/workbench';
import { InstanceDialogs, type Asked } from '../instance-dialogs';
import { Banners } from './banners';
import { DetailsTab } from './details-tab';
import { InstanceHeader } from './instance-header';
import classes from './instance-view.module.css';
import { LogTab } from './log-tab';
import { SecurityTab } from './security-tab';
import { useDetail } from './use-detail';

/** What a page of another feature gets when it stands inside the management page. */
export interface SlotProps {
  readonly plane: string;
  readonly instanceId: string;
  readonly status: InstanceStatus;
}

/** Tabs that other features fill; the shell hands them in. */
export interface InstanceSlots {
  readonly accounts: ComponentType<SlotProps>;
  readonly databases: ComponentType<SlotProps>;
}

const TABS = ['details', 'accounts', 'databases', 'security', 'log'] as const;

const tabNamed = (name: string | undefined): (typeof TABS)[number] => TABS.find((tab) => tab === name) ?? 'details';

export interface InstanceViewProps {
  readonly plane: string;
  readonly id: string;
  /** The tab that was asked for. */
  readonly tab: string | undefined;
  readonly slots: InstanceSlots;
}

function isGone(error: unknown): boolean {
  const { code, apiCode } = errorInfo(error);
  return code === 'not-found' || apiCode?.startsWith('ResourceNotFound') === true;
}

/** The management page of one instance. */
export function InstanceView({ plane, id, tab: wanted, slots }: InstanceViewProps) {
  const { t } = useTranslation('instances');
  const run = useCommand();
  const { visible, close } = useTab();
  const { detail, error, refresh } = useDetail(plane, id, visible);
  const [chosen, setChosen] = useState({ wanted, tab: tabNamed(wanted) });
  // Another tab that is asked for from outside stands over what was chosen here before.
  const tab = chosen.wanted === wanted ? chosen.tab : tabNamed(wanted);
  const [asked, setAsked] = useState<Asked | null>(null);
  useTabTitle(detail === null ? id : detail.name);

  if (error !== null && isGone(error)) {
    return (
      <EmptyState
        icon={<IconServerOff size={32} stroke={1.5} />}
        title={t('page.gone')}
        text={t('page.goneText', { id })}
        action={
          <Button
            onClick={() => {
              run({ do: 'show-instances' });
              close();
            }}
          >
            {t('page.toList')}
          </Button>
        }
      />
    );
  }
  if (detail === null) {
    return (
      <div className={classes.page}>
        {error === null ? (
          <div role="status" aria-label={t('page.reading')}>
            <Skeleton height={24} width={240} />
            <Skeleton height={18} width="60%" mt="md" />
            <Skeleton height={160} mt="lg" />
          </div>
        ) : (
          <ErrorPanel title={t('page.failed')} error={error} onRetry={refresh} />
        )}
      </div>
    );
  }
  const slot = { plane, instanceId: id, status: detail.status };
  const ask = (action: Asked['action']) => setAsked({ action, instances: [detail] });
  return (
    <div className={classes.page} data-instance={id} data-status={detail.status}>
      <InstanceHeader instance={detail} onAsk={ask} />
      {error === null ? null : <ErrorPanel title={t('page.stale')} error={error} onRetry={refresh} />}
      <Banners detail={detail} onDone={refresh} />
      <Tabs
        value={tab}
        onChange={(next) => setChosen({ wanted, tab: tabNamed(next ?? undefined) })}
        keepMounted={false}
      >
        <Tabs.List aria-label={t('page.tabs')}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`page.tab.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="details" className={classes.panel ?? ''}>
          <DetailsTab detail={detail} onAsk={ask} onDone={refresh} />
        </Tabs.Panel>
        <Tabs.Panel value="accounts" className={classes.panel ?? ''}>
          <Suspense fallback={<Skeleton height={160} />}>
            <slots.accounts {...slot} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="databases" className={classes.panel ?? ''}>
          <Suspense fallback={<Skeleton height={160} />}>
            <slots.databases {...slot} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="security" className={classes.panel ?? ''}>
          <SecurityTab detail={detail} onDone={refresh} />
        </Tabs.Panel>
        <Tabs.Panel value="log" className={classes.panel ?? ''}>
          <LogTab detail={detail} />
        </Tabs.Panel>
      </Tabs>
      <InstanceDialogs asked={asked} onClose={() => setAsked(null)} onDone={refresh} />
    </div>
  );
}
