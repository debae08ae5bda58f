import { ActionIcon, Button, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import {
  IconAffiliate,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronDown,
  IconCopyPlus,
  IconDatabasePlus,
  IconDeviceFloppy,
  IconLayoutGrid,
  IconLink,
  IconMaximize,
  IconMinus,
  IconNote,
  IconPencil,
  IconPlus,
  IconSql,
  IconTablePlus,
  IconTrash,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { isDirty } from '../../../shared/model/diagram-history';
import { DETAILS } from './geometry';
import type { DiagramTab } from './store';
import classes from './toolbar.module.css';

/** What is done with the diagram as a whole. */
export type DiagramDeed =
  | 'add-table'
  | 'add-note'
  | 'relate'
  | 'add-related'
  | 'add-existing'
  | 'duplicate'
  | 'edit'
  | 'layout'
  | 'save'
  | 'save-as'
  | 'open'
  | 'export-svg'
  | 'export-png'
  | 'export-sql'
  | 'create-sql'
  | 'copy-sql'
  | 'change-sql';

export interface ToolbarProps {
  readonly tab: DiagramTab;
  /** Whether SQL can go to the query tool: the diagram belongs to a database. */
  readonly hasDatabase: boolean;
  readonly onDeed: (deed: DiagramDeed) => void;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

function Tool(props: {
  readonly label: string;
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly loading?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  const { label, keys, disabled = false, loading = false, onClick, children } = props;
  return (
    <Tooltip label={keys === undefined ? label : `${label} (${keys})`}>
      <ActionIcon variant="subtle" size="lg" aria-label={label} disabled={disabled} loading={loading} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Everything that can be done with a diagram. */
export function Toolbar({ tab, hasDatabase, onDeed }: ToolbarProps) {
  const { t } = useTranslation('diagram');
  const history = useStore(tab.store, (state) => state.history);
  const selection = useStore(tab.store, (state) => state.selection);
  const zoom = useStore(tab.store, (state) => state.camera.zoom);
  const detail = useStore(tab.store, (state) => state.detail);
  const layingOut = useStore(tab.store, (state) => state.layingOut);
  const { present } = history;
  const empty = present.tables.length === 0;
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('bar')}>
      <Tool label={t('deeds.add-table')} onClick={() => onDeed('add-table')}>
        <IconTablePlus {...icon} />
      </Tool>
      <Tool label={t('deeds.relate')} disabled={empty} onClick={() => onDeed('relate')}>
        <IconLink {...icon} />
      </Tool>
      <Tool label={t('deeds.add-note')} onClick={() => onDeed('add-note')}>
        <IconNote {...icon} />
      </Tool>
      <Tool label={t('deeds.edit')} keys="Enter" disabled={selection.size !== 1} onClick={() => onDeed('edit')}>
        <IconPencil {...icon} />
      </Tool>
      <Tool
        label={t('deeds.duplicate')}
        keys="Ctrl+D"
        disabled={!present.tables.some(({ id }) => selection.has(id))}
        onClick={() => onDeed('duplicate')}
      >
        <IconCopyPlus {...icon} />
      </Tool>
      <Tool label={t('deeds.remove')} keys="Delete" disabled={selection.size === 0} onClick={tab.remove}>
        <IconTrash {...icon} />
      </Tool>
      {hasDatabase ? (
        <Tool label={t('deeds.add-existing')} onClick={() => onDeed('add-existing')}>
          <IconDatabasePlus {...icon} />
        </Tool>
      ) : null}
      {hasDatabase ? (
        <Tool
          label={t('deeds.add-related')}
          disabled={!present.tables.some(({ id }) => selection.has(id))}
          onClick={() => onDeed('add-related')}
        >
          <IconAffiliate {...icon} />
        </Tool>
      ) : null}
      <span className={classes.rule} />
      <Tool label={t('deeds.undo')} keys="Ctrl+Z" disabled={history.past.length === 0} onClick={tab.undo}>
        <IconArrowBackUp {...icon} />
      </Tool>
      <Tool label={t('deeds.redo')} keys="Ctrl+Y" disabled={history.future.length === 0} onClick={tab.redo}>
        <IconArrowForwardUp {...icon} />
      </Tool>
      <span className={classes.rule} />
      <Tool label={t('deeds.layout')} disabled={empty} loading={layingOut} onClick={() => onDeed('layout')}>
        <IconLayoutGrid {...icon} />
      </Tool>
      <SegmentedControl
        size="xs"
        aria-label={t('details.label')}
        data={DETAILS.map((value) => ({ value, label: t(`details.${value}`) }))}
        value={detail}
        onChange={(value) => tab.setDetail(DETAILS.find((each) => each === value) ?? detail)}
      />
      <span className={classes.rule} />
      <Tool label={t('deeds.zoom-out')} keys="-" onClick={() => tab.zoomBy(0.8)}>
        <IconMinus {...icon} />
      </Tool>
      <span className={classes.zoom}>{t('zoom', { percent: Math.round(zoom * 100) })}</span>
      <Tool label={t('deeds.zoom-in')} keys="+" onClick={() => tab.zoomBy(1.25)}>
        <IconPlus {...icon} />
      </Tool>
      <Tool label={t('deeds.fit')} keys="F" onClick={tab.fit}>
        <IconMaximize {...icon} />
      </Tool>
      <span className={classes.gap} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" leftSection={<IconSql {...icon} />} rightSection={<IconChevronDown {...icon} />}>
            {t('sql.label')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={empty || !hasDatabase} onClick={() => onDeed('create-sql')}>
            {t('deeds.create-sql')}
          </Menu.Item>
          <Menu.Item disabled={present.baseline === null || !hasDatabase} onClick={() => onDeed('change-sql')}>
            {t('deeds.change-sql')}
          </Menu.Item>
          <Menu.Item disabled={empty} onClick={() => onDeed('copy-sql')}>
            {t('deeds.copy-sql')}
          </Menu.Item>
          <Menu.Item disabled={empty} onClick={() => onDeed('export-sql')}>
            {t('deeds.export-sql')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        leftSection={<IconDeviceFloppy {...icon} />}
        disabled={!isDirty(history) && empty}
        onClick={() => onDeed('save')}
      >
        {t('deeds.save')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" size="lg" aria-label={t('more')}>
            <IconChevronDown {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onDeed('save-as')}>{t('deeds.save-as')}</Menu.Item>
          <Menu.Item onClick={() => onDeed('open')}>{t('deeds.open')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item disabled={empty} onClick={() => onDeed('export-svg')}>
            {t('deeds.export-svg')}
          </Menu.Item>
          <Menu.Item disabled={empty} onClick={() => onDeed('export-png')}>
            {t('deeds.export-png')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
