import { Button, Select, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FILTER_TESTS, type ColumnFilter, type ResultColumn } from '../../../../shared/model/query';
import { isNumberType } from '../../../../shared/model/csv-format';
import { visibleText } from '../../../ui/visible-text';
import { isBare } from './arrange-model';
import classes from './arrange-bar.module.css';

export interface FilterFormProps {
  readonly columns: readonly ResultColumn[];
  /** The column that was asked for. */
  readonly column: number;
  readonly onFilter: (filter: ColumnFilter) => void;
  readonly onCancel: () => void;
}

const TEXT_TYPES = new Set(['text', 'character varying', 'character', 'name', 'xml', 'json', 'jsonb']);
const isText = (typeName: string): boolean => TEXT_TYPES.has(typeName.replace(/\(.*$/, ''));

/** One test of one column. */
export function FilterForm({ columns, column: asked, onFilter, onCancel }: FilterFormProps) {
  const { t } = useTranslation('results');
  const [column, setColumn] = useState(asked);
  const [test, setTest] = useState<ColumnFilter['test']>(
    isText(columns[asked]?.typeName ?? '')
      ? 'contains'
      : isNumberType(columns[asked]?.typeOid ?? 0)
        ? 'at-least'
        : 'equals',
  );
  const [value, setValue] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The menu that was chosen from gives the focus back to where it was first.
    const timer = setTimeout(() => input.current?.focus(), 50);
    return () => clearTimeout(timer);
  }, []);
  return (
    <form
      className={classes.line}
      onSubmit={(event) => {
        event.preventDefault();
        onFilter({ column, test, value: isBare(test) ? '' : value });
      }}
    >
      <Select
        size="xs"
        className={classes.column}
        aria-label={t('filter.column')}
        searchable
        limit={200}
        value={String(column)}
        data={columns.map(({ name }, index) => ({ value: String(index), label: visibleText(name) }))}
        onChange={(next) => setColumn(Number(next ?? column))}
      />
      <Select
        size="xs"
        className={classes.test}
        aria-label={t('filter.how')}
        value={test}
        data={FILTER_TESTS.map((each) => ({ value: each, label: t(`filter.test.${each}`) }))}
        onChange={(next) => setTest(FILTER_TESTS.find((each) => each === next) ?? test)}
      />
      {isBare(test) ? null : (
        <TextInput
          size="xs"
          className={classes.value}
          classNames={{ input: classes.sql ?? '' }}
          aria-label={t('filter.value')}
          spellCheck={false}
          ref={input}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onCancel();
          }}
        />
      )}
      <Button size="xs" type="submit">
        {t('filter.apply')}
      </Button>
      <Button size="xs" variant="default" onClick={onCancel}>
        {t('cancel')}
      </Button>
    </form>
  );
}
