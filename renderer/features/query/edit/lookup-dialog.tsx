import { Button, Loader, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconExternalLink } from '@tabler/icons-react';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditColumn } from '../../../../shared/model/edit';
import { quoteIdent, quoteLiteral, quoteQualified } from '../../../../shared/model/quote';
import { api } from '../../../api';
import { ErrorPanel } from '../../../ui/error-panel';
import { visibleText } from '../../../ui/visible-text';
import classes from './edit.module.css';

const LIMIT = 100;
/** Milliseconds without a key before the server is asked. */
const QUIET = 200;

export interface LookupDialogProps {
  readonly resultId: string;
  readonly column: EditColumn;
  readonly current: string | null;
  readonly onChoose: (value: string) => void;
  /** Shows rows in a query tab. */
  readonly onOpen: (sql: string) => void;
  readonly onClose: () => void;
}

interface Found {
  readonly text: string;
  readonly rows: readonly { readonly value: string; readonly label: string }[];
  readonly error: unknown;
}

/** Rows that a foreign key can point at, found by key or by what describes them. */
export function LookupDialog({ resultId, column, current, onChoose, onOpen, onClose }: LookupDialogProps) {
  const { t } = useTranslation('data');
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed, QUIET);
  const [found, setFound] = useState<Found | null>(null);
  const [at, setAt] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    const show = (rows: Found['rows'], error: unknown) => {
      if (ending.signal.aborted) return;
      setFound({ text, rows, error });
      setAt(0);
    };
    api.query
      .lookup({ resultId, column: column.index, text, limit: LIMIT }, ending.signal)
      .then((rows) => show(rows, null))
      .catch((error: unknown) => show([], error));
    return () => ending.abort();
  }, [resultId, column.index, text]);

  const { references } = column;
  if (!references) return null;
  const table = visibleText(`${references.schema}.${references.table}`);
  const rows = found?.rows ?? [];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(rows.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter' && rows[at]) onChoose(rows[at].value);
    else return;
    event.preventDefault();
  };
  return (
    <Modal opened onClose={onClose} title={t('lookup.title', { table })} size={560}>
      <div className={classes.dialog}>
        <TextInput
          data-autofocus
          label={t('lookup.search')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          rightSection={found?.text === text ? null : <Loader size={14} />}
          role="combobox"
          aria-expanded
          aria-controls="lookup-rows"
          aria-activedescendant={rows[at] ? `lookup-row-${at}` : undefined}
          autoComplete="off"
        />
        {found?.error == null ? null : <ErrorPanel error={found.error} />}
        <div id="lookup-rows" role="listbox" aria-label={table} className={classes.rows} tabIndex={-1}>
          {rows.map(({ value, label }, index) => (
            <button
              key={value}
              type="button"
              tabIndex={-1}
              id={`lookup-row-${index}`}
              role="option"
              aria-selected={index === at}
              className={classes.row}
              ref={index === at ? (element) => element?.scrollIntoView({ block: 'nearest' }) : null}
              onMouseMove={() => setAt(index)}
              onClick={() => onChoose(value)}
            >
              <span className={classes.value}>{visibleText(value)}</span>
              <span className={classes.label}>{visibleText(label)}</span>
            </button>
          ))}
          {found && rows.length === 0 && found.error === null ? (
            <div className={classes.quiet}>{t('lookup.none')}</div>
          ) : null}
        </div>
        <div className={classes.dialogActions}>
          {current === null ? null : (
            <Button
              variant="subtle"
              leftSection={<IconExternalLink size={16} stroke={1.5} aria-hidden />}
              onClick={() =>
                onOpen(
                  `SELECT * FROM ${quoteQualified(references.schema, references.table)} WHERE ${quoteIdent(references.column)} = ${quoteLiteral(current)}`,
                )
              }
            >
              {t('lookup.open')}
            </Button>
          )}
          <span className={classes.gap} />
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
