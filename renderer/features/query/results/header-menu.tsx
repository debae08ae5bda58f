import { Menu, Portal } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconFilter,
  IconFilterMinus,
  IconFilterPlus,
  IconX,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Arrangement, ResultColumn } from '../../../../shared/model/query';
import { useCopy } from '../../../ui/clipboard';
import { visibleText } from '../../../ui/visible-text';
import { directionOf, sortedBy } from './arrange-model';
import classes from './header-menu.module.css';

export interface HeaderMenuProps {
  /** The column and where in the window; null is closed. */
  readonly at: { readonly column: number; readonly x: number; readonly y: number } | null;
  readonly columns: readonly ResultColumn[];
  readonly arrangement: Arrangement;
  /** Why the server cannot sort and filter; null when it can. */
  readonly refusal: string | null;
  /** Whether a single cell of the column is selected, whose value can be a filter. */
  readonly hasCell: boolean;
  readonly onClose: () => void;
  readonly onArrange: (next: Arrangement) => void;
  readonly onFilter: (column: number) => void;
  /** Only rows with the selected cell's value, or only others. */
  readonly onValue: (column: number, same: boolean) => void;
}

const icon = { size: 16, stroke: 1.5 };

/** What can be done with a column of a result. */
export function HeaderMenu(props: HeaderMenuProps) {
  const { at, columns, arrangement, refusal, hasCell, onClose, onArrange, onFilter, onValue } = props;
  const { t } = useTranslation('results');
  const copy = useCopy();
  const column = at?.column ?? 0;
  const name = columns[column]?.name ?? '';
  const direction = directionOf(arrangement, column);
  const others = arrangement.sort.some((key) => key.column !== column);
  const disabled = refusal !== null;
  const sort = (next: 'ascending' | 'descending' | null, add: boolean) =>
    onArrange(sortedBy(arrangement, column, next, add));
  return (
    <Portal>
      <Menu opened={at !== null} onClose={onClose} position="bottom-start" withinPortal>
        <Menu.Target>
          <div className={classes.anchor} style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} aria-hidden />
        </Menu.Target>
        <Menu.Dropdown className={classes.menu}>
          <Menu.Label>
            <span className={classes.name} title={name}>
              {visibleText(name)}
            </span>
          </Menu.Label>
          <Menu.Item
            leftSection={<IconArrowUp {...icon} />}
            disabled={disabled || (direction === 'ascending' && !others)}
            onClick={() => sort('ascending', false)}
          >
            {t('sort.ascending')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowDown {...icon} />}
            disabled={disabled || (direction === 'descending' && !others)}
            onClick={() => sort('descending', false)}
          >
            {t('sort.descending')}
          </Menu.Item>
          {others && !disabled ? (
            <>
              <Menu.Item leftSection={<IconArrowUp {...icon} />} onClick={() => sort('ascending', true)}>
                {t('sort.thenAscending')}
              </Menu.Item>
              <Menu.Item leftSection={<IconArrowDown {...icon} />} onClick={() => sort('descending', true)}>
                {t('sort.thenDescending')}
              </Menu.Item>
            </>
          ) : null}
          {direction === null ? null : (
            <Menu.Item leftSection={<IconX {...icon} />} onClick={() => sort(null, true)}>
              {t('sort.none')}
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconFilter {...icon} />} disabled={disabled} onClick={() => onFilter(column)}>
            {t('filter.add')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFilterPlus {...icon} />}
            disabled={disabled || !hasCell}
            onClick={() => onValue(column, true)}
          >
            {t('filter.only')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFilterMinus {...icon} />}
            disabled={disabled || !hasCell}
            onClick={() => onValue(column, false)}
          >
            {t('filter.except')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconCopy {...icon} />} onClick={() => copy(name)}>
            {t('copyName')}
          </Menu.Item>
          {refusal === null ? null : <div className={classes.refusal}>{refusal}</div>}
        </Menu.Dropdown>
      </Menu>
    </Portal>
  );
}
