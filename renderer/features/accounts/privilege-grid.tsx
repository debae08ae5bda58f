import { Skeleton, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { privilegesOf } from '../../../shared/model/account-rules';
import { api } from '../../api';
import { ErrorPanel } from '../../ui/error-panel';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { isComplete, keyOf, objectIn, withPrivileges, type Draft, type Scope } from './model';
import classes from './privileges-dialog.module.css';
import { useLoaded } from './use-loaded';

export interface PrivilegeGridProps {
  readonly plane: string;
  readonly id: string;
  readonly name: string;
  readonly major: number;
  readonly scope: Scope;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** The API tells the privileges on so many objects at once; a filter finds the others. */
const SHOWN_MAX = 50;

/** Objects down, privileges across; a box for each. */
export function PrivilegeGrid({ plane, id, name, major, scope, draft, onChange }: PrivilegeGridProps) {
  const { t } = useTranslation('accounts');
  const [filter, setFilter] = useState('');
  const { kind, database, schema, table } = scope;
  const own = kind === 'database';
  const place = JSON.stringify(scope);
  const listed = useLoaded(!own && isComplete(scope) ? place : null, (signal) =>
    api.accounts.objects({ plane, id, type: kind, database, schema: kind === 'schema' ? '' : schema, table }, signal),
  );
  const names = own ? (database === '' ? null : [database]) : listed.value;
  const found = (names ?? []).filter((each) => each.toLowerCase().includes(filter.trim().toLowerCase()));
  const objects = found.slice(0, SHOWN_MAX).map((each) => objectIn(scope, each));
  const given = useLoaded(objects.length === 0 ? null : JSON.stringify(objects), (signal) =>
    api.accounts.privileges({ plane, id, name, objects }, signal),
  );
  const columns = privilegesOf(kind, major);
  const failed = [listed, given].find(({ error }) => error !== null);
  const hadOf = (key: string): readonly string[] =>
    given.value?.find(({ object }) => keyOf(object) === key)?.privileges ?? [];
  const wantedOf = (key: string): readonly string[] => draft.get(key)?.wanted ?? hadOf(key);
  const ready = given.value !== null;

  const setColumn = (privilege: string, on: boolean) => {
    let next = draft;
    for (const object of objects)
      next = withPrivileges(next, object, hadOf(keyOf(object)), { privileges: [privilege], on });
    onChange(next);
  };

  return (
    <>
      <div className={classes.gridHead} hidden={own}>
        <span className={classes.note}>
          {found.length > SHOWN_MAX ? t('privileges.first', { shown: SHOWN_MAX, count: found.length }) : null}
        </span>
        <TextInput
          className={classes.filter ?? ''}
          aria-label={t('privileges.filter')}
          placeholder={t('privileges.filter')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      {failed === undefined ? null : <ErrorPanel error={failed.error} onRetry={failed.reload} />}
      <div className={classes.grid} tabIndex={-1}>
        {failed === undefined && (names === null || (objects.length > 0 && !ready)) ? (
          <div className={classes.inside} role="status" aria-label={t('privileges.reading')}>
            <Skeleton height={20} />
            <Skeleton height={20} mt="xs" />
          </div>
        ) : null}
        {names !== null && found.length === 0 ? (
          <p className={`${classes.inside ?? ''} ${classes.note ?? ''}`}>{t('privileges.none')}</p>
        ) : null}
        {ready && objects.length > 0 ? (
          <table aria-label={t('privileges.grid', { name })}>
            <thead>
              <tr>
                <th scope="col">{t(`kinds.many.${kind}`)}</th>
                {columns.map((privilege) => {
                  const on = objects.filter((object) => wantedOf(keyOf(object)).includes(privilege)).length;
                  return (
                    <th key={privilege} scope="col">
                      <label className={classes.head}>
                        {objects.length > 1 ? (
                          <input
                            type="checkbox"
                            aria-label={t('privileges.all', { privilege })}
                            checked={on === objects.length}
                            ref={(box) => {
                              if (box) box.indeterminate = on > 0 && on < objects.length;
                            }}
                            onChange={() => setColumn(privilege, on < objects.length)}
                          />
                        ) : null}
                        {privilege}
                      </label>
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody>
              {objects.map((object) => {
                const key = keyOf(object);
                const wanted = wantedOf(key);
                return (
                  <tr key={key} data-object={object.name} data-changed={draft.has(key) || undefined}>
                    <td>
                      <MiddleEllipsis text={object.name} />
                    </td>
                    {columns.map((privilege) => (
                      <td key={privilege}>
                        <input
                          type="checkbox"
                          aria-label={t('privileges.box', { privilege, object: object.name })}
                          checked={wanted.includes(privilege)}
                          onChange={(event) =>
                            onChange(
                              withPrivileges(draft, object, hadOf(key), {
                                privileges: [privilege],
                                on: event.currentTarget.checked,
                              }),
                            )
                          }
                        />
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        ) : null}
      </div>
    </>
  );
}
