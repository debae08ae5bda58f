import { Menu } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WindowView } from '../../shared/contract/app';
import { api } from '../api';
import { presentError } from '../ui/error-presenter';
import { visibleText } from '../ui/visible-text';
import { canMove, moveTabTo } from './dock-api';
import { windowId } from './this-window';

/** The part of a tab's menu that moves it to another window. Mounted while the menu is open: the windows are asked for then. */
export function MoveItems({ id }: { readonly id: string }) {
  const { t } = useTranslation('app');
  const [others, setOthers] = useState<readonly WindowView[]>([]);
  useEffect(() => {
    let wanted = true;
    api.app
      .windows({})
      .then((windows) => {
        if (wanted) setOthers(windows.filter((each) => each.id !== windowId));
      })
      .catch(presentError);
    return () => {
      wanted = false;
    };
  }, []);
  const movable = canMove(id);
  const move = (target?: number) => void moveTabTo(id, target).catch(presentError);
  return (
    <>
      <Menu.Divider />
      <Menu.Item disabled={!movable} title={movable ? undefined : t('tabs.cannotMove')} onClick={() => move()}>
        {t('tabs.detach')}
      </Menu.Item>
      {others.map((other) => (
        <Menu.Item key={other.id} disabled={!movable} onClick={() => move(other.id)}>
          {t('tabs.moveTo', { title: visibleText(other.title) })}
        </Menu.Item>
      ))}
    </>
  );
}
