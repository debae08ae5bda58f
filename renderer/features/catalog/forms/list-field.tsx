import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { FormContext, FormField, FormState, FormValue } from '../../../../shared/model/form';
import { useForm, type FieldProps } from './form-context';
import { columnsOf, emptyRow, isLocked, rowContext, rowsOf, shownFields } from './form-model';
import classes from './forms.module.css';
import { isWide, LabelledField } from './labelled-field';

/** Columns that stand in the table; the others are in the opened row. */
const IN_TABLE = 5;

const inTable = (field: FormField): boolean => !isWide(field) && field.kind !== 'long-text';

/** Records as rows with their fields: to add, remove, put in order, and open. */
export function ListField({ field, path, label, value, locked, onChange }: FieldProps) {
  const { words, context, before, errorOf } = useForm();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const rows = rowsOf(value);
  const old = before?.[field.id];
  const columns = columnsOf(field).filter(
    (column) =>
      (column.since === undefined || context.version >= column.since) &&
      (column.until === undefined || context.version < column.until),
  );
  const shown = columns.filter((column) => inTable(column)).slice(0, IN_TABLE);
  const below = columns.filter((column) => !shown.includes(column));
  const ordered = field.kind === 'list' && (field.ordered ?? context.mode === 'create') && !locked;
  const error = errorOf(path);

  const replace = (index: number, row: FormState): void =>
    onChange(rows.map((each, at): FormValue => (at === index ? row : each)));
  const remove = (index: number): void => {
    setOpen(new Set());
    onChange(rows.filter((_, at) => at !== index));
  };
  const move = (index: number, by: -1 | 1): void => {
    const moved = rows[index];
    const other = rows[index + by];
    if (!moved || !other) return;
    setOpen(new Set());
    onChange(rows.map((each, at) => (at === index ? other : at === index + by ? moved : each)));
  };
  /** A problem below must be seen, also where nobody opened the row. */
  const isOpen = (index: number): boolean =>
    open.has(index) || below.some((column) => errorOf(`${path}.${index}.${column.id}`) !== undefined);
  const toggle = (index: number): void => {
    const next = new Set(open);
    if (!next.delete(index)) next.add(index);
    setOpen(next);
  };

  return (
    <>
      {rows.length === 0 ? null : (
        <div className={classes.scroll} tabIndex={-1}>
          <table className={classes.list}>
            <thead>
              <tr>
                {below.length === 0 ? null : (
                  <th className={classes.tools}>
                    <span className="visually-hidden">{words.t('list.more')}</span>
                  </th>
                )}
                {shown.map((column) => (
                  <th key={column.id} scope="col">
                    {words.column(field.id, column.id)}
                  </th>
                ))}
                <th className={classes.tools}>
                  <span className="visually-hidden">{words.t('list.tools')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => {
                const where = rowContext(context, row, old);
                const fixed = locked || (field.rowsFixed === true && where.mode === 'edit');
                const name = words.t('list.row', { list: label, number: index + 1 });
                return (
                  <Fragment key={typeof row['id'] === 'string' ? row['id'] : index}>
                    <tr>
                      {below.length === 0 ? null : (
                        <td className={classes.tools}>
                          <ActionIcon
                            aria-label={words.t('list.open', { name })}
                            aria-expanded={isOpen(index)}
                            onClick={() => toggle(index)}
                          >
                            {isOpen(index) ? (
                              <IconChevronDown size={16} stroke={1.5} />
                            ) : (
                              <IconChevronRight size={16} stroke={1.5} />
                            )}
                          </ActionIcon>
                        </td>
                      )}
                      {shown.map((column) => (
                        <td key={column.id} data-kind={column.kind}>
                          <Cell
                            column={column}
                            path={`${path}.${index}.${column.id}`}
                            label={`${words.column(field.id, column.id)}, ${name}`}
                            row={row}
                            context={where}
                            locked={fixed}
                            onChange={(next) => replace(index, { ...row, [column.id]: next })}
                          />
                        </td>
                      ))}
                      <td className={classes.tools}>
                        {ordered ? (
                          <>
                            <Tool
                              label={words.t('list.up', { name })}
                              disabled={index === 0}
                              onClick={() => move(index, -1)}
                            >
                              <IconArrowUp size={16} stroke={1.5} />
                            </Tool>
                            <Tool
                              label={words.t('list.down', { name })}
                              disabled={index === rows.length - 1}
                              onClick={() => move(index, 1)}
                            >
                              <IconArrowDown size={16} stroke={1.5} />
                            </Tool>
                          </>
                        ) : null}
                        {locked ? null : (
                          <Tool label={words.t('list.remove', { name })} disabled={false} onClick={() => remove(index)}>
                            <IconTrash size={16} stroke={1.5} />
                          </Tool>
                        )}
                      </td>
                    </tr>
                    {isOpen(index) && below.length > 0 ? (
                      <tr>
                        <td colSpan={shown.length + 2} className={classes.opened}>
                          {shownFields(below, row, where).map((column) => (
                            <LabelledField
                              key={column.id}
                              field={column}
                              path={`${path}.${index}.${column.id}`}
                              label={words.column(field.id, column.id)}
                              state={row}
                              context={where}
                              locked={fixed}
                              onChange={(next) => replace(index, { ...row, [column.id]: next })}
                            />
                          ))}
                        </td>
                      </tr>
                    ) : null}
                  </Fragment>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {error === undefined ? null : <p className={classes.problem}>{error}</p>}
      {locked ? null : (
        <Button
          size="xs"
          variant="default"
          data-field={path}
          leftSection={<IconPlus size={16} stroke={1.5} />}
          onClick={() => onChange([...rows, emptyRow(field)])}
          aria-label={words.t('list.addTo', { list: label })}
        >
          {words.t('list.add')}
        </Button>
      )}
    </>
  );
}

interface CellProps {
  readonly column: FormField;
  readonly path: string;
  readonly label: string;
  readonly row: FormState;
  readonly context: FormContext;
  readonly locked: boolean;
  readonly onChange: (value: FormValue) => void;
}

/** A field in the table; empty where this record does not have it. */
function Cell({ column, path, label, row, context, locked, onChange }: CellProps) {
  const { Widget } = useForm();
  if (shownFields([column], row, context).length === 0) return null;
  return (
    <Widget
      field={column}
      path={path}
      label={label}
      value={row[column.id]}
      state={row}
      locked={locked || isLocked(column, row, context)}
      bare
      onChange={onChange}
    />
  );
}

interface ToolProps {
  readonly label: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

function Tool({ label, disabled, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
