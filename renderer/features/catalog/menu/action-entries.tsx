import {
  IconBolt,
  IconBoltOff,
  IconChecks,
  IconEraser,
  IconRefreshDot,
  IconRotateClockwise,
  IconShieldLock,
  IconTool,
  IconUnlink,
  IconUserShare,
  type Icon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ACTION_KINDS } from '../../../../shared/model/actions/simple-actions';
import type { ObjectRef } from '../../../../shared/model/catalog';
import type { ObjectAction } from '../../../../shared/model/command';
import { useCommand } from '../../../ui/workbench';
import { Entry } from './entry';

const SHOWN: readonly (readonly [ObjectAction, Icon])[] = [
  ['refresh-view', IconRefreshDot],
  ['maintain', IconTool],
  ['truncate', IconEraser],
  ['enable-triggers', IconBolt],
  ['disable-triggers', IconBoltOff],
  ['enable', IconBolt],
  ['disable', IconBoltOff],
  ['validate', IconChecks],
  ['detach', IconUnlink],
  ['grant', IconShieldLock],
  ['reassign-owned', IconUserShare],
  ['reset-statistics', IconRotateClockwise],
];

const NEEDS_MARK: Readonly<Partial<Record<ObjectAction, readonly string[]>>> = {
  // Marks of things that are turned on or off already.
  enable: ['disabled', 'replica', 'always'],
};

/** Whether an action makes sense for an object as the tree marks it. */
function fits(action: ObjectAction, { object, mark, note, isPartition, isOfView }: ActionEntriesProps): boolean {
  if ((action === 'enable' || action === 'disable') && isOfView) return false;
  if (ACTION_KINDS[action]?.includes(object.kind) !== true) return false;
  if (action === 'detach') return isPartition;
  if (action === 'disable') return mark !== 'disabled';
  if (action === 'validate') return note.endsWith('NOT VALID');
  const marks = NEEDS_MARK[action];
  return marks === undefined || marks.includes(mark);
}

export interface ActionEntriesProps {
  readonly serverId: string;
  readonly database: string;
  readonly object: ObjectRef;
  readonly mark: string;
  readonly note: string;
  readonly isPartition: boolean;
  /** A trigger or rule of a view: those are always on. */
  readonly isOfView: boolean;
}

/** The dialogs that work on an object. */
export function ActionEntries(props: ActionEntriesProps) {
  const { serverId, database, object } = props;
  const { t } = useTranslation('objects');
  const run = useCommand();
  return SHOWN.filter(([action]) => fits(action, props)).map(([action, icon]) => (
    <Entry
      key={action}
      icon={icon}
      label={t(`actions.${action}.menu`)}
      onClick={() => run({ do: 'act-on-objects', action, serverId, database, objects: [object] })}
    />
  ));
}
