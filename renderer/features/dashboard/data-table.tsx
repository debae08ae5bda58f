import { Checkbox, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './data-table.module.css';

/** Rows that are drawn at once: a page stays quick with thousands. */
const SHOWN = 300;

export interface DataColumn<Row> {
  readonly key: string;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** By what rows are sorted; without, the column can't be sorted by. */
  readonly sort?: (row: Row) => string | number | null;
  readonly numeric?: boolean;
  /** Takes what room there is, and cuts its text. */
  readonly wide?: boolean;
}

export interface DataTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly DataColumn<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Opens the details of a row; the first column is its button. */
  readonly onOpen?: (row: Row) => void;
  readonly openKey?: string | null;
  readonly selection?: {
    readonly chosen: ReadonlySet<string>;
    readonly onChange: (chosen: ReadonlySet<string>) => void;
    readonly mayChoose: (row: Row) => boolean;
    readonly nameOf: (row: Row) => string;
  };
}

interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

/** Rows of facts that change while one looks: sorted by a head, opened, chosen. */
export function DataTable<Row>({ label, rows, columns, keyOf, onOpen, openKey, selection }: DataTableProps<Row>) {
  const { t } = useTranslation('dashboard');
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const sorted = useMemo(() => {
    const by = columns.find(({ key }) => key === sorting?.key)?.sort;
    if (!by || !sorting) return rows;
    const ascending = rows.toSorted((a, b) => compare(by(a), by(b)));
    return sorting.descending ? ascending.toReversed() : ascending;
  }, [rows, columns, sorting]);
  const shown = sorted.slice(0, SHOWN);
  const choosable = selection ? shown.filter((row) => selection.mayChoose(row)) : [];
  const chosenCount = choosable.filter((row) => selection?.chosen.has(keyOf(row)) === true).length;
  return (
    <div className={classes.scroller}>
      <Table aria-label={label} className={classes.table ?? ''} stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {selection ? (
              <Table.Th className={classes.choice ?? ''}>
                <Checkbox
                  aria-label={t('table.chooseAll')}
                  checked={chosenCount > 0 && chosenCount === choosable.length}
                  indeterminate={chosenCount > 0 && chosenCount < choosable.length}
                  onChange={() =>
                    selection.onChange(new Set(chosenCount === choosable.length ? [] : choosable.map(keyOf)))
                  }
                />
              </Table.Th>
            ) : null}
            {columns.map((column) => (
              <Head key={column.key} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((row) => {
            const key = keyOf(row);
            const chosen = selection?.chosen.has(key) === true;
            return (
              <Table.Tr
                key={key}
                data-row={key}
                data-open={openKey === key || undefined}
                data-chosen={chosen || undefined}
              >
                {selection ? (
                  <Table.Td className={classes.choice ?? ''}>
                    {selection.mayChoose(row) ? (
                      <Checkbox
                        aria-label={t('table.choose', { row: selection.nameOf(row) })}
                        checked={chosen}
                        onChange={() => {
                          const next = new Set(selection.chosen);
                          if (!next.delete(key)) next.add(key);
                          selection.onChange(next);
                        }}
                      />
                    ) : null}
                  </Table.Td>
                ) : null}
                {columns.map((column, at) => (
                  <Table.Td
                    key={column.key}
                    data-column={column.key}
                    className={[
                      column.numeric === true ? 'numeric' : '',
                      column.wide === true ? classes.wide : classes.cell,
                    ].join(' ')}
                  >
                    {at === 0 && onOpen ? (
                      <UnstyledButton className={classes.open ?? ''} onClick={() => onOpen(row)}>
                        {column.cell(row)}
                      </UnstyledButton>
                    ) : (
                      column.cell(row)
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      {sorted.length > SHOWN ? (
        <p className={classes.more}>{t('table.more', { shown: SHOWN, count: sorted.length })}</p>
      ) : null}
    </div>
  );
}

function Head<Row>({
  column,
  sorting,
  onSort,
}: {
  readonly column: DataColumn<Row>;
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting) => void;
}) {
  const by = sorting?.key === column.key ? sorting : null;
  const Arrow = by?.descending === true ? IconArrowDown : IconArrowUp;
  return (
    <Table.Th
      className={column.numeric === true ? 'numeric' : ''}
      aria-sort={by ? (by.descending ? 'descending' : 'ascending') : 'none'}
    >
      {column.sort ? (
        <UnstyledButton
          className={classes.head ?? ''}
          onClick={() => onSort({ key: column.key, descending: by ? !by.descending : column.numeric === true })}
        >
          {column.label}
          {by ? <Arrow size={16} stroke={1.5} aria-hidden /> : null}
        </UnstyledButton>
      ) : (
        column.label
      )}
    </Table.Th>
  );
}
