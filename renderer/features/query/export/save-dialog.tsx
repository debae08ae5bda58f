import { Checkbox, Select, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SAVE_FORMATS, type ResultState, type SaveFormat } from '../../../../shared/model/query';
import { api } from '../../../api';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { FormRow } from '../../../ui/form-row';
import { showNotice } from '../../../ui/notice';
import { fileNameFor } from '../model';
import classes from './save-dialog.module.css';

export interface SaveDialogProps {
  readonly result: ResultState;
  /** Rows that are not as they were read: the file has them as they were. */
  readonly differing: number;
  readonly opened: boolean;
  readonly onClose: () => void;
}

const EXTENSIONS: Readonly<Record<SaveFormat, string>> = {
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  insert: 'sql',
  markdown: 'md',
  xlsx: 'xlsx',
  parquet: 'parquet',
};
const DELIMITERS: readonly { readonly key: string; readonly value: string }[] = [
  { key: 'comma', value: ',' },
  { key: 'semicolon', value: ';' },
  { key: 'tab', value: '\t' },
  { key: 'bar', value: '|' },
];
const WITH_HEADER: ReadonlySet<SaveFormat> = new Set(['csv', 'tsv', 'markdown', 'xlsx']);
const WITH_NULL: ReadonlySet<SaveFormat> = new Set(['csv', 'tsv']);

/** What was chosen last, for the next result of this window. */
const last = { format: 'csv' as SaveFormat, header: true, delimiter: ',', nullText: '' };

/** Writes a result to a file: format and its options, then the native dialog for the place. */
export function SaveDialog({ result, differing, opened, onClose }: SaveDialogProps) {
  const { t } = useTranslation('export');
  const [chosen, setChosen] = useState(last);
  const [table, setTable] = useState('');
  const ids = { format: useId(), delimiter: useId(), nullText: useId(), table: useId() };
  const change = (part: Partial<typeof last>) => {
    setChosen({ ...chosen, ...part });
    Object.assign(last, part);
  };
  const { format } = chosen;

  const save = async () => {
    const extension = EXTENSIONS[format];
    const picked = await api.app.pickSaveFile({
      title: t('title'),
      suggestedName: fileNameFor(result, extension),
      filters: [{ name: t(`formats.${format}`), extensions: [extension] }],
    });
    if (!picked) return;
    await api.query.save({ resultId: result.resultId, fileToken: picked.token, ...chosen, table });
    showNotice(t('started', { name: picked.name }));
  };

  return (
    <ConfirmDialog opened={opened} title={t('title')} deed={t('deed')} width={560} onConfirm={save} onClose={onClose}>
      <div className={classes.fields}>
        {differing > 0 ? <p className={classes.text}>{t('asRead', { count: differing })}</p> : null}
        <FormRow label={t('format')} htmlFor={ids.format}>
          <Select
            id={ids.format}
            data={SAVE_FORMATS.map((value) => ({ value, label: t(`formats.${value}`) }))}
            value={format}
            allowDeselect={false}
            onChange={(value) => {
              const next = SAVE_FORMATS.find((each) => each === value);
              if (next !== undefined) change({ format: next });
            }}
          />
          <p className={classes.text}>{t(`text.${format}`)}</p>
        </FormRow>
        {format === 'csv' ? (
          <FormRow label={t('delimiter')} htmlFor={ids.delimiter}>
            <Select
              id={ids.delimiter}
              data={DELIMITERS.map(({ key, value }) => ({ value, label: t(`delimiters.${key}`) }))}
              value={chosen.delimiter}
              allowDeselect={false}
              onChange={(value) => change({ delimiter: value ?? ',' })}
            />
          </FormRow>
        ) : null}
        {WITH_NULL.has(format) ? (
          <FormRow label={t('nullText')} htmlFor={ids.nullText}>
            <TextInput
              id={ids.nullText}
              value={chosen.nullText}
              maxLength={100}
              spellCheck={false}
              onChange={(event) => change({ nullText: event.currentTarget.value })}
            />
          </FormRow>
        ) : null}
        {format === 'insert' ? (
          <FormRow label={t('table')} htmlFor={ids.table}>
            <TextInput
              id={ids.table}
              value={table}
              maxLength={200}
              spellCheck={false}
              onChange={(event) => setTable(event.currentTarget.value)}
            />
            <p className={classes.text}>{t('tableText')}</p>
          </FormRow>
        ) : null}
        {WITH_HEADER.has(format) ? (
          <Checkbox
            label={t('header')}
            checked={chosen.header}
            onChange={(event) => change({ header: event.currentTarget.checked })}
          />
        ) : null}
      </div>
    </ConfirmDialog>
  );
}
