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
import { useTip } from '../../ui/tip';
import { DETAILS } from './geometry';
import type { DiagramTab } from './store';
import { useToolbarOffers } from './toolbar-offers';
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
  /** Of `deeds` in the translations; the keys chosen for `diagram.<name>` are shown. */
  readonly name: string;
  /** As in the keymap: keys of the drawing, when the person chose none. */
  readonly keys?: string;
  readonly disabled?: boolean;
  readonly loading?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  const { name, keys, disabled = false, loading = false, onClick, children } = props;
  const { t } = useTranslation('diagram');
  const tip = useTip();
  const label = t(`deeds.${name}`);
  return (
    <Tooltip label={tip(label, `diagram.${name}`, keys)}>
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
  const selectedTables = present.tables.filter(({ id }) => selection.has(id)).length;
  const onlySaved = !isDirty(history) && empty;
  const tip = useTip();
  useToolbarOffers(
    tab,
    {
      empty,
      hasDatabase,
      onlySaved,
      selected: selection.size,
      selectedTables,
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
      hasBaseline: present.baseline !== null,
      detail,
    },
    onDeed,
  );
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('bar')}>
      <Tool name="add-table" onClick={() => onDeed('add-table')}>
        <IconTablePlus {...icon} />
      </Tool>
      <Tool name="relate" disabled={empty} onClick={() => onDeed('relate')}>
        <IconLink {...icon} />
      </Tool>
      <Tool name="add-note" onClick={() => onDeed('add-note')}>
        <IconNote {...icon} />
      </Tool>
      <Tool name="edit" keys="enter" disabled={selection.size !== 1} onClick={() => onDeed('edit')}>
        <IconPencil {...icon} />
      </Tool>
      <Tool name="duplicate" keys="mod+d" disabled={selectedTables === 0} onClick={() => onDeed('duplicate')}>
        <IconCopyPlus {...icon} />
      </Tool>
      <Tool name="remove" keys="delete" disabled={selection.size === 0} onClick={tab.remove}>
        <IconTrash {...icon} />
      </Tool>
      {hasDatabase ? (
        <Tool name="add-existing" onClick={() => onDeed('add-existing')}>
          <IconDatabasePlus {...icon} />
        </Tool>
      ) : null}
      {hasDatabase ? (
        <Tool name="add-related" disabled={selectedTables === 0} onClick={() => onDeed('add-related')}>
          <IconAffiliate {...icon} />
        </Tool>
      ) : null}
      <span className={classes.rule} />
      <Tool name="undo" keys="mod+z" disabled={history.past.length === 0} onClick={tab.undo}>
        <IconArrowBackUp {...icon} />
      </Tool>
      <Tool name="redo" keys="mod+y" disabled={history.future.length === 0} onClick={tab.redo}>
        <IconArrowForwardUp {...icon} />
      </Tool>
      <span className={classes.rule} />
      <Tool name="layout" disabled={empty} loading={layingOut} onClick={() => onDeed('layout')}>
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
      <Tool name="zoom-out" keys="-" onClick={() => tab.zoomBy(0.8)}>
        <IconMinus {...icon} />
      </Tool>
      <span className={classes.zoom}>{t('zoom', { percent: Math.round(zoom * 100) })}</span>
      <Tool name="zoom-in" keys="+" onClick={() => tab.zoomBy(1.25)}>
        <IconPlus {...icon} />
      </Tool>
      <Tool name="fit" keys="f" onClick={tab.fit}>
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
      <Tooltip label={tip(t('deeds.save'), 'diagram.save', 'mod+s')}>
        <Button leftSection={<IconDeviceFloppy {...icon} />} disabled={onlySaved} onClick={() => onDeed('save')}>
          {t('deeds.save')}
        </Button>
      </Tooltip>
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
