import { TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { focusSoon } from '../../../ui/focus-soon';
import { useTabActions } from '../../../ui/workbench';
import classes from './go-to-row.module.css';

/** A field for the number of a row to be shown. */
export function GoToRow({ rowCount, onRow }: { readonly rowCount: number; readonly onRow: (row: number) => void }) {
  const { t } = useTranslation('results');
  const field = useRef<HTMLInputElement>(null);
  useTabActions([{ id: 'result.go-to-row', label: t('goToRow'), run: () => focusSoon(field) }]);
  const [text, setText] = useState('');
  const number = Number(text.replaceAll(/[\s,._]/g, ''));
  const there = text === '' || (Number.isInteger(number) && number >= 1 && number <= rowCount);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text === '' || !there) return;
        onRow(number - 1);
        setText('');
      }}
    >
      <TextInput
        ref={field}
        size="xs"
        className={classes.field}
        aria-label={t('goToRow')}
        placeholder={t('goToRow')}
        title={t('goToRow')}
        error={!there}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
