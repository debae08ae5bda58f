import { Menu } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { visibleText } from '../ui/visible-text';
import { MoveItems } from './dock-tab-windows';
import { closeTab, closeTabs, floatOrDockTab, splitTab } from './dock-api';
import classes from './dock-tab.module.css';
import { VIEW_ICONS } from './icons';
import { useShell } from './store';
import type { TabContent } from './tabs';

/** A tab's head: icon, title, dirty mark, the environment's colour on its top edge, and what can be done with it. */
export function DockTab({ api, params }: IDockviewPanelHeaderProps<{ content: TabContent }>) {
  const { t } = useTranslation('app');
  const { view } = params.content;
  const tab = useShell((state) => state.tabs[api.id]);
  const active = useShell((state) => state.activeTab === api.id);
  const Icon = VIEW_ICONS[view];
  const title = visibleText(tab?.title ?? t(`tabs.${view}`));
  const dirty = tab?.dirty === true;
  const floating = api.location.type === 'floating';
  const environment = tab?.status?.environment ?? 'none';
  const head = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Of many tabs the one in front is always in sight; its title, and so its width, may come later.
    if (active) head.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active, title]);

  return (
    <Menu position="bottom-start">
      <Menu.ContextMenu>
        <div
          ref={head}
          className={classes.tab}
          data-active={active || undefined}
          data-environment={environment}
          data-tab={api.id}
          title={environment === 'none' ? title : `${title} · ${t(`environment.${environment}`)}`}
          onAuxClick={(event) => {
            if (event.button === 1) closeTab(api.id);
          }}
        >
          <Icon size={16} stroke={1.5} className={classes.icon} aria-hidden />
          <span className={classes.title} data-title>
            {title}
          </span>
          {dirty ? <span className="visually-hidden">{t('tabs.unsaved')}</span> : null}
          <span
            className={classes.close}
            data-dirty={dirty || undefined}
            title={t('tabs.close')}
            aria-hidden
            onPointerDown={(event) => event.stopPropagation()}
            onClick={(event) => {
              event.stopPropagation();
              closeTab(api.id);
            }}
          >
            <IconX size={16} stroke={1.5} className={classes.cross} />
            <span className={classes.dot} />
          </span>
        </div>
      </Menu.ContextMenu>
      <Menu.Dropdown onPointerDown={(event) => event.stopPropagation()}>
        <Menu.Item onClick={() => closeTab(api.id)}>{t('tabs.close')}</Menu.Item>
        <Menu.Item onClick={() => closeTabs(api.id, 'others')}>{t('tabs.closeOthers')}</Menu.Item>
        <Menu.Item onClick={() => closeTabs(api.id, 'all')}>{t('tabs.closeAll')}</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => splitTab(api.id, 'right')}>{t('tabs.splitRight')}</Menu.Item>
        <Menu.Item onClick={() => splitTab(api.id, 'below')}>{t('tabs.splitDown')}</Menu.Item>
        <Menu.Item onClick={() => floatOrDockTab(api.id)}>{t(floating ? 'tabs.dock' : 'tabs.float')}</Menu.Item>
        <MoveItems id={api.id} />
      </Menu.Dropdown>
    </Menu>
  );
}
