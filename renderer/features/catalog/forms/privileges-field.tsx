import { ActionIcon, Button, Checkbox, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { FormState, FormValue } from '../../../../shared/model/form';
import { knownPrivileges } from '../../../../shared/model/forms/privileges';
import { ChoiceField } from './choice-fields';
import { useForm, type FieldProps } from './form-context';
import { GRANTEE, rowsOf, textsOf } from './form-model';
import classes from './forms.module.css';

/** One row for each grantee: a box for each privilege, and one for the right to pass it on. */
export function PrivilegesField({ field, path, label, value, locked, onChange }: FieldProps) {
  const { words, context } = useForm();
  const rows = rowsOf(value);
  const known = knownPrivileges(field.privileges ?? [], context.version);
  const replace = (index: number, row: FormState): void =>
    onChange(rows.map((each, at): FormValue => (at === index ? row : each)));
  return (
    <>
      {rows.map((row, index) => {
        const privileges = textsOf(row['privileges']);
        const grantable = textsOf(row['grantable']);
        const everybody = row['grantee'] === '';
        const name = words.t('list.row', { list: label, number: index + 1 });
        const give = (privilege: string, on: boolean): void =>
          replace(index, {
            ...row,
            privileges: known.filter((each) => (each === privilege ? on : privileges.includes(each))),
            grantable: grantable.filter((each) => each !== privilege || on),
          });
        const pass = (privilege: string, on: boolean): void =>
          replace(index, {
            ...row,
            grantable: known.filter((each) => (each === privilege ? on : grantable.includes(each))),
          });
        return (
          <div key={index} className={classes.grantee} role="group" aria-label={name}>
            <div className={classes.granteeName}>
              {everybody ? (
                <span>PUBLIC</span>
              ) : (
                <ChoiceField
                  field={GRANTEE}
                  path={`${path}.${index}.grantee`}
                  label={`${words.column(field.id, 'grantee')}, ${name}`}
                  value={row['grantee']}
                  state={row}
                  locked={locked}
                  bare
                  onChange={(next) => replace(index, { ...row, grantee: next === '' ? null : next })}
                />
              )}
            </div>
            <div className={classes.privileges}>
              {known.map((privilege) => (
                <div key={privilege} className={classes.privilege}>
                  <Checkbox
                    label={privilege}
                    checked={privileges.includes(privilege)}
                    disabled={locked}
                    onChange={(event) => give(privilege, event.currentTarget.checked)}
                  />
                  {everybody ? null : (
                    <Checkbox
                      label={words.t('privileges.passOn')}
                      aria-label={words.t('privileges.passOnOf', { privilege })}
                      checked={grantable.includes(privilege)}
                      disabled={locked || !privileges.includes(privilege)}
                      onChange={(event) => pass(privilege, event.currentTarget.checked)}
                    />
                  )}
                </div>
              ))}
            </div>
            {locked ? null : (
              <Tooltip label={words.t('list.remove', { name })}>
                <ActionIcon
                  aria-label={words.t('list.remove', { name })}
                  onClick={() => onChange(rows.filter((_, at) => at !== index))}
                >
                  <IconTrash size={16} stroke={1.5} />
                </ActionIcon>
              </Tooltip>
            )}
          </div>
        );
      })}
      {locked ? null : (
        <div className={classes.adders}>
          <Button
            size="xs"
            variant="default"
            data-field={path}
            leftSection={<IconPlus size={16} stroke={1.5} />}
            aria-label={words.t('list.addTo', { list: label })}
            onClick={() => onChange([...rows, { grantee: null, privileges: [], grantable: [] }])}
          >
            {words.t('privileges.addRole')}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={rows.some((row) => row['grantee'] === '')}
            aria-label={words.t('privileges.addPublicTo', { list: label })}
            onClick={() => onChange([...rows, { grantee: '', privileges: [], grantable: [] }])}
          >
            PUBLIC
          </Button>
        </div>
      )}
    </>
  );
}
