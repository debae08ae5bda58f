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
import type { ObjectAction } from '../../../../shared/model/command';
import { useCommand } from '../../../ui/workbench';
import { fitsObject, type ActedOn } from './action-fit';
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

export interface ActionEntriesProps extends ActedOn {
  readonly serverId: string;
  readonly database: string;
}

/** The dialogs that work on an object. */
export function ActionEntries(props: ActionEntriesProps) {
  const { serverId, database, object } = props;
  const { t } = useTranslation('objects');
  const run = useCommand();
  return SHOWN.filter(([action]) => fitsObject(action, props)).map(([action, icon]) => (
    <Entry
      key={action}
      icon={icon}
      label={t(`actions.${action}.menu`)}
      onClick={() => run({ do: 'act-on-objects', action, serverId, database, objects: [object] })}
    />
  ));
}
