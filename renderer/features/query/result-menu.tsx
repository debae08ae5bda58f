import { Menu, Portal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CopyFormat } from '../../../shared/model/query';
import { useKeysText } from '../../ui/workbench';
import classes from './result-menu.module.css';

export interface ResultMenuProps {
  /** Where in the window; null is closed. */
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly canSave: boolean;
  readonly onClose: () => void;
  readonly onCopy: (format: CopyFormat, header: boolean) => void;
  readonly onView: () => void;
  readonly onSave: () => void;
  /** Only rows with the selected cell's value, or only others; null where the server cannot filter. */
  readonly onValue: ((same: boolean) => void) | null;
}

/** What cells are copied as; `key` of the translations `query.copy`. */
export const COPIES: readonly { readonly key: string; readonly format: CopyFormat; readonly header: boolean }[] = [
  { key: 'tsv', format: 'tsv', header: false },
  { key: 'tsvHeader', format: 'tsv', header: true },
  { key: 'csv', format: 'csv', header: false },
  { key: 'csvHeader', format: 'csv', header: true },
  { key: 'json', format: 'json', header: true },
  { key: 'jsonl', format: 'jsonl', header: true },
  { key: 'insert', format: 'insert', header: true },
  { key: 'markdown', format: 'markdown', header: true },
];

/** What can be done with the selected cells. */
export function ResultMenu({ at, canSave, onClose, onCopy, onView, onSave, onValue }: ResultMenuProps) {
  const { t } = useTranslation('query');
  const { t: words } = useTranslation('results');
  const keysText = useKeysText();
  return (
    <Portal>
      <Menu opened={at !== null} onClose={onClose} position="bottom-start" withinPortal>
        <Menu.Target>
          <div className={classes.anchor} style={{ left: at?.x ?? 0, top: at?.y ?? 0 }} aria-hidden />
        </Menu.Target>
        <Menu.Dropdown>
          {COPIES.map(({ key, format, header }) => (
            <Menu.Item
              key={key}
              rightSection={
                key === 'tsv' ? <span className={classes.key}>{keysText('result.copy-tsv', 'mod+c')}</span> : null
              }
              onClick={() => onCopy(format, header)}
            >
              {t(`copy.${key}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item
            rightSection={<span className={classes.key}>{keysText('result.value', 'enter')}</span>}
            onClick={onView}
          >
            {t('viewer.open')}
          </Menu.Item>
          <Menu.Item disabled={onValue === null} onClick={() => onValue?.(true)}>
            {words('filter.only')}
          </Menu.Item>
          <Menu.Item disabled={onValue === null} onClick={() => onValue?.(false)}>
            {words('filter.except')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item disabled={!canSave} onClick={onSave}>
            {t('save.label')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Portal>
  );
}
